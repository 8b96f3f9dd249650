# Finds the CPython (3.12 or newer) that the server embeds and defines fasterapi::cpython.
#
# Where it looks, first match wins:
#   1. FASTERAPI_PYTHON_ROOT, as -D or in the environment: a prefix with bin/python3.x
#   2. the same name in build/setup.env, which scripts/setup writes
#   3. the system's python3.13, 3.12, 3.14 with its development files
#
# A static libpython is preferred: Debian 13's shared one runs Python 1.4 to 1.8 times slower. It is
# linked as a whole archive with its symbols exported, because extension modules (_ssl, _ctypes,
# wheels) resolve the C API against the executable. cpython_static.cmake makes a distribution's
# archive fit for that.
#
# Compile definitions that come with the target:
#   FASTERAPI_PYTHON_BUILD  "3.13.5 PGO, static": shown by --version
#   FASTERAPI_PYTHON_HOME   the prefix, for PyConfig.home
#   FASTERAPI_PYTHON_PACKAGES  the folder that set-up put packages into, last in sys.path

include("${CMAKE_CURRENT_LIST_DIR}/setup_env.cmake")
fasterapi_setup_path(FASTERAPI_PYTHON_ROOT "Prefix of the CPython to embed; empty: the system's")
fasterapi_setup_path(FASTERAPI_PYTHON_PACKAGES "Folder of Starlette and others; empty: the system's")

function(fasterapi_find_python_program out)
  set(names python3.13 python3.12 python3.14 python3)
  if(FASTERAPI_PYTHON_ROOT)
    find_program(program NAMES ${names} PATHS "${FASTERAPI_PYTHON_ROOT}/bin" NO_DEFAULT_PATH
                 NO_CACHE)
  else()
    # Not the first python3 of PATH: a version manager may have put a private one there.
    find_program(program NAMES ${names} PATHS /usr/bin /usr/local/bin NO_DEFAULT_PATH NO_CACHE)
  endif()
  set(${out} "${program}" PARENT_SCOPE)
endfunction()

function(fasterapi_query_python program out)
  execute_process(COMMAND "${program}" -I "${CMAKE_SOURCE_DIR}/cmake/cpython_query.py"
                  OUTPUT_VARIABLE answer ERROR_VARIABLE complaint RESULT_VARIABLE status
                  OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "CPython: ${program} cannot be embedded: ${complaint}\n"
                        "Run scripts/setup, or name a prefix: -DFASTERAPI_PYTHON_ROOT=...")
  endif()
  set(${out} "${answer}" PARENT_SCOPE)
endfunction()

fasterapi_find_python_program(fasterapi_python_program)
if(NOT fasterapi_python_program)
  message(FATAL_ERROR "CPython: none found in '${FASTERAPI_PYTHON_ROOT}'. Run scripts/setup, or "
                      "name a prefix: -DFASTERAPI_PYTHON_ROOT=...")
endif()
fasterapi_query_python("${fasterapi_python_program}" fasterapi_python_answer)
foreach(key version build home include static shared libraries)
  string(JSON fasterapi_python_${key} GET "${fasterapi_python_answer}" ${key})
endforeach()
separate_arguments(fasterapi_python_libraries UNIX_COMMAND "${fasterapi_python_libraries}")

add_library(fasterapi_cpython INTERFACE)
add_library(fasterapi::cpython ALIAS fasterapi_cpython)
add_library(fasterapi_cpython_library UNKNOWN IMPORTED)
target_include_directories(fasterapi_cpython SYSTEM INTERFACE "${fasterapi_python_include}")

include("${CMAKE_CURRENT_LIST_DIR}/cpython_static.cmake")
fasterapi_static_cpython(fasterapi_python_is_static)
if(NOT fasterapi_python_is_static)
  if(NOT fasterapi_python_shared)
    message(FATAL_ERROR "CPython: ${fasterapi_python_static} cannot be linked; see "
                        "${CMAKE_BINARY_DIR}/CMakeFiles/CMakeError.log")
  endif()
  set_target_properties(fasterapi_cpython_library PROPERTIES
                        IMPORTED_LOCATION "${fasterapi_python_shared}")
  target_link_libraries(fasterapi_cpython INTERFACE fasterapi_cpython_library)
  string(APPEND fasterapi_python_build ", shared")
else()
  string(APPEND fasterapi_python_build ", static")
endif()
target_compile_definitions(fasterapi_cpython INTERFACE
                           FASTERAPI_PYTHON_BUILD="${fasterapi_python_build}"
                           FASTERAPI_PYTHON_HOME="${fasterapi_python_home}"
                           FASTERAPI_PYTHON_PACKAGES="${FASTERAPI_PYTHON_PACKAGES}")
# For tests and tools that need the same Python as a program.
set(FASTERAPI_PYTHON_PROGRAM "${fasterapi_python_program}")
message(STATUS "CPython: ${fasterapi_python_build} (${fasterapi_python_home})")
