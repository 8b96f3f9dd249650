#pragma once

#include <string>

namespace fasterapi::server {

/// The folder that holds the Python package `fasterapi`: beside an installed binary
/// (../share/fasterapi/python), else in the source tree that the binary was built from. Throws
/// std::runtime_error where there is none.
std::string package_path();

} // namespace fasterapi::server
