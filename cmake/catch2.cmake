# Finds Catch2 3 for the unit tests: FASTERAPI_CATCH2_ROOT (-D, environment, build/setup.env), else
# the system's.
include("${CMAKE_CURRENT_LIST_DIR}/setup_env.cmake")
fasterapi_setup_path(FASTERAPI_CATCH2_ROOT "Prefix of Catch2 3; empty: the system's")

# What an earlier configuration found may be gone from the cache by now.
if(NOT EXISTS "${Catch2_DIR}")
  unset(Catch2_DIR CACHE)
endif()
if(FASTERAPI_CATCH2_ROOT)
  find_package(Catch2 3 REQUIRED CONFIG PATHS "${FASTERAPI_CATCH2_ROOT}" NO_DEFAULT_PATH)
else()
  find_package(Catch2 3 REQUIRED CONFIG)
endif()
