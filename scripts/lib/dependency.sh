# What a dependency built from source goes through: lock, work folder, proof, atomic move.
# shellcheck shell=bash

# cached <pattern>: the newest finished folder of the cache that matches, or nothing.
cached() {
  local folder newest=
  while IFS= read -r folder; do
    if [ -e "$folder/.complete" ]; then
      newest=$folder
    fi
  done < <(compgen -G "$CACHE_ROOT/$1" | sort -V)
  echo "$newest"
}

# recipe_hash <text...>: what else a build depends on is the compiler and the release it links to.
recipe_hash() {
  {
    printf '%s\n' "$@"
    os_release ID
    os_release VERSION_ID
    uname -m
    g++ -dumpfullversion
  } | sha256sum | cut -c1-10
}

# Held by at most one set-up per cache; its children inherit it, so a build that outlives a killed
# set-up keeps others off its work folder.
take_lock() {
  mkdir -p "$CACHE_ROOT"
  exec 9>>"$CACHE_ROOT/lock"
  if ! flock -n 9; then
    say "another set-up holds $CACHE_ROOT/lock: $(cat "$CACHE_ROOT/lock.holder" 2>/dev/null)"
    flock 9
  fi
  echo "process $$, since $(date '+%F %T'), for $FASTERAPI_SOURCE" >"$CACHE_ROOT/lock.holder"
}

drop_lock() {
  rm -f "$CACHE_ROOT/lock.holder"
  exec 9>&-
}

# build_in <work folder> <function> [arguments]: a resumed build that fails is tried once more from
# nothing, because what an interruption left may be half a file.
build_in() {
  local work=$1 build=$2 resumed=false
  shift 2
  if [ -d "$work" ]; then
    resumed=true
    say "resuming in $work"
  fi
  mkdir -p "$work"
  try "$build" "$work" "$@"
  if [ "$TRIED" = 0 ] || ! $resumed; then
    return "$TRIED"
  fi
  say "the interrupted build cannot be resumed: starting over"
  rm -rf "$work"
  mkdir -p "$work"
  "$build" "$work" "$@"
}

# once <stamp> <log> <text> <command...>: a step that a resumed build does not repeat.
once() {
  local stamp=$1
  shift
  if [ -e "$stamp" ]; then
    return 0
  fi
  step "$@"
  touch "$stamp"
}

# publish <staged folder> <final folder>
publish() {
  touch "$1/.complete"
  rm -rf "$2"
  mv "$1" "$2"
}
