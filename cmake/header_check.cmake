# fasterapi_check_headers(<name> <folder> <prefix> <library>...)
#
# Compiles each header of the folder alone, twice in one source: it includes what it uses, and has a
# guard. <prefix> is how it is included.
function(fasterapi_check_headers name folder prefix)
  file(GLOB headers CONFIGURE_DEPENDS "${folder}/*.hpp")
  set(sources)
  foreach(header IN LISTS headers)
    cmake_path(GET header FILENAME file)
    set(source "${CMAKE_BINARY_DIR}/header_check/${prefix}/${file}.cpp")
    file(CONFIGURE OUTPUT "${source}"
         CONTENT "#include \"${prefix}/${file}\"\n#include \"${prefix}/${file}\"\n")
    list(APPEND sources "${source}")
  endforeach()
  if(sources)
    add_library(header_check_${name} OBJECT ${sources})
    target_compile_options(header_check_${name} PRIVATE -O0 -g0)
    target_link_libraries(header_check_${name} PRIVATE ${ARGN})
  endif()
endfunction()
