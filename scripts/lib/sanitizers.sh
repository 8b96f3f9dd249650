# The environment of sanitizer runs.
# shellcheck shell=bash

# suppressions <file>: an option, only where the file is.
suppressions() {
  if [ -f "$FASTERAPI_SOURCE/tests/support/$1" ]; then
    printf ':suppressions=%s' "$FASTERAPI_SOURCE/tests/support/$1"
  fi
}

# Of runs that start many servers, hence end many. To look for leaks is two thirds of what each costs:
# CPython has no frame pointers, the deeper frames of an allocation in it are no code, and for each such
# address the runtime reads the process's mappings anew. Two frames still say who allocated. And what
# was freed waits in less memory.
readonly MANY_SERVERS=malloc_context_size=2:quarantine_size_mb=32

# sanitizer_environment [ASan's options]: one NAME=VALUE a line.
sanitizer_environment() {
  # pymalloc would hide Python's objects from the sanitizers.
  echo "PYTHONMALLOC=malloc"
  echo "ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1${1:+:$1}"
  echo "LSAN_OPTIONS=print_suppressions=0$(suppressions lsan.supp)"
  echo "UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1$(suppressions ubsan.supp)"
  echo "TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1$(suppressions tsan.supp)"
}
