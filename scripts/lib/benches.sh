# Builds and runs the benches, for bench/run_all_benchmarks.sh and scripts/bench-compare.
# shellcheck shell=bash

# A build of its own: the release one stays as it is.
BENCH_BUILD=${FASTERAPI_BENCH_BUILD:-$BUILD_ROOT/bench}
BENCH_PRESET=release

configure_and_build() {
  (cd "$1" && cmake --preset "$BENCH_PRESET" -B "$2" -DFASTERAPI_BENCH=ON)
  cmake --build "$2" --parallel "$(jobs)"
}

# bench_profiled: what is built next is, by the profile of a training run.
bench_profiled() {
  BENCH_BUILD+=-profiled BENCH_PRESET=profiled
  step "$BENCH_BUILD/training.log" "train the server" train_server
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
