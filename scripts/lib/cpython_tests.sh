# CPython's own tests of asyncio, from Debian 13's source, for tests/asyncio/run. Where CPython is the
# distribution's, its package libpython3-testsuite has them.
# shellcheck shell=bash

readonly CPYTHON_TESTS=(__init__.py support test_asyncio certdata)

# keep_cpython_tests <source> <version>
keep_cpython_tests() {
  local staged=$CACHE_ROOT/work/cpython-tests.$$ name
  mkdir -p "$staged/test"
  for name in "${CPYTHON_TESTS[@]}"; do
    cp -r "$1/Lib/test/$name" "$staged/test/"
  done
  publish "$staged" "$CACHE_ROOT/cpython-tests-$2"
}

fetch_cpython_tests() {
  local work=$1
  fetch_debian_source python3.13 "$work/package"
  unpack_debian_source "$work/package" "$work/source"
  keep_cpython_tests "$work/source" "$(debian_source_version "$work/package")"
  rm -rf "$work"
}

# find_cpython_tests: sets FASTERAPI_CPYTHON_TESTS; empty where there are none.
find_cpython_tests() {
  FASTERAPI_CPYTHON_TESTS=${FASTERAPI_CPYTHON_TESTS:-$(cached 'cpython-tests-3.13.*')}
}

ensure_cpython_tests() {
  find_cpython_tests
  if [ -n "$FASTERAPI_CPYTHON_TESTS" ] || ! builds_from_source; then
    return 0
  fi
  take_lock
  step "$CACHE_ROOT/logs/cpython-tests.log" "CPython 3.13: its tests of asyncio" \
    fetch_cpython_tests "$CACHE_ROOT/work/cpython-tests" || say "without CPython's tests of asyncio"
  drop_lock
  find_cpython_tests
}
