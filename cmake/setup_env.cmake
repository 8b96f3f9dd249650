# fasterapi_setup_path(<name> <doc>): a path that -D, the environment or build/setup.env may give.
#
# It is read anew at each configuration unless given by -D, so that a rebuilt dependency (another
# folder of the cache) is picked up without a clean build tree.
include_guard()

function(fasterapi_setup_path name doc)
  if(DEFINED CACHE{${name}} AND NOT "$CACHE{${name}}" STREQUAL "")
    return()
  endif()
  set(value "$ENV{${name}}")
  set(file "${CMAKE_SOURCE_DIR}/build/setup.env")
  if(NOT value AND EXISTS "${file}")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    file(STRINGS "${file}" lines REGEX "^${name}=")
    if(lines)
      list(GET lines 0 line)
      string(REGEX REPLACE "^${name}='?([^']*)'?$" "\\1" value "${line}")
    endif()
  endif()
  set(${name} "${value}" PARENT_SCOPE)
endfunction()
