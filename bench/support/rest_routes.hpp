#pragma once

#include <string_view>

namespace fasterapi::bench {

/// A REST service of usual shape: 30 routes.
inline constexpr std::string_view rest_routes[] = {
    "GET /",
    "GET /health",
    "GET /version",
    "GET /metrics",
    "GET /openapi.json",
    "GET /docs",
    "POST /login",
    "POST /logout",
    "GET /users",
    "POST /users",
    "GET /users/me",
    "GET /users/{user_id:int}",
    "PUT /users/{user_id:int}",
    "DELETE /users/{user_id:int}",
    "GET /users/{user_id:int}/orders",
    "GET /users/{user_id:int}/orders/{order_id:int}",
    "GET /users/{name}",
    "GET /items",
    "POST /items",
    "GET /items/{item_id}",
    "PATCH /items/{item_id}",
    "GET /items/{item_id}/reviews",
    "POST /items/{item_id}/reviews",
    "GET /items/{item_id}/reviews/{review_id}",
    "GET /categories",
    "GET /categories/{slug}",
    "GET /categories/{slug}/items",
    "GET /files/{rest:path}",
    "GET /images/{name}.png",
    "GET /api/v1/status",
};

} // namespace fasterapi::bench
