# FastAPI's own tests: its source distribution, which has them, and a virtual environment with what
# they need, for tests/upstream/run. From the registry alone, all pinned by sums.
# shellcheck shell=bash

readonly UPSTREAM_PACKAGES_LIST=$FASTERAPI_SOURCE/scripts/lib/upstream_packages.txt

# The Python that the server embeds.
python_of_upstream() {
  echo "${FASTERAPI_PYTHON_ROOT:-/usr}/bin/python3"
}

# The distribution's pip does not run in every Python that it installs for.
upstream_wheels() {
  local version=$1 machine
  machine=$(uname -m)
  pip_install "$2" "$UPSTREAM_PACKAGES_LIST" --retries 1 --implementation cp \
    --python-version "$version" --abi "cp${version/./}" --abi abi3 --abi none \
    --platform "manylinux_2_28_$machine" --platform "manylinux_2_17_$machine" \
    --platform "manylinux2014_$machine"
}

# upstream_source <wheels> <folder>: pip asks a source for its metadata, by the backend that the list
# has; nothing is built.
upstream_source() {
  local list=$2/list.txt
  mkdir "$2"
  sed -n '/^fastapi==/,/[^\\]$/p' "$UPSTREAM_PACKAGES_LIST" >"$list"
  PYTHONPATH=$1 /usr/bin/python3 -m pip download --disable-pip-version-check --no-input \
    --retries 1 --no-deps --require-hashes --no-binary fastapi --no-build-isolation \
    --dest "$2" --requirement "$list"
  tar -xzf "$2"/fastapi-*.tar.gz --strip-components 1 --no-same-owner -C "$2"
  rm "$2"/fastapi-*.tar.gz "$list"
}

install_upstream_packages() {
  local folder=$1 wheels
  "$(python_of_upstream)" -m venv --without-pip "$folder/venv"
  wheels=$(ls -d "$folder"/venv/lib/python3.*/site-packages)
  upstream_wheels "$(sed -E 's|.*/python(3[.0-9]+)/.*|\1|' <<<"$wheels")" "$wheels"
  upstream_source "$wheels" "$folder/fastapi"
}

verify_upstream_packages() {
  local python=$1/venv/bin/python
  "$python" -m compileall -q "$1/venv/lib"
  "$python" -I -c 'import fastapi, logfire, pydantic, pytest, pytest_timeout, sqlmodel, xdist'
  ls "$1/fastapi/tests/main.py" "$1/fastapi/docs_src"
}

ensure_upstream_packages() {
  ensure_packages_of upstream "$(sha256sum <"$UPSTREAM_PACKAGES_LIST" | cut -c1-10)-$(
    "$(python_of_upstream)" -c 'import sys; print(sys.implementation.cache_tag)'
  )"
}
