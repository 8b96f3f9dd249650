# Builds and runs the benches, for bench/run_all_benchmarks.sh and scripts/bench-compare.
# shellcheck shell=bash

# A build of its own: the release one stays as it is.
readonly BENCH_BUILD=${FASTERAPI_BENCH_BUILD:-$BUILD_ROOT/bench}

configure_and_build() {
  (cd "$1" && cmake --preset release -B "$2" -DFASTERAPI_BENCH=ON)
  cmake --build "$2" --parallel "$(jobs)"
}

# build_benches <source> <build folder>
build_benches() {
  step "$2/build.log" "build the benches of ${3:-this tree}" configure_and_build "$1" "$2"
}

# run_suite <script of bench/suite> <its arguments...>
run_suite() {
  local script=$1
  shift
  PYTHONPATH="$FASTERAPI_SOURCE/bench/load" PYTHONDONTWRITEBYTECODE=1 \
    python3 "$FASTERAPI_SOURCE/bench/suite/$script" "$@"
}
