# fasterapi_static_cpython(<out>): links fasterapi::cpython with the static archive if one is there
# and a program that holds the whole of it links and starts; says so in <out>.
#
# Debian's and Ubuntu's archives need two things. Their objects are not position-independent, so the
# executable is not either. And their _sha2 module calls a library which is not packaged, so it is
# left out: hashlib and random then take the same functions from OpenSSL.

function(fasterapi_static_cpython out)
  set(${out} FALSE PARENT_SCOPE)
  if(NOT fasterapi_python_static)
    return()
  endif()
  fasterapi_archive_links("${fasterapi_python_static}" "" FASTERAPI_CPYTHON_LINKS)
  if(FASTERAPI_CPYTHON_LINKS)
    fasterapi_link_archive("${fasterapi_python_static}")
    set(${out} TRUE PARENT_SCOPE)
    return()
  endif()
  fasterapi_archive_without_sha2("${fasterapi_python_static}" archive)
  set(substitute "${CMAKE_SOURCE_DIR}/cmake/cpython_without_sha2.cpp")
  fasterapi_archive_links("${archive}" "${substitute}" FASTERAPI_CPYTHON_LINKS_WITHOUT_SHA2)
  if(FASTERAPI_CPYTHON_LINKS_WITHOUT_SHA2)
    add_library(fasterapi_cpython_sha2 STATIC "${substitute}")
    target_include_directories(fasterapi_cpython_sha2 SYSTEM PRIVATE "${fasterapi_python_include}")
    fasterapi_link_archive("${archive}")
    target_link_libraries(fasterapi_cpython INTERFACE fasterapi_cpython_sha2)
    target_link_options(fasterapi_cpython INTERFACE -no-pie)
    set(${out} TRUE PARENT_SCOPE)
  endif()
endfunction()

# The result is kept in the CMake cache under a name of its own for each archive.
function(fasterapi_archive_links archive more out)
  string(MD5 key "${archive}")
  set(result FASTERAPI_LINKS_${key})
  set(options -Wl,--whole-archive "${archive}" -Wl,--no-whole-archive -Wl,--export-dynamic)
  if(more)
    list(APPEND options -no-pie)
  endif()
  if(NOT DEFINED ${result})
    try_compile(${result} "${CMAKE_BINARY_DIR}/cpython"
                SOURCES "${CMAKE_SOURCE_DIR}/cmake/cpython_probe.cpp" ${more}
                CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${fasterapi_python_include}"
                LINK_OPTIONS ${options}
                LINK_LIBRARIES ${fasterapi_python_libraries})
  endif()
  set(${out} ${${result}} PARENT_SCOPE)
endfunction()

function(fasterapi_archive_without_sha2 archive out)
  set(copy "${CMAKE_BINARY_DIR}/cpython/libpython.a")
  if(NOT EXISTS "${copy}" OR "${archive}" IS_NEWER_THAN "${copy}")
    file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/cpython")
    execute_process(COMMAND "${CMAKE_COMMAND}" -E copy "${archive}" "${copy}")
    execute_process(COMMAND "${CMAKE_AR}" d "${copy}" sha2module.o ERROR_QUIET)
  endif()
  set(${out} "${copy}" PARENT_SCOPE)
endfunction()

function(fasterapi_link_archive archive)
  set_target_properties(fasterapi_cpython_library PROPERTIES IMPORTED_LOCATION "${archive}")
  target_link_libraries(fasterapi_cpython INTERFACE
                        $<LINK_LIBRARY:WHOLE_ARCHIVE,fasterapi_cpython_library>
                        ${fasterapi_python_libraries})
  target_link_options(fasterapi_cpython INTERFACE -Wl,--export-dynamic)
endfunction()
