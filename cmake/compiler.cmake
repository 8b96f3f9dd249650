# Flags that hold for every room.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(FASTERAPI_CCACHE ccache)
if(FASTERAPI_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${FASTERAPI_CCACHE}")
endif()

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)

add_library(fasterapi_compiler INTERFACE)
target_compile_options(fasterapi_compiler INTERFACE -Wall -Wextra -Wpedantic -Wshadow
                       $<$<BOOL:${FASTERAPI_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(fasterapi_compiler INTERFACE -Wno-restrict) # false alarms: gcc PR105651
endif()
# Places in messages are relative to the source tree, wherever it was built.
target_compile_options(fasterapi_compiler INTERFACE "-fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=")
target_link_libraries(fasterapi_compiler INTERFACE Threads::Threads)
target_compile_definitions(fasterapi_compiler INTERFACE FASTERAPI_VERSION="${PROJECT_VERSION}")

if(FASTERAPI_SANITIZE)
  add_compile_options(-fsanitize=${FASTERAPI_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all -g1 -O1)
  add_link_options(-fsanitize=${FASTERAPI_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Instrumented code gives false alarms, as gcc's manual says; here within std::regex.
    target_compile_options(fasterapi_compiler INTERFACE -Wno-maybe-uninitialized)
  endif()
  if(FASTERAPI_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-tsan) # Asio's handlers have fences; ours do not rely on any
  endif()
endif()

if(FASTERAPI_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link) # the rooms report their coverage
endif()

if(FASTERAPI_LTO)
  # gcc's LTO in parallel: one job per core.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-flto=auto -fno-fat-lto-objects)
    add_link_options(-flto=auto)
  else()
    add_compile_options(-flto=thin)
    add_link_options(-flto=thin)
  endif()
endif()

include(profile)
