# CPython 3.13 from Debian 13's source, static, optimised with a profile of our own training run.
# shellcheck shell=bash

# plain is for a machine in a hurry: a third of the time, and 1.2 times slower Python.
readonly CPYTHON_KIND=${FASTERAPI_CPYTHON:-pgo}

readonly CPYTHON_OPTIONS=(
  --without-ensurepip
  --disable-test-modules
  --with-computed-gotos
  --enable-loadable-sqlite-extensions
  --with-system-expat
  --with-dbmliborder=
  # Debug information would be nine tenths of the server's file, and longer to compile.
  CFLAGS_NODIST=-g0
)

# Functions that the training never reaches are compiled as without a profile; gcc would otherwise
# optimise them for size, and an application may well need them.
#
# Its objects carry both machine code, for the programs of the build, and what optimise_archive reads.
readonly CPYTHON_PROFILE_USE=(
  -fprofile-use -fprofile-correction -fprofile-partial-training -flto=auto -ffat-lto-objects
)

# The archive is compiled anew as one program, into one object of machine code: who links it neither
# waits for the optimiser nor needs its version of gcc.
readonly CPYTHON_WHOLE_ARCHIVE=(
  -r -nostdlib -O3 -fPIE -flto=auto -flinker-output=nolto-rel -Wl,--whole-archive libpython3.13.a
)

# Debian's own patches change the layout of an installation (multiarch, dist-packages) or its
# packaging. What remains of its series is the fixes made since the release, security first.
readonly CPYTHON_PATCHES_LEFT_OUT=(
  deb-locations distutils-install-layout sysconfig-debian-schemes tkinter-import gdbm-import
  link-opt setup-modules profiled-build langpack-gettext disable-sem-check multiarch
  ensurepip-disabled destshared-location min-tempfile min-lib-argparse min-argparse-no-shutil
  min-ntpath-import min-compileall min-pyrepl-import makefile-bootstrap
  test-freeze-strip-libdir stable-abi-multiarch no-sphinx-8.2
  Add-Debian-specific-documentation-path-to-IDLE-menu
)

# Modules that need no foreign library are linked in: no dlopen at the start of an interpreter, no
# position-independent code in what every request passes through.
readonly CPYTHON_STATIC_MODULES='*static*
_asyncio _asynciomodule.c
_bisect _bisectmodule.c
_contextvars _contextvarsmodule.c
_csv _csv.c
_datetime _datetimemodule.c
_heapq _heapqmodule.c
_json _json.c
_opcode _opcode.c
_pickle _pickle.c
_posixsubprocess _posixsubprocess.c
_queue _queuemodule.c
_random _randommodule.c
_socket socketmodule.c
_statistics _statisticsmodule.c
_struct _struct.c
_zoneinfo _zoneinfo.c
array arraymodule.c
cmath cmathmodule.c
fcntl fcntlmodule.c
grp grpmodule.c
math mathmodule.c
mmap mmapmodule.c
resource resource.c
select selectmodule.c
termios termios.c
unicodedata unicodedata.c'

readonly CPYTHON_NEEDED_MODULES=(
  ssl _hashlib sqlite3 ctypes zlib bz2 lzma _decimal uuid _uuid asyncio json pickle datetime
  zoneinfo multiprocessing.shared_memory concurrent.futures socket select mmap resource
  unicodedata pyexpat xml.etree.ElementTree csv venv readline _blake2 _sha2 _sha3 _md5
)

cpython_training() { echo "$FASTERAPI_SOURCE/scripts/lib/pgo_training.py"; }

cpython_pattern() {
  local training=
  if [ "$CPYTHON_KIND" = pgo ]; then
    training=$(cat "$(cpython_training)")
  fi
  echo "cpython-3.13.*-$CPYTHON_KIND-$(recipe_hash "${CPYTHON_OPTIONS[@]}" \
    "${CPYTHON_PATCHES_LEFT_OUT[@]}" "$CPYTHON_STATIC_MODULES" "${CPYTHON_PROFILE_USE[@]}" \
    "${CPYTHON_WHOLE_ARCHIVE[@]}" "$training")"
}

unpack_cpython() {
  local work=$1
  rm -rf "$work/build"
  unpack_debian_source "$work/package" "$work/source"
  apply_debian_patches "$work/source" "${CPYTHON_PATCHES_LEFT_OUT[@]}"
}

configure_cpython() {
  local work=$1 prefix=$2 options=("${CPYTHON_OPTIONS[@]}")
  if [ "$CPYTHON_KIND" = pgo ]; then
    options+=(--enable-optimizations)
  fi
  mkdir -p "$work/build/Modules"
  echo "$CPYTHON_STATIC_MODULES" >"$work/build/Modules/Setup.local"
  cp "$(cpython_training)" "$work/build/pgo_training.py"
  cd "$work/build"
  ../source/configure --prefix="$prefix" "${options[@]}"
}

# No ccache for the profiled objects: it would hash a profile that no two trainings share.
compile_cpython() {
  local work=$1
  cd "$work/build"
  make -j"$(jobs)" PROFILE_TASK=./pgo_training.py PGO_PROF_USE_FLAG="${CPYTHON_PROFILE_USE[*]}" \
    LDFLAGS_NODIST=-fno-lto
}

# The installed program and the server are the same build. Names that the optimiser has made would meet
# those of the server's own build.
optimise_archive() {
  local prefix=$1
  cd "$prefix"/lib/python3.13/config-*
  gcc "${CPYTHON_WHOLE_ARCHIVE[@]}" -o libpython.o
  objcopy --wildcard --localize-symbol='*.lto_priv.*' libpython.o
  gcc -fno-lto -Wl,--export-dynamic python.o libpython.o -lm -o "$prefix/bin/python3.13"
  rm libpython3.13.a
  ar rcs libpython3.13.a libpython.o
  rm libpython.o
  cp libpython3.13.a "$prefix/lib/"
}

install_cpython() {
  local work=$1 prefix=$2
  cd "$work/build"
  rm -rf "$work/staged"
  make -j"$(jobs)" install DESTDIR="$work/staged"
  if [ "$CPYTHON_KIND" = pgo ]; then
    optimise_archive "$work/staged$prefix"
  fi
}

verify_cpython() {
  local prefix=$1
  "$prefix/bin/python3.13" -I - "${CPYTHON_NEEDED_MODULES[@]}" <<'PYTHON'
import importlib, sys
missing = []
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except ImportError as error:
        missing.append(f"{name} ({error})")
if missing:
    sys.exit("CPython was built without: " + ", ".join(missing))
import asyncio, hashlib, sqlite3, ssl
assert ssl.create_default_context() and hashlib.sha256(b"").hexdigest()
assert sqlite3.connect(":memory:").execute("select 1").fetchone() == (1,)
assert asyncio.run(asyncio.sleep(0, 7)) == 7
PYTHON
  test -f "$prefix/include/python3.13/Python.h"
  test -f "$prefix"/lib/python3.13/config-*/libpython3.13.a
}

build_cpython() {
  local work=$1 logs=$CACHE_ROOT/logs version prefix about="about 2 minutes"
  once "$work/.fetched" "$logs/cpython-fetch.log" "CPython 3.13: fetch Debian 13's source" \
    fetch_debian_source python3.13 "$work/package"
  once "$work/.unpacked" "$logs/cpython-unpack.log" "CPython 3.13: verify, unpack, patch" \
    unpack_cpython "$work"
  version=$(debian_source_version "$work/package")
  prefix=$CACHE_ROOT/$(cpython_pattern | sed "s/3\.13\.\*/$version/")
  once "$work/.configured" "$logs/cpython-configure.log" "CPython $version: configure" \
    configure_cpython "$work" "$prefix"
  if [ "$CPYTHON_KIND" = pgo ]; then
    about="about 5 minutes"
  fi
  once "$work/.compiled" "$logs/cpython-compile.log" \
    "CPython $version: compile, $CPYTHON_KIND ($about)" compile_cpython "$work"
  step "$logs/cpython-install.log" "CPython $version: install" install_cpython "$work" "$prefix"
  step "$logs/cpython-verify.log" "CPython $version: import its modules" \
    verify_cpython "$work/staged$prefix"
  publish "$work/staged$prefix" "$prefix"
  keep_cpython_tests "$work/source" "$version"
  rm -rf "$work"
}

# ensure_cpython: sets FASTERAPI_PYTHON_ROOT; empty stands for the system's.
ensure_cpython() {
  if [ -n "${FASTERAPI_PYTHON_ROOT:-}" ] || ! builds_from_source; then
    FASTERAPI_PYTHON_ROOT=${FASTERAPI_PYTHON_ROOT:-}
    return 0
  fi
  local pattern
  pattern=$(cpython_pattern)
  FASTERAPI_PYTHON_ROOT=$(cached "$pattern")
  if [ -n "$FASTERAPI_PYTHON_ROOT" ]; then
    return 0
  fi
  take_lock
  FASTERAPI_PYTHON_ROOT=$(cached "$pattern")
  if [ -z "$FASTERAPI_PYTHON_ROOT" ]; then
    build_in "$CACHE_ROOT/work/${pattern//\*/wip}" build_cpython
    FASTERAPI_PYTHON_ROOT=$(cached "$pattern")
  fi
  drop_lock
}
