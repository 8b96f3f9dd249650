#pragma once

#include "http/exchange.hpp"
#include "python/codec.hpp"
#include "python/py_ref.hpp"

#include <cstdint>
#include <string_view>

namespace fasterapi::python {

/// What a Request object gives when it is asked: types of the package, which is imported when first
/// needed. Null with a Python exception set.
py_ref make_headers(const http::request& request, codec& codec);
py_ref make_query_params(const http::request& request, codec& codec);
/// Fills the empty `dict`, or a new one; `integers` has a bit for each that is {name:int}.
py_ref make_path_params(py_ref dict, const py_ref& names, std::uint32_t integers,
                        const http::path_values& params);
py_ref make_cookies(const py_ref& headers, codec& codec);
/// None for a Unix socket.
py_ref make_address(const http::peer_address& peer, codec& codec);
py_ref make_state(codec& codec);
/// A field's text, as ASGI decodes it.
py_ref read_latin(std::string_view text);

} // namespace fasterapi::python
