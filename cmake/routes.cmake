# fasterapi_add_routes(<target> <source>...)
#
# Compiles C++ routes (sources that use FASTERAPI_ROUTES of <fasterapi/routes.hpp>) into a server
# binary. They register themselves before main() runs.
function(fasterapi_add_routes target)
  target_sources(${target} PRIVATE ${ARGN})
  target_include_directories(${target} PRIVATE "${CMAKE_SOURCE_DIR}/include")
endfunction()

# fasterapi_add_shared_routes(<target> <source>...)
#
# Builds C++ routes as <target>.so in the build folder, for "cpp_routes" of the configuration. One
# of the sources uses FASTERAPI_ROUTES. The public API is resolved in the server that loads it.
function(fasterapi_add_shared_routes target)
  add_library(${target} MODULE ${ARGN})
  target_compile_definitions(${target} PRIVATE FASTERAPI_SHARED_ROUTES)
  target_include_directories(${target} PRIVATE "${CMAKE_SOURCE_DIR}/include")
  target_link_libraries(${target} PRIVATE fasterapi_compiler)
  set_target_properties(${target} PROPERTIES PREFIX "" POSITION_INDEPENDENT_CODE ON
                        LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")
endfunction()
