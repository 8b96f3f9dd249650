#include "config/arguments.hpp"

#include "config/command.hpp"
#include "config/suggestion.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <optional>

namespace fasterapi::config {
namespace {

const std::map<std::string, action, std::less<>> actions{{"--check-config", action::check_config},
                                                         {"--print-config", action::print_config},
                                                         {"--version", action::version},
                                                         {"--help", action::help}};

constexpr std::string_view prefix = "--";

std::string near_flag(std::string_view flag) {
  std::vector<std::string> words{"config", "json", "output"};
  for (const auto& [name, ignored] : actions) words.push_back(name.substr(prefix.size()));
  for (const key& each : keys()) words.push_back(each.flag().substr(prefix.size()));
  const auto start = std::min(flag.find_first_not_of('-'), flag.size());
  return suggestion(flag.substr(start), words, prefix);
}

/// A module without its attribute, which is "app" more often than not, or a command.
std::string near_word(const std::string& word) {
  if (word.find_first_of("./") != word.npos) return "; did you mean '" + word + ":app'?";
  std::vector<std::string> names;
  for (const command& each : commands()) names.emplace_back(each.name);
  return suggestion(word, names);
}

class argument_parser {
public:
  explicit argument_parser(const std::vector<std::string>& arguments)
      : at_(arguments.begin()), end_(arguments.end()) {}

  command_line parse() {
    while (at_ != end_ && made_.action != action::help && made_.action != action::version) next();
    finish();
    return std::move(made_);
  }

private:
  void next();
  bool take_action();
  bool take_command_flag();
  void take_word();
  void take_app();
  void finish();
  void take_key(const key& target);
  std::string take_value(const std::string& wanted);
  std::string take_file();

  std::vector<std::string>::const_iterator at_, end_;
  std::string flag_;
  std::optional<std::string> attached_; // behind the '='
  command_line made_;
  bool has_app_ = false;
};

void argument_parser::next() {
  const std::string argument = *at_++;
  if (argument.empty() || argument.front() != '-') {
    flag_ = argument;
    return take_word();
  }
  const auto equals = argument.find('=');
  flag_ = argument == "-h" ? "--help" : argument.substr(0, equals);
  attached_ = equals == argument.npos ? std::nullopt : std::optional{argument.substr(equals + 1)};
  if (take_action() || take_command_flag()) return;
  if (flag_ == "--config") {
    made_.file = take_file();
  } else if (const key* target = find_flag(flag_)) {
    take_key(*target);
  } else if (const key* off =
                 flag_.rfind("--no-", 0) == 0 ? find_flag("--" + flag_.substr(5)) : nullptr;
             off && off->kind() == kind::boolean && !attached_) {
    made_.flags.push_back({off, "false", flag_});
  } else {
    throw config_error{flag_ + ": unknown flag" + near_flag(flag_)};
  }
}

bool argument_parser::take_action() {
  const auto found = actions.find(flag_);
  if (found == actions.end()) return false;
  if (attached_) throw config_error{flag_ + ": takes no value"};
  made_.action = found->second;
  return true;
}

bool argument_parser::take_command_flag() {
  const bool is_switch = flag_ == "--json";
  if (!is_switch && flag_ != "--output") return false;
  if (is_switch && attached_) throw config_error{flag_ + ": takes no value"};
  if (is_switch)
    made_.is_json = true;
  else
    made_.output = take_file();
  return true;
}

/// An app has a colon, a command has none.
void argument_parser::take_word() {
  if (flag_.find(':') != flag_.npos) return take_app();
  const command* const found = find_command(flag_);
  if (!found)
    throw config_error{quote(flag_) +
                       " is neither a command nor an app (\"module:attr\" or "
                       "\"path/file.py:attr\")" +
                       near_word(flag_)};
  if (made_.command != action::serve)
    throw config_error{quote(flag_) + ": unexpected; one command at a time"};
  made_.command = found->action;
}

/// Flags may stand before their command.
void argument_parser::finish() {
  if (made_.is_json && made_.command != action::routes)
    throw config_error{"--json: only of the command routes"};
  if (!made_.output.empty() && made_.command != action::openapi)
    throw config_error{"--output: only of the command openapi"};
  if (made_.action == action::serve) made_.action = made_.command;
}

void argument_parser::take_app() {
  if (has_app_) throw config_error{quote(flag_) + ": unexpected; the app is given already"};
  has_app_ = true;
  made_.flags.push_back({find_key("app"), flag_, "command line"});
}

void argument_parser::take_key(const key& target) {
  const bool is_switch = target.kind() == kind::boolean && !attached_;
  made_.flags.push_back({&target, is_switch ? "true" : take_value(expected(target)), flag_});
}

std::string argument_parser::take_value(const std::string& wanted) {
  if (attached_) return *attached_;
  if (at_ == end_ || at_->rfind("--", 0) == 0)
    throw config_error{flag_ + ": a value is missing: expected " + wanted};
  return *at_++;
}

std::string argument_parser::take_file() {
  std::string name = take_value("a file");
  if (name.empty()) throw config_error{flag_ + ": the value is empty: expected a file"};
  return name;
}

} // namespace

command_line parse_arguments(const std::vector<std::string>& arguments) {
  return argument_parser{arguments}.parse();
}

} // namespace fasterapi::config
