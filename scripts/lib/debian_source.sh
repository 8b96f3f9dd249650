# Source packages of Debian 13 on an older Debian, without touching the machine's apt.
# shellcheck shell=bash
#
# apt runs on a configuration of its own (lists, cache, state, sources), beside the machine's
# settings for proxies and certificates. It verifies the suite's signature with the machine's
# Debian keyring, and through it every file; dpkg-source then checks the files' sums once more.

readonly SOURCE_SUITE=trixie
readonly APT_ROOT=$CACHE_ROOT/apt

# The address from which this machine installs its own release.
debian_mirror() {
  apt-get indextargets --no-release-info \
    --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk -v suite="$(os_release VERSION_CODENAME)" \
      '$1 == suite && $2 == "main" && !found { print $3; found = 1 }'
}

# debian_keyring <mirror>: the Signed-By path of that mirror in the machine's sources (one-line
# .list or deb822 .sources), else Debian's own keyring.
debian_keyring() {
  local file keyring=
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    if [ -r "$file" ] && [ -z "$keyring" ]; then
      keyring=$(awk -v mirror="${1%/}" '
        /^deb/ && index($0, mirror) && match($0, /signed-by=[^] ,]+/) && !found {
          print substr($0, RSTART + 10, RLENGTH - 10); found = 1 }' "$file")
    fi
  done
  for file in /etc/apt/sources.list.d/*.sources; do
    if [ -r "$file" ] && [ -z "$keyring" ]; then
      keyring=$(awk -v RS= -v mirror="${1%/}" '
        index($0, mirror) && match($0, /Signed-By:[ \t]*\/[^ \t\n]+/) && !found {
          path = substr($0, RSTART, RLENGTH); sub(/^Signed-By:[ \t]*/, "", path)
          print path; found = 1 }' "$file")
    fi
  done
  if [ -z "$keyring" ] && [ -r /usr/share/keyrings/debian-archive-keyring.gpg ]; then
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  fi
  echo "$keyring"
}

write_apt_configuration() {
  local mirror keyring
  mirror=$(debian_mirror)
  [ -n "$mirror" ] || fail "no Debian mirror found in this machine's apt sources"
  keyring=$(debian_keyring "$mirror")
  mkdir -p "$APT_ROOT"/{etc/empty,state/lists/partial,cache/archives/partial}
  : >"$APT_ROOT/state/status"
  echo "deb-src ${keyring:+[signed-by=$keyring] }$mirror $SOURCE_SUITE main" \
    >"$APT_ROOT/etc/sources.list"
  # The hooks of the machine (emptying its cache, telling its desktop) are not for these lists. No
  # sandbox user: it could not enter a cache below root's home.
  cat >"$APT_ROOT/apt.conf" <<CONF
Dir::Etc::sourcelist "$APT_ROOT/etc/sources.list";
Dir::Etc::sourceparts "$APT_ROOT/etc/empty";
Dir::Etc::preferencesparts "$APT_ROOT/etc/empty";
Dir::State "$APT_ROOT/state";
Dir::State::status "$APT_ROOT/state/status";
Dir::Cache "$APT_ROOT/cache";
APT::Sandbox::User "";
APT::Get::AllowUnauthenticated "false";
Acquire::AllowInsecureRepositories "false";
Acquire::Retries "3";
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
CONF
}

# fetch_debian_source <package> <folder>: leaves the files of the source package in folder.
fetch_debian_source() {
  mkdir -p "$2"
  write_apt_configuration
  (
    cd "$2"
    apt-get -c "$APT_ROOT/apt.conf" update
    apt-get -c "$APT_ROOT/apt.conf" source --only-source --download-only "$1"
  )
}

# debian_source_version <folder>: of the package that lies there, fit for a file name.
debian_source_version() {
  local dsc
  dsc=$(ls "$1"/*.dsc)
  dsc=${dsc##*_}
  echo "${dsc%.dsc}" | tr '+~' '..'
}

# unpack_debian_source <folder> <target>: upstream's tree with debian/ beside it, patches unapplied.
unpack_debian_source() {
  rm -rf "$2" "$2.part"
  dpkg-source --skip-patches -x "$1"/*.dsc "$2.part"
  mv "$2.part" "$2"
}

# apply_debian_patches <tree> <left-out...>: names without suffix.
apply_debian_patches() {
  local tree=$1 name
  shift
  while read -r name _; do
    case $name in '' | '#'*) continue ;; esac
    case " $* " in *" ${name%.*} "*) continue ;; esac
    echo "patch $name"
    patch -d "$tree" -p1 -s --no-backup-if-mismatch -i "debian/patches/$name"
  done <"$tree/debian/patches/series"
}
