# Catch2 3 from Debian 13's source.
# shellcheck shell=bash

readonly CATCH2_OPTIONS=(
  -DCMAKE_BUILD_TYPE=Release
  -DCMAKE_CXX_STANDARD=20
  -DCMAKE_INSTALL_LIBDIR=lib
  -DCATCH_INSTALL_DOCS=OFF
  -DBUILD_TESTING=OFF
)

catch2_pattern() { echo "catch2-*-$(recipe_hash "${CATCH2_OPTIONS[@]}")"; }

compile_catch2() {
  local work=$1 prefix=$2 launcher=()
  if have ccache; then
    launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  fi
  cmake -S "$work/source" -B "$work/build" -G Ninja -DCMAKE_INSTALL_PREFIX="$prefix" \
    "${CATCH2_OPTIONS[@]}" "${launcher[@]}"
  cmake --build "$work/build" --parallel "$(jobs)"
}

install_catch2() { DESTDIR=$1/staged cmake --install "$1/build"; }

verify_catch2() {
  local prefix=$1
  test -f "$prefix/lib/cmake/Catch2/Catch2Config.cmake"
  printf '%s\n' '#include <catch2/catch_test_macros.hpp>' 'TEST_CASE("it runs") { CHECK(1 == 1); }' |
    g++ -std=c++20 -O0 -x c++ - -x none -I "$prefix/include" -L "$prefix/lib" \
      -lCatch2Main -lCatch2 -o "$prefix/.proof"
  "$prefix/.proof"
  rm "$prefix/.proof"
}

build_catch2() {
  local work=$1 logs=$CACHE_ROOT/logs version prefix
  once "$work/.fetched" "$logs/catch2-fetch.log" "Catch2: fetch Debian 13's source" \
    fetch_debian_source catch2 "$work/package"
  once "$work/.unpacked" "$logs/catch2-unpack.log" "Catch2: verify and unpack" \
    unpack_debian_source "$work/package" "$work/source"
  version=$(debian_source_version "$work/package")
  prefix=$CACHE_ROOT/$(catch2_pattern | sed "s/\*/$version/")
  once "$work/.compiled" "$logs/catch2-compile.log" "Catch2: compile (about a minute)" \
    compile_catch2 "$work" "$prefix"
  step "$logs/catch2-install.log" "Catch2: install" install_catch2 "$work"
  step "$logs/catch2-verify.log" "Catch2: try a test" verify_catch2 "$work/staged$prefix"
  publish "$work/staged$prefix" "$prefix"
  rm -rf "$work"
}

# ensure_catch2: sets FASTERAPI_CATCH2_ROOT; empty stands for the system's.
ensure_catch2() {
  if [ -n "${FASTERAPI_CATCH2_ROOT:-}" ] || ! builds_from_source; then
    FASTERAPI_CATCH2_ROOT=${FASTERAPI_CATCH2_ROOT:-}
    return 0
  fi
  local pattern
  pattern=$(catch2_pattern)
  FASTERAPI_CATCH2_ROOT=$(cached "$pattern")
  if [ -n "$FASTERAPI_CATCH2_ROOT" ]; then
    return 0
  fi
  take_lock
  FASTERAPI_CATCH2_ROOT=$(cached "$pattern")
  if [ -z "$FASTERAPI_CATCH2_ROOT" ]; then
    build_in "$CACHE_ROOT/work/${pattern//\*/wip}" build_catch2
    FASTERAPI_CATCH2_ROOT=$(cached "$pattern")
  fi
  drop_lock
}
