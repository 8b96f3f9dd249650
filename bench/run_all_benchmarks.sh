#!/usr/bin/env bash
# Builds every bench, runs it, and writes bench/results/<date>-micro.{json,md} with plots.
#
#   bench/run_all_benchmarks.sh [--profiled] [--only TEXT] [--patience S] [--load [what bench/load/compare takes]]
#   bench/run_all_benchmarks.sh --smoke [--only TEXT]
#   bench/run_all_benchmarks.sh --count
#
# --profiled   of the build that scripts/build --profiled makes, in build/bench-profiled
# --only    programs with TEXT in their name, or else rows
# --patience SECONDS   how long a program waits for a quiet machine, and runs again: 60
# --load    afterwards the server beside its peers, over sockets (bench/README.md); last
# --smoke   a few iterations of each, nothing written; fails where a row's instructions are over 5 %
#           above those in bench/results/instructions.json
# --count   writes that file; bears other load
source "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib/common.sh"
source "$FASTERAPI_SOURCE/scripts/lib/builds.sh"
source "$FASTERAPI_SOURCE/scripts/lib/benches.sh"

main() {
  local command="bench/run_all_benchmarks.sh $*" script=run.py options=() has_load=false is_profiled=false
  while [ $# -gt 0 ]; do
    case $1 in
      --smoke) script=smoke.py ;;
      --count) script=count.py ;;
      --profiled) is_profiled=true ;;
      --only)
        options+=(--only "${2:?--only needs a text}")
        shift
        ;;
      --load)
        has_load=true
        shift
        break
        ;;
      --patience)
        options+=(--patience "${2:?--patience needs seconds}")
        shift
        ;;
      -h | --help) sed -n '2,15s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" && exit 0 ;;
      *) fail "unknown argument: $1" ;;
    esac
    shift
  done
  prepare
  if $is_profiled; then
    [ "$script" = run.py ] || fail "--smoke and --count are of the plain build: profiles differ"
    bench_profiled
  fi
  build_benches "$FASTERAPI_SOURCE" "$BENCH_BUILD"
  if [ "$script" != smoke.py ]; then
    options+=(--command "${command% }")
  fi
  run_suite "$script" --build "$BENCH_BUILD" "${options[@]}"
  if [ "$has_load" = true ]; then
    "$FASTERAPI_SOURCE/bench/load/compare" --server "$BENCH_BUILD/fasterapi-server" "$@"
  fi
}

main "$@"
