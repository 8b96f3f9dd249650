#include "interpreter.hpp"
#include "python/departures.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace fasterapi::python {

namespace {

/// A client at the end of one.
struct connection {
  connection() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0); }
  ~connection() {
    ::close(ends[0]);
    leave();
  }
  void leave() {
    if (ends[1] >= 0) ::close(std::exchange(ends[1], -1));
  }
  /// The reactor closes it, and this one gets its number.
  void replace(connection& gone) {
    ends[0] = ::dup2(std::exchange(ends[0], gone.ends[0]), gone.ends[0]);
  }

  std::array<int, 2> ends;
};

struct worker {
  worker() {
    python.run("import asyncio, weakref\nloop = asyncio.new_event_loop()\n");
    watched.open(epoll, python.value("loop").get());
  }
  ~worker() {
    python.run("loop.close()\n");
    ::close(epoll);
  }
  py_ref await(dispatch::job& of) {
    py_ref made = watched.await(of);
    REQUIRE(made);
    return made;
  }
  bool is_done(const py_ref& future) {
    python.set("future", future);
    return python.text("future.done()") == "True";
  }
  /// What the selector finds: how many are ready.
  int look() {
    std::array<epoll_event, 8> events;
    const int count = ::epoll_wait(epoll, events.data(), int{events.size()}, 0);
    for (int i = 0; i < count; ++i) watched.look(events[static_cast<std::size_t>(i)].data.fd);
    return count;
  }

  interpreter python;
  int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  departures watched;
};

} // namespace

TEST_CASE("departures: every future is done when the client leaves") {
  worker with;
  connection one, other;
  dispatch::job first, second;
  first.client = one.ends[0];
  second.client = other.ends[0];
  const py_ref futures[] = {with.await(first), with.await(first), with.await(second)};
  CHECK(with.look() == 0);
  one.leave();
  CHECK(with.look() == 1);
  CHECK(with.is_done(futures[0]));
  CHECK(with.is_done(futures[1]));
  CHECK_FALSE(with.is_done(futures[2]));
  with.watched.end(second);
}

TEST_CASE("departures: that of a client who has left is done at once") {
  worker with;
  connection one;
  dispatch::job job;
  job.client = one.ends[0];
  one.leave();
  CHECK(with.is_done(with.await(job)));
}

TEST_CASE("departures: bytes that a client sends are no end") {
  worker with;
  connection one;
  dispatch::job job;
  job.client = one.ends[0];
  const py_ref future = with.await(job);
  REQUIRE(::send(one.ends[1], "GET", 3, 0) == 3);
  with.look();
  CHECK_FALSE(with.is_done(future));
  with.watched.end(job);
}

TEST_CASE("departures: the end of the request is one, and nothing is looked at behind it") {
  worker with;
  connection one;
  dispatch::job job;
  job.client = one.ends[0];
  const py_ref future = with.await(job);
  with.watched.end(job);
  CHECK(with.is_done(future));
  one.leave();
  CHECK(with.look() == 0);
}

TEST_CASE("departures: whoever has the number of a connection that was closed keeps his place") {
  worker with;
  connection gone, users;
  dispatch::job job;
  job.client = gone.ends[0];
  const py_ref future = with.await(job);
  job.cancelled = true;
  users.replace(gone);
  epoll_event wanted{};
  wanted.events = EPOLLIN;
  REQUIRE(::epoll_ctl(with.epoll, EPOLL_CTL_ADD, job.client, &wanted) == 0);
  with.watched.end(job);
  CHECK(with.is_done(future));
  users.leave();
  CHECK(with.look() == 1);
}

TEST_CASE("departures: another connection with the same number is another") {
  worker with;
  connection gone, next;
  dispatch::job first, second;
  first.client = second.client = gone.ends[0];
  const py_ref before = with.await(first);
  first.cancelled = true;
  next.replace(gone);
  const py_ref future = with.await(second);
  CHECK(with.is_done(before));
  with.watched.end(first);
  CHECK_FALSE(with.is_done(future));
  next.leave();
  CHECK(with.look() == 1);
  CHECK(with.is_done(future));
}

TEST_CASE("departures: who gives up again and again leaves nothing behind") {
  worker with;
  connection one;
  dispatch::job job;
  job.client = one.ends[0];
  with.python.set("future", with.await(job));
  with.python.run("future.cancel()\nseen = weakref.ref(future)\ndel future\n");
  const py_ref next = with.await(job);
  CHECK(with.python.text("seen()") == "None");
  with.watched.end(job);
}

} // namespace fasterapi::python
