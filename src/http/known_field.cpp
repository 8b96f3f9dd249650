#include "http/known_field.hpp"

#include "http/lower_case.hpp"

namespace fasterapi::http {

known_field to_known_field(std::string_view name) noexcept {
  switch (name.size()) {
  case 2:
    return (name[0] | 0x20) == 't' && (name[1] | 0x20) == 'e' ? known_field::te
                                                              : known_field::other;
  case 4:
    return equals_lower(name, "host") ? known_field::host : known_field::other;
  case 6:
    return equals_lower(name, "expect") ? known_field::expect : known_field::other;
  case 7:
    if (equals_lower(name, "upgrade")) return known_field::upgrade;
    return equals_lower(name, "trailer") ? known_field::trailer : known_field::other;
  case 10:
    return equals_lower(name, "connection") ? known_field::connection : known_field::other;
  case 14:
    return equals_lower(name, "content-length") ? known_field::content_length : known_field::other;
  case 16:
    return equals_lower(name, "proxy-connection") ? known_field::proxy_connection
                                                  : known_field::other;
  case 17:
    return equals_lower(name, "transfer-encoding") ? known_field::transfer_encoding
                                                   : known_field::other;
  default:
    return known_field::other;
  }
}

} // namespace fasterapi::http
