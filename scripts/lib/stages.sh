# The stages of scripts/test. Each prints its runner's own summary and adds to PASSED and FAILED.
# shellcheck shell=bash

PASSED=0
FAILED=0
SKIPPED=0

# The distribution's pytest: the first python3 of PATH may be one that has none.
readonly PYTHON=${FASTERAPI_TEST_PYTHON:-/usr/bin/python3}
readonly FUZZ_SECONDS=${FASTERAPI_FUZZ_SECONDS:-5}
readonly SOAK_SECONDS=${FASTERAPI_SOAK_SECONDS:-60}

# Hundreds of servers start: none should compile the package anew, and no test leave files in it.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX=$BUILD_ROOT/bytecode
rm -rf "$PYTHONPYCACHEPREFIX"

log_of() {
  mkdir -p "$BUILD_ROOT/logs"
  echo "$BUILD_ROOT/logs/$1.log"
}

# show <log> <command...>: on the terminal and in the log, in RUN_ENV; its status in TRIED.
RUN_ENV=()
show() {
  local log=$1
  shift
  set +e
  env "${RUN_ENV[@]}" "$@" 2>&1 </dev/null | tee "$log"
  TRIED=${PIPESTATUS[0]}
  set -e
}

# number_before <word> <line>: "3 failed, 12 passed" -> 12 for passed; 0 when absent.
number_before() {
  local found
  found=$(grep -oE "[0-9]+ $1" <<<"$2" | tail -n 1 || true)
  echo "${found%% *}" | grep -E . || echo 0
}

# finish <status>: a runner that failed without counting a failure still counts as one.
finish() {
  if [ "$1" != 0 ]; then
    if [ "$FAILED" = 0 ]; then
      FAILED=1
    fi
    return 1
  fi
}

# Functional tests wait much: for a drain, a timeout, a server.
functional_processes() { echo $(("$(jobs)" * 2)); }

run_ctest() {
  local preset=$1 log line failed total
  shift
  log=$(log_of "ctest-$preset")
  show "$log" ctest --test-dir "$BUILD_ROOT/$preset" --output-on-failure --no-tests=error \
    --parallel "$(jobs)" "$@"
  line=$(grep -E 'tests passed, [0-9]+ tests failed out of [0-9]+' "$log" | tail -n 1 || true)
  failed=$(sed -nE 's/.*passed, ([0-9]+) tests failed out of .*/\1/p' <<<"$line")
  total=$(sed -nE 's/.*failed out of ([0-9]+).*/\1/p' <<<"$line")
  FAILED=$((FAILED + ${failed:-0}))
  PASSED=$((PASSED + ${total:-0} - ${failed:-0}))
  finish "$TRIED"
}

# Interpreters beside the one that runs pytest, in which the package has to start the server.
other_pythons() {
  if [ -n "$FASTERAPI_PYTHON_ROOT" ]; then
    ls "$FASTERAPI_PYTHON_ROOT"/bin/python3.[0-9][0-9]
  fi
  command -v pypy3 || true
}

# run_pytest <name> <preset> <pytest's arguments...>: in the Python of RUN_PYTHON.
RUN_PYTHON=$PYTHON
run_pytest() {
  local name=$1 preset=$2 log line
  shift 2
  log=$(log_of "pytest-$name")
  cd "$FASTERAPI_SOURCE"
  show "$log" FASTERAPI_SERVER="$BUILD_ROOT/$preset/fasterapi-server" \
    FASTERAPI_BUILD_DIR="$BUILD_ROOT/$preset" FASTERAPI_TEST_PYTHONS="$(other_pythons)" \
    "$RUN_PYTHON" -m pytest -q -ra -p no:cacheprovider --timeout 300 \
    --rootdir "$FASTERAPI_SOURCE" "$@"
  line=$(grep -E '(passed|failed|error|skipped).* in [0-9.]+s' "$log" | tail -n 1 || true)
  PASSED=$((PASSED + $(number_before passed "$line")))
  SKIPPED=$((SKIPPED + $(number_before skipped "$line")))
  FAILED=$((FAILED + $(number_before failed "$line") + $(number_before 'errors?' "$line")))
  finish "$TRIED"
}

# build_for_tests <preset> [targets]: quiet, unless it fails.
build_for_tests() {
  step "$(log_of "build-$1")" "build $1" build_preset "$@"
}

# count <log>: adds what the last line of a script of ours says, "N passed, N failed".
count() {
  local line
  line=$(tail -n 1 "$1")
  PASSED=$((PASSED + $(number_before passed "$line")))
  FAILED=$((FAILED + $(number_before failed "$line")))
  SKIPPED=$((SKIPPED + $(number_before skipped "$line")))
  finish "$TRIED"
}

stage_style() {
  show "$(log_of style)" "$FASTERAPI_SOURCE/scripts/check" --light
  count "$(log_of style)"
}

# Unit tests have one build, the sanitized one: link-time optimisation of each would cost more than
# it shows, and the functional tests run the optimised binary.
stage_unit() {
  build_for_tests asan
  mapfile -t RUN_ENV < <(sanitizer_environment)
  run_ctest asan
}

# The Python package by itself, in the distribution's Python and in PyPy, and held against others.
stage_python() {
  run_pytest python release tests/python
  run_pytest comparisons release tests/comparisons
  RUN_PYTHON=$(command -v pypy3 || true)
  if [ -n "$RUN_PYTHON" ] && [ -d "$BUILD_ROOT/pypy-packages" ]; then
    run_pytest pypy release -n "$(jobs)" tests/python
  else
    say "skipped: pypy3 or its packages are not there"
    SKIPPED=$((SKIPPED + 1))
  fi
  RUN_PYTHON=$PYTHON
}

# FastAPI's own tests, with the package in its place.
stage_upstream() {
  local folder=$BUILD_ROOT/upstream-packages checkout=$BUILD_ROOT/upstream
  if [ ! -d "$folder" ]; then
    say "skipped: FastAPI's tests are not there"
    SKIPPED=$((SKIPPED + 1))
    return 0
  fi
  rm -rf "$checkout"
  cp -r "$folder/fastapi" "$checkout" # its tests write there
  show "$(log_of upstream)" "$FASTERAPI_SOURCE/tests/upstream/run" "$checkout" \
    --python "$folder/venv/bin/python" -n "$(jobs)" --least 95
  count "$(log_of upstream)"
}

stage_functional() {
  build_for_tests release
  run_pytest functional release -n "$(functional_processes)" tests/functional
}

# Every bench once, briefly, and whether a request needs more instructions than it did.
stage_benches() {
  show "$(log_of benches)" "$FASTERAPI_SOURCE/bench/run_all_benchmarks.sh" --smoke
  count "$(log_of benches)"
  run_pytest benches bench -n "$(jobs)" tests/benches
}

stage_asan() {
  build_for_tests asan
  mapfile -t RUN_ENV < <(sanitizer_environment "$MANY_SERVERS")
  RUN_ENV+=(FASTERAPI_TEST_SANITIZED=1)
  run_pytest functional-asan asan -n "$(functional_processes)" tests/functional
}

stage_tsan() {
  build_for_tests tsan
  mapfile -t RUN_ENV < <(sanitizer_environment)
  run_ctest tsan --label-regex tsan
}

stage_fuzz() {
  build_for_tests fuzz --target fuzz
  mapfile -t RUN_ENV < <(sanitizer_environment)
  show "$(log_of fuzz)" "$FASTERAPI_SOURCE/scripts/fuzz" --smoke all "$FUZZ_SECONDS"
  count "$(log_of fuzz)"
}

stage_soak() {
  build_for_tests release
  RUN_ENV=(FASTERAPI_TEST_SOAK_SECONDS="$SOAK_SECONDS")
  run_pytest soak release --timeout $((SOAK_SECONDS + 600)) tests/stress
}

# The Dockerfile, carried out where there may be no container engine.
stage_container() {
  if ! is_root || ! have debootstrap; then
    say "skipped: the container's proof needs root and debootstrap"
    SKIPPED=$((SKIPPED + 1))
    return 0
  fi
  show "$(log_of container)" "$FASTERAPI_SOURCE/tests/container/run"
  count "$(log_of container)"
}
