# Starlette and what it needs, for Pythons whose distribution has none or too old ones.
# shellcheck shell=bash

readonly PYTHON_PACKAGES_LIST=$FASTERAPI_SOURCE/scripts/lib/python_packages.txt

# Debian 13 and Ubuntu have them as packages, see packages.sh.
needs_python_packages() { builds_from_source; }

python_packages_folder() {
  echo "$CACHE_ROOT/python-packages-$(sha256sum <"$PYTHON_PACKAGES_LIST" | cut -c1-10)"
}

# pip_install <folder> <list> [pip's options]: the lists are complete, so nothing is resolved.
pip_install() {
  local folder=$1 list=$2
  shift 2
  /usr/bin/python3 -m pip install --disable-pip-version-check --no-input --no-deps \
    --require-hashes --only-binary :all: --no-compile --target "$folder" --requirement "$list" "$@"
}

# One folder for the server's CPython and the distribution's: all is pure Python but MarkupSafe,
# which has a pure form for who lacks its extension. The versions hold for both.
install_python_packages() {
  pip_install "$1" "$PYTHON_PACKAGES_LIST" --implementation cp --python-version 3.13 --abi cp313 \
    --platform "manylinux2014_$(uname -m)"
}

# pythons_served: of both, those that are there.
pythons_served() {
  ls /usr/bin/python3 "$FASTERAPI_PYTHON_ROOT"/bin/python3.[0-9][0-9] 2>/dev/null || true
}

# Imported once by each, which compiles them as well: the cache may be another user's later.
verify_python_packages() {
  local python
  for python in $(pythons_served); do
    "$python" -I -m compileall -q "$1"
    "$python" -I - "$1" <<'PYTHON'
import sys
sys.path.append(sys.argv[1])
import httpx2, jinja2, python_multipart, starlette.applications, starlette.testclient
PYTHON
  done
}

build_python_packages() {
  local work=$1 folder
  folder=$(python_packages_folder)
  rm -rf "$work/staged"
  step "$CACHE_ROOT/logs/python-packages.log" "Python packages: install by pip" \
    install_python_packages "$work/staged"
  step "$CACHE_ROOT/logs/python-packages-verify.log" "Python packages: compile, import" \
    verify_python_packages "$work/staged"
  publish "$work/staged" "$folder"
  rm -rf "$work"
}

# ensure_python_packages: sets FASTERAPI_PYTHON_PACKAGES; empty stands for the system's.
ensure_python_packages() {
  if [ -n "${FASTERAPI_PYTHON_PACKAGES:-}" ] || ! needs_python_packages; then
    FASTERAPI_PYTHON_PACKAGES=${FASTERAPI_PYTHON_PACKAGES:-}
    return 0
  fi
  FASTERAPI_PYTHON_PACKAGES=$(python_packages_folder)
  if [ -e "$FASTERAPI_PYTHON_PACKAGES/.complete" ]; then
    return 0
  fi
  take_lock
  if [ ! -e "$FASTERAPI_PYTHON_PACKAGES/.complete" ]; then
    try build_in "$CACHE_ROOT/work/$(basename "$FASTERAPI_PYTHON_PACKAGES")" build_python_packages
    if [ "$TRIED" != 0 ]; then
      fail "pip did not bring the packages of ${PYTHON_PACKAGES_LIST#"$FASTERAPI_SOURCE"/}. Where" \
        "no registry is reached, name a folder that has them: FASTERAPI_PYTHON_PACKAGES"
    fi
  fi
  drop_lock
}
