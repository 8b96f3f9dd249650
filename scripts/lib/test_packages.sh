# For tests alone: what they hold the package against, for the Python that runs pytest, and what the
# package builds on, for PyPy. Tests find each folder by a link in build/.
# shellcheck shell=bash

readonly TEST_PACKAGES_LIST=$FASTERAPI_SOURCE/scripts/lib/test_packages.txt
readonly PYPY_PACKAGES_LIST=$FASTERAPI_SOURCE/scripts/lib/pypy_packages.txt

# Where Starlette is the distribution's, FastAPI still needs the one that is pinned.
install_test_packages() {
  if ! needs_python_packages; then
    install_python_packages "$1"
  fi
  pip_install "$1" "$TEST_PACKAGES_LIST" --retries 1
}

verify_test_packages() {
  /usr/bin/python3 -I -m compileall -q "$1"
  /usr/bin/python3 -I - "$1" "$FASTERAPI_PYTHON_PACKAGES" <<'PYTHON'
import sys
sys.path[:0] = sys.argv[1:]
import a2wsgi, fastapi, flask, mypy, openapi_spec_validator, opentelemetry.sdk.trace, pydantic
PYTHON
}

install_pypy_packages() {
  pip_install "$1" "$PYPY_PACKAGES_LIST" --retries 1 --implementation cp --python-version 3.9 \
    --platform "manylinux2014_$(uname -m)"
}

verify_pypy_packages() {
  pypy3 -I - "$1" <<'PYTHON'
import sys
sys.path.append(sys.argv[1])
import jinja2, python_multipart, starlette.applications, starlette.testclient
PYTHON
}

# build_packages <work folder> <name> <folder>
build_packages() {
  local work=$1 name=$2 log=$CACHE_ROOT/logs/$2-packages
  rm -rf "$work/staged"
  step "$log.log" "Packages for tests ($name): install by pip" \
    "install_${name}_packages" "$work/staged"
  step "$log-verify.log" "Packages for tests ($name): import" "verify_${name}_packages" "$work/staged"
  publish "$work/staged" "$3"
  rm -rf "$work"
}

# ensure_packages_of <test|pypy|upstream> <sum>: what needs them is skipped where pip brings none.
ensure_packages_of() {
  local name=$1 folder=$CACHE_ROOT/$1-packages-$2 link=$BUILD_ROOT/$1-packages
  if [ ! -e "$folder/.complete" ]; then
    take_lock
    if [ ! -e "$folder/.complete" ]; then
      try build_in "$CACHE_ROOT/work/$(basename "$folder")" build_packages "$name" "$folder"
      if [ "$TRIED" != 0 ]; then
        say "without the packages of scripts/lib/${name}_packages.txt: what needs them is skipped"
      fi
    fi
    drop_lock
  fi
  mkdir -p "$BUILD_ROOT"
  if [ "$(readlink "$link")" != "$folder" ]; then
    ln -sfn "$folder" "$link"
  fi
}

ensure_test_packages() {
  local lists
  lists=$(cat "$TEST_PACKAGES_LIST" "$PYTHON_PACKAGES_LIST" | sha256sum | cut -c1-10)
  ensure_packages_of test "$lists-$(/usr/bin/python3 -c 'import sys; print(sys.implementation.cache_tag)')"
  if have pypy3; then
    ensure_packages_of pypy "$(sha256sum <"$PYPY_PACKAGES_LIST" | cut -c1-10)"
  fi
}
