#include "python/arguments.hpp"

#include "http/target.hpp"
#include "python/response_object.hpp"
#include "python/validation_error.hpp"

#include <string>

namespace fasterapi::python {

namespace {

using source = parameter::source;
using type = parameter::type;

constexpr refusal body_unfit{}; // its entries say what

bool is_encoded(std::string_view text) noexcept {
  return text.find_first_of("%+") != std::string_view::npos;
}

} // namespace

arguments::~arguments() {
  for (std::size_t i = 1; i <= count_; ++i) py_ref::steal(slots_[i]);
}

// Of several with one name the last, as Starlette's QueryParams.
void arguments::find_query_values() {
  http::for_each_query_pair(of_.exchange.request.query,
                            [this](std::string_view name, std::string_view value) {
                              for (const parameter& wanted : plan_.parameters) {
                                if (wanted.from != source::query || !has_name(name, wanted.alias))
                                  continue;
                                query_[wanted.place] = {value.data(), value.size()};
                                found_ |= std::uint64_t{1} << wanted.place;
                              }
                            });
}

bool arguments::has_name(std::string_view encoded, const std::string& name) {
  if (encoded == name) return true;
  if (!is_encoded(encoded)) return false;
  std::string& decoded = state_.codec.scratch;
  decoded.clear();
  http::form_decode(encoded, decoded);
  return decoded == name;
}

bool arguments::is_present(const parameter& wanted) const noexcept {
  return wanted.from == source::path || (found_ >> wanted.place & 1U) != 0;
}

// Valid until the next call.
std::string_view arguments::text_of(const parameter& wanted) {
  if (wanted.from == source::path) return of_.exchange.params.values[wanted.place];
  const std::string_view encoded{query_[wanted.place].data, query_[wanted.place].size};
  if (!is_encoded(encoded)) return encoded;
  std::string& decoded = state_.codec.scratch;
  decoded.clear();
  http::form_decode(encoded, decoded);
  return decoded;
}

py_ref arguments::convert(const parameter& wanted, const refusal*& why) {
  switch (wanted.as) {
  case type::integer:
    return read_int(text_of(wanted), why);
  case type::floating:
    return read_float(text_of(wanted), why);
  case type::boolean:
    return read_bool(text_of(wanted), why);
  default:
    return read_text(text_of(wanted));
  }
}

py_ref arguments::check_body(const parameter& wanted, const refusal*& why) {
  if (is_body_unfit_) why = &body_unfit;
  if (body_.get() == Py_None && wanted.is_nullable) return body_;
  if (wanted.as == type::dict && !PyDict_Check(body_.get())) why = &dict_type;
  if (wanted.as == type::list && !PyList_Check(body_.get())) why = &list_type;
  return why == nullptr ? body_ : py_ref{};
}

py_ref arguments::make(const parameter& wanted, bool is_awaited, call_objects& made,
                       const refusal*& why) {
  switch (wanted.from) {
  case source::request:
    if (!made.request) made.request = make_request(of_, plan_.path, is_awaited, state_);
    return made.request;
  case source::response:
    if (!made.response) made.response = make_builder(of_, state_);
    return made.response;
  case source::body:
    if (body_) return check_body(wanted, why);
    break;
  default:
    if (is_present(wanted)) return convert(wanted, why);
  }
  if (!wanted.is_required) return wanted.fallback;
  why = &missing;
  return {};
}

arguments::outcome arguments::bind(bool is_awaited, call_objects& made) {
  if (plan_.body) {
    body_argument body = read_body(of_, plan_.parameters[*plan_.body], state_);
    if (body.is == body_argument::state::refused) return outcome::refused;
    if (body.is == body_argument::state::failed) return outcome::failed;
    is_body_unfit_ = body.is == body_argument::state::unfit;
    body_ = std::move(body.value);
  }
  if (plan_.query_count != 0) find_query_values();
  for (const parameter& wanted : plan_.parameters) {
    const refusal* why = nullptr;
    py_ref value = make(wanted, is_awaited, made, why);
    if (why != nullptr)
      refused_[refused_count_++] = {&wanted, why};
    else if (!value)
      return outcome::failed;
    else
      slots_[++count_] = value.release();
  }
  return refused_count_ == 0 ? outcome::ready : refuse();
}

arguments::outcome arguments::refuse() {
  if (write_refusals(true)) return outcome::refused;
  // A body that Python reads but JSON in UTF-8 cannot say again: a lone surrogate, 1e999.
  PyErr_Clear();
  return write_refusals(false) ? outcome::refused : outcome::failed;
}

// In FastAPI's order: path, query, body.
bool arguments::write_refusals(bool has_input) {
  validation_error answer{of_.exchange.response};
  for (const source from : {source::path, source::query, source::body}) {
    for (std::size_t i = 0; i < refused_count_; ++i) {
      const auto& [wanted, why] = refused_[i];
      if (wanted->from != from) continue;
      if (from == source::body) {
        PyObject* const input = body_ && has_input ? body_.get() : Py_None;
        const bool is_added = why == &body_unfit ? answer.add_entries(body_.get(), state_)
                                                 : answer.add_body(*why, input, state_);
        if (!is_added) return false;
        continue;
      }
      const std::string_view text = why != &missing ? text_of(*wanted) : std::string_view{};
      answer.add(*why, from == source::path ? "path" : "query", wanted->alias,
                 why != &missing ? &text : nullptr);
    }
  }
  answer.finish();
  return true;
}

} // namespace fasterapi::python
