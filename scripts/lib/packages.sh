# Which Debian packages the project needs, and installing those that are missing.
# shellcheck shell=bash

# packages_of <group>: build (compile and run) or test (also scripts/test and bench/).
packages_of() {
  case $1 in
    build) packages_to_build ;;
    test) packages_to_build && packages_to_test ;;
    *) fail "no such group of packages: $1" ;;
  esac
}

packages_to_build() {
  echo g++ cmake ninja-build ccache pkg-config patch xz-utils util-linux python3
  echo libspdlog-dev nlohmann-json3-dev libsimdjson-dev libssl-dev zlib1g-dev
  if builds_from_source; then
    echo libboost1.81-dev
    # What CPython's own modules are built from, and the tools that unpack its source.
    echo dpkg-dev make libbz2-dev liblzma-dev libffi-dev libsqlite3-dev libexpat1-dev
    echo libreadline-dev libncurses-dev uuid-dev tzdata
    # For those whose packages are too old: python_packages.sh.
    echo python3-pip
  else
    echo libboost-dev python3-dev libexpat1-dev
    echo python3-starlette python3-jinja2 "$(package_of_multipart)"
  fi
}

# Debian 13 gave the name python3-multipart to another library.
package_of_multipart() {
  case $(os_release VERSION_ID) in
    24.*) echo python3-multipart ;;
    *) echo python3-python-multipart ;;
  esac
}

packages_to_test() {
  echo python3-pytest python3-pytest-timeout python3-pytest-xdist python3-websockets
  # What pytest needs in Pythons before 3.11, which PyPy is; the pip for test_packages.sh.
  echo pypy3 python3-exceptiongroup python3-tomli python3-pip
  # The benches, and counting their instructions.
  echo wrk valgrind strace
  if builds_from_source; then
    echo clang-14 libclang-rt-14-dev lld-14 llvm-14 clang-format-14 clang-tidy-14
  else
    echo catch2 clang libclang-rt-dev lld llvm clang-format clang-tidy python3-httpx
  fi
  # The Dockerfile's proof needs a Debian 13 tree.
  if is_root; then
    echo debootstrap
  fi
}

# missing_packages <group>: in one call, because set-up runs before every build.
missing_packages() {
  local -a wanted
  read -ra wanted <<<"$(packages_of "$1" | tr '\n' ' ')"
  dpkg-query -W -f '${db:Status-Status} ${Package} ${Provides}\n' 2>/dev/null |
    awk -v wanted="${wanted[*]}" '
      $1 == "installed" {
        have[$2] = 1
        for (i = 3; i <= NF; i++) { name = $i; sub(/,$/, "", name); have[name] = 1 }
      }
      END {
        n = split(wanted, names, " ")
        for (i = 1; i <= n; i++) if (!(names[i] in have)) print names[i]
      }'
}

install_packages() {
  export DEBIAN_FRONTEND=noninteractive
  # Another program (unattended upgrades) may hold dpkg's lock on a fresh machine.
  local options=(-y --no-install-recommends -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
  apt-get "${options[@]}" update
  apt-get "${options[@]}" install "$@"
}

# ensure_packages <group>
ensure_packages() {
  local -a missing
  if ! have dpkg-query; then
    say "not a Debian system: set-up trusts that the packages of docs/setup.md are there"
    return 0
  fi
  mapfile -t missing < <(missing_packages "$1")
  if [ ${#missing[@]} = 0 ]; then
    return 0
  fi
  if ! is_root; then
    say "Debian packages are missing. Install them as root, then run this again:"
    say "  apt-get install --no-install-recommends ${missing[*]}"
    exit 1
  fi
  step "$CACHE_ROOT/logs/packages.log" "Debian packages (${#missing[@]} missing)" \
    install_packages "${missing[@]}"
}
