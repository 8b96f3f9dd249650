# fasterapi_room(<name> [DEPENDS <room>...] [LIBRARIES <target>...])
#
# A room is a folder src/<name> with every .cpp of it in one static library, fasterapi::<name>.
# DEPENDS names the rooms it may include; this list is the dependency rule (see src/README.md), and
# tests/unit/rooms_test.py holds the includes against it.
function(fasterapi_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/${name}/*.cpp")
  if(sources)
    set(scope PUBLIC)
    add_library(fasterapi_${name} STATIC ${sources})
  else()
    set(scope INTERFACE)
    add_library(fasterapi_${name} INTERFACE)
  endif()
  add_library(fasterapi::${name} ALIAS fasterapi_${name})
  target_include_directories(fasterapi_${name} ${scope} "${CMAKE_SOURCE_DIR}/src"
                             "${CMAKE_SOURCE_DIR}/include")
  list(TRANSFORM ROOM_DEPENDS PREPEND fasterapi::)
  target_link_libraries(fasterapi_${name} ${scope} fasterapi_compiler ${ROOM_DEPENDS}
                        ${ROOM_LIBRARIES})
endfunction()
