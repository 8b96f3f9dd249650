# Sourced by every script here: where things are, and how progress is told.
# shellcheck shell=bash
set -euo pipefail

FASTERAPI_SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly FASTERAPI_SOURCE
readonly BUILD_ROOT=$FASTERAPI_SOURCE/build
# Outside the source tree: every clone and branch shares what takes minutes to build.
readonly CACHE_ROOT=${FASTERAPI_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/fasterapi}
readonly SETUP_ENV=$BUILD_ROOT/setup.env

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "error: $*"
  exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }

have() { command -v "$1" >/dev/null 2>&1; }

jobs() { echo "${FASTERAPI_JOBS:-$(nproc)}"; }

# try <command...>: leaves its status in TRIED. Under `if` or `||` bash would ignore the failing
# lines inside a function; here the first of them ends it, as everywhere.
try() {
  set +e
  (
    set -e
    "$@"
  )
  TRIED=$?
  set -e
}

# step <log> <text> <command...>: one line with the time it took; the output goes to the log, whose
# end is shown when the command fails.
step() {
  local log=$1 text=$2 started=$SECONDS
  shift 2
  mkdir -p "$(dirname "$log")"
  printf '%-58s' "$text ..." >&2
  try "$@" >"$log" 2>&1 </dev/null
  if [ "$TRIED" = 0 ]; then
    printf '%4d s\n' $((SECONDS - started)) >&2
    return 0
  fi
  printf 'failed after %d s; the end of %s:\n' $((SECONDS - started)) "$log" >&2
  tail -n 40 "$log" >&2
  return "$TRIED"
}

# os_release <KEY>: a value of /etc/os-release, empty where there is none.
os_release() {
  # shellcheck disable=SC1091
  (. /etc/os-release 2>/dev/null && eval "printf '%s' \"\${$1:-}\"") || true
}

# Debian 12 is the one platform whose CPython and Catch2 are too old.
builds_from_source() { [ "$(os_release ID)" = debian ] && [ "$(os_release VERSION_ID)" = 12 ]; }
