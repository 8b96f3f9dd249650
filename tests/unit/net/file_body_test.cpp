#include "support/temporary_file.hpp"
#include "unit/net/client.hpp"
#include "unit/net/serving.hpp"

#include <catch2/catch_test_macros.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>

using namespace fasterapi::net::test;
using namespace std::chrono_literals;

namespace {

const std::string get_file = "GET /file HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::size_t large = 16 * 1024 * 1024; // more than the sockets' buffers hold

std::string text_of(std::size_t size) {
  std::string text(size, ' ');
  for (std::size_t i = 0; i != size; ++i) text[i] = static_cast<char>('!' + i % 89);
  return text;
}

class shared_file {
public:
  explicit shared_file(std::size_t size) : text(text_of(size)), file_(text) {
    std::signal(SIGPIPE, SIG_IGN); // as the server does
  }
  void add(std::string_view bytes) const { std::ofstream{path(), std::ios::app} << bytes; }
  void cut(std::size_t size) const { std::filesystem::resize_file(path(), size); }
  const std::string& path() const { return file_.path(); }

  const std::string text;

private:
  fasterapi::test::temporary_file file_;
};

/// Whether the process has no such file open any more, a moment later at the latest.
bool is_closed(const shared_file& file) {
  const auto is_open = [&] {
    for (const auto& each : std::filesystem::directory_iterator{"/proc/self/fd"}) {
      std::error_code gone;
      if (std::filesystem::read_symlink(each.path(), gone) == file.path()) return true;
    }
    return false;
  };
  for (int i = 0; i < 500 && is_open(); ++i) std::this_thread::sleep_for(10ms);
  return !is_open();
}

} // namespace

TEST_CASE("session: a file is sent whole, then closed and given back") {
  const shared_file file{large};
  serving server;
  server.share(file.path(), large);
  client peer{server.port()};
  for (int turn = 1; turn <= 3; ++turn) {
    peer.send(get_file);
    CHECK(body_of(peer.read_answer()) == file.text);
    CHECK(is_closed(file));
    CHECK(server.are_back(turn));
  }
}

TEST_CASE("session: a file keeps its place among pipelined answers") {
  const shared_file file{large};
  serving server;
  server.share(file.path(), large);
  client peer{server.port()};
  peer.send(get_cpp + get_file + get_cpp + get_file + get_file + get_cpp);
  CHECK(body_of(peer.read_answer()) == "cpp");
  CHECK(body_of(peer.read_answer()) == file.text);
  CHECK(body_of(peer.read_answer()) == "cpp");
  CHECK(body_of(peer.read_answer()) == file.text);
  CHECK(body_of(peer.read_answer()) == file.text);
  CHECK(body_of(peer.read_answer()) == "cpp");
  CHECK(is_closed(file));
}

TEST_CASE("session: HEAD has the length of a file, and nothing of it") {
  const shared_file file{1234};
  serving server;
  server.share(file.path(), 1234);
  client peer{server.port()};
  peer.send("HEAD /file HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const auto answer = peer.read_all();
  CHECK(answer.find("Content-Length: 1234\r\n") != std::string::npos);
  CHECK(answer.ends_with("\r\n\r\n"));
  CHECK(is_closed(file));
  CHECK(server.are_back(1));
}

TEST_CASE("session: an empty file is an answer of no bytes") {
  const shared_file file{0};
  serving server;
  server.share(file.path(), 0);
  client peer{server.port()};
  peer.send(get_file + get_cpp);
  CHECK(peer.read_answer().find("Content-Length: 0\r\n") != std::string::npos);
  CHECK(body_of(peer.read_answer()) == "cpp");
  CHECK(is_closed(file));
}

TEST_CASE(
    "session: a file that is shorter than promised ends the connection, and no other answer") {
  const shared_file file{100'000};
  serving server;
  server.share(file.path(), 100'001);
  client peer{server.port()};
  peer.send(get_file + get_cpp);
  CHECK(body_of(peer.read_all()) == file.text);
  CHECK(is_closed(file));
  CHECK(server.are_back(1));
}

TEST_CASE("session: a file that shrinks while it is sent ends the connection") {
  const shared_file file{large};
  serving server;
  server.share(file.path(), large);
  client peer{server.port()};
  peer.send(get_file + get_cpp);
  peer.read_head();
  file.cut(0);
  const std::string body = peer.read_all();
  CHECK(body.size() < large);
  CHECK(is_closed(file));
}

TEST_CASE("session: of a file that grows as much is sent as was promised") {
  const shared_file file{large};
  serving server;
  server.share(file.path(), large);
  client peer{server.port()};
  peer.send(get_file + get_cpp);
  const std::string head = peer.read_head();
  file.add("more of it");
  CHECK(peer.read_exactly(large) == file.text);
  CHECK(body_of(peer.read_answer()) == "cpp");
}

TEST_CASE("session: a file is closed when its client leaves") {
  const shared_file file{large};
  serving server;
  server.share(file.path(), large);
  for (int turn = 1; turn <= 3; ++turn) {
    client peer{server.port()};
    peer.send(get_file);
    peer.read_head();
    if (turn == 2) peer.reset();
  }
  CHECK(is_closed(file));
  CHECK(server.are_back(3));
}

TEST_CASE("session: a file is closed when its client does not read") {
  const shared_file file{large};
  fasterapi::net::session_settings settings;
  settings.write_timeout = 100ms;
  serving server{settings};
  server.share(file.path(), large);
  client peer{server.port()};
  peer.send(get_file);
  CHECK(server.are_back(1));
  CHECK(is_closed(file));
  CHECK(peer.read_all().size() < large);
}

TEST_CASE("session: a file that came too late for its deadline is closed") {
  const shared_file file{1234};
  fasterapi::net::session_settings settings;
  settings.handler_timeout = 100ms;
  serving server{settings};
  server.share(file.path(), 1234);
  client peer{server.port()};
  peer.send("GET /file?gated HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(peer.read_answer().starts_with("HTTP/1.1 504 "));
  server.open_gate();
  CHECK(server.are_back(1));
  CHECK(is_closed(file));
}

TEST_CASE("session: a client that has closed its half gets the whole file") {
  const shared_file file{large};
  serving server;
  server.share(file.path(), large);
  client peer{server.port()};
  peer.send(get_file);
  peer.half_close();
  CHECK(body_of(peer.read_all()) == file.text);
}

TEST_CASE("session: a file under way is sent to its end in a drain") {
  const shared_file file{large};
  serving server;
  server.share(file.path(), large);
  client peer{server.port()};
  peer.send(get_file);
  const std::string head = peer.read_head();
  std::thread draining{[&] { server.drain(); }};
  CHECK(peer.read_all() == file.text);
  draining.join();
}

TEST_CASE("session: others are answered while files are sent to clients that read fast") {
  const shared_file file{large};
  serving server;
  server.share(file.path(), large);
  std::atomic<bool> is_over{false};
  std::vector<std::jthread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      client peer{server.port()};
      while (!is_over) {
        peer.send(get_file);
        peer.read_head();
        if (peer.read_exactly(large).size() != large) return;
      }
    });
  }
  client other{server.port()};
  for (int i = 0; i < 20; ++i) {
    other.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
    CHECK(body_of(other.read_answer()) == "hi");
  }
  is_over = true;
}
