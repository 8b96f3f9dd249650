# Set-up and CMake's presets, as the scripts that need a build use them.
# shellcheck shell=bash

# prepare [set-up's options]: the paths of what set-up found are in the environment afterwards,
# where cmake/*.cmake reads them.
prepare() {
  local paths
  paths=$("$FASTERAPI_SOURCE/scripts/setup" --print-env "$@")
  eval "$paths"
  export FASTERAPI_PYTHON_ROOT FASTERAPI_CATCH2_ROOT FASTERAPI_PYTHON_PACKAGES FASTERAPI_CPYTHON_TESTS
}

# clang_options: the preset names Debian 12's clang; elsewhere the newest one there is.
clang_options() {
  local name
  if have clang++-14; then
    return 0
  fi
  for name in clang++ $(compgen -c clang++- | grep -E '^clang\+\+-[0-9]+$' | sort -rV); do
    if have "$name"; then
      echo "-DCMAKE_CXX_COMPILER=$name"
      return 0
    fi
  done
}

# build_preset <preset> [cmake --build's arguments]
build_preset() {
  local preset=$1 options=()
  shift
  if [ "$preset" = fuzz ]; then
    mapfile -t options < <(clang_options)
  fi
  cmake -S "$FASTERAPI_SOURCE" --preset "$preset" "${options[@]}"
  cmake --build "$BUILD_ROOT/$preset" --parallel "$(jobs)" "$@"
}

# train_server: the profile of the server, in build/profile.
train_server() {
  build_preset training --target fasterapi-server
  rm -rf "$BUILD_ROOT/profile"
  python3 "$FASTERAPI_SOURCE/scripts/lib/server_training.py" "$BUILD_ROOT/training/fasterapi-server"
}
