# The environment of sanitizer runs.
# shellcheck shell=bash

# suppressions <file>: an option, only where the file is.
suppressions() {
  if [ -f "$FASTERAPI_SOURCE/tests/support/$1" ]; then
    printf ':suppressions=%s' "$FASTERAPI_SOURCE/tests/support/$1"
  fi
}

# One NAME=VALUE a line.
sanitizer_environment() {
  # pymalloc would hide Python's objects from the sanitizers.
  echo "PYTHONMALLOC=malloc"
  echo "ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1"
  echo "LSAN_OPTIONS=print_suppressions=0$(suppressions lsan.supp)"
  echo "UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1$(suppressions ubsan.supp)"
  echo "TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1$(suppressions tsan.supp)"
}
