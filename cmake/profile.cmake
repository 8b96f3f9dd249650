# Optimisation by a profile (PGO), gcc only: what a training run showed to be hot is inlined and laid
# out together. scripts/build --profiled does all of it:
#   1. preset `training`: FASTERAPI_PROFILE=generate; the program writes its counts when it ends
#   2. scripts/lib/server_training.py runs it
#   3. preset `profiled`: FASTERAPI_PROFILE=use
# Names in the profile are relative to the build folder, so that any of this compiler's builds of the
# same sources can use it. Functions that the training does not reach are compiled as without one.
set(FASTERAPI_PROFILE "" CACHE STRING "generate or use a profile; empty: neither")
set(FASTERAPI_PROFILE_DIR "${CMAKE_SOURCE_DIR}/build/profile" CACHE PATH "Folder of the profile")

if(FASTERAPI_PROFILE)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    message(FATAL_ERROR "FASTERAPI_PROFILE: only gcc's profiles are known, not those of "
                        "${CMAKE_CXX_COMPILER_ID}. Leave it empty.")
  endif()
  add_compile_options("-fprofile-prefix-path=${CMAKE_BINARY_DIR}")
endif()
if(FASTERAPI_PROFILE STREQUAL "generate")
  add_compile_options("-fprofile-generate=${FASTERAPI_PROFILE_DIR}" -fprofile-update=prefer-atomic)
  add_link_options("-fprofile-generate=${FASTERAPI_PROFILE_DIR}")
elseif(FASTERAPI_PROFILE STREQUAL "use")
  file(GLOB_RECURSE fasterapi_profile_files "${FASTERAPI_PROFILE_DIR}/*.gcda")
  if(NOT fasterapi_profile_files)
    message(FATAL_ERROR "FASTERAPI_PROFILE: there is no profile in ${FASTERAPI_PROFILE_DIR}. "
                        "Run scripts/build --profiled, which makes one.")
  endif()
  add_compile_options("-fprofile-use=${FASTERAPI_PROFILE_DIR}" -fprofile-partial-training
                      -Wno-missing-profile)
  set(FASTERAPI_PROFILE_CHECK -Wmissing-profile) # for what was trained in any case
  set(FASTERAPI_BUILT_WITH ", with a profile") # for --version
  # What comes of a source depends on the profile, of which ccache does not know.
  set(CMAKE_CXX_COMPILER_LAUNCHER "")
elseif(FASTERAPI_PROFILE)
  message(FATAL_ERROR "FASTERAPI_PROFILE is generate, use or empty, not '${FASTERAPI_PROFILE}'")
endif()
