#pragma once

#include "interpreter.hpp"
#include "python/handler.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fasterapi::python {

/// A job as a reactor fills it, and what a worker does with it.
class called_job {
public:
  called_job(std::string_view query = {}, std::vector<std::string_view> params = {},
             std::string_view body = {}, std::string_view content_type = "application/json") {
    auto& exchange = job_->exchange;
    const auto keep = [&](std::string_view text) {
      kept_.push_back(std::make_unique<std::string>(text));
      // Others than the text's own bytes behind it, which parsers may look at.
      kept_.back()->append(http::byte_buffer::padding, '"');
      return std::string_view{*kept_.back()}.substr(0, text.size());
    };
    exchange.request.verb = http::method::post;
    exchange.request.method_text = keep("POST");
    exchange.request.path = keep("/some/path");
    exchange.request.query = keep(query);
    exchange.request.body = keep(body);
    if (!content_type.empty())
      exchange.request.fields.push_back({keep("Content-Type"), keep(content_type)});
    exchange.request.fields.push_back({keep("X-Name"), keep("caf\xe9")});
    exchange.request.fields.push_back({keep("Cookie"), keep("a=1; b=2")});
    for (const auto param : params) exchange.params.values[exchange.params.count++] = keep(param);
    exchange.response.start(exchange.output, {});
  }

  dispatch::job& operator*() { return *job_; }
  dispatch::job* operator->() { return job_.get(); }

  /// Calls, writes result or exception, and gives the answer's bytes.
  std::string answer(const handler& called, interpreter& python) {
    auto& state = python.state();
    bool was_refused = false;
    const py_ref result = called.call(*job_, state, was_refused, made);
    py_ref stream;
    if (!was_refused &&
        (!result || !write_result(*job_, result.get(), made.response.get(), {}, state, stream)))
      write_exception(*job_, state);
    REQUIRE(PyErr_Occurred() == nullptr);
    release_objects(made);
    refused = was_refused;
    streamed = std::move(stream);
    job_->exchange.response.finish();
    return std::string{job_->exchange.output.view()};
  }
  std::string body(const handler& called, interpreter& python) {
    const std::string all = answer(called, python);
    return all.substr(all.find("\r\n\r\n") + 4);
  }

  /// What happens to the memory once another request comes.
  void overwrite() {
    for (auto& text : kept_) text->assign(text->size(), '#');
    job_->exchange.request.clear();
    job_->exchange.output.clear();
    job_->exchange.params.count = 0;
  }

  call_objects made;
  bool refused = false;
  py_ref streamed;

private:
  std::vector<std::unique_ptr<std::string>> kept_;
  std::unique_ptr<dispatch::job> job_ = std::make_unique<dispatch::job>();
};

/// The handler of that name, with the plan that the package makes.
inline handler compile(interpreter& python, const char* name, const char* path = "/") {
  python.run("from fasterapi import _binding\nfrom fasterapi import Request\n");
  const py_ref endpoint = python.value(name);
  const std::string plan = "_binding.make_plan(" + std::string(name) + ", '" + path + "')";
  const std::string is_coroutine =
      "__import__('inspect').iscoroutinefunction(" + std::string(name) + ")";
  handler made;
  const bool is_compiled = handler::compile(endpoint.get(), python.value(plan.c_str()).get(), path,
                                            python.text(is_coroutine.c_str()) == "True", made);
  if (!is_compiled) PyErr_Print();
  REQUIRE(is_compiled);
  return made;
}

} // namespace fasterapi::python
