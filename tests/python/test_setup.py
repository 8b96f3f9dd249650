"""How set-up gets a dependency from source: one at a time, verified, resumed where it was
interrupted. The functions of scripts/lib on a source package of a few bytes."""

import os
import platform
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.skipif(shutil.which("dpkg-source") is None, reason="there is no dpkg-source"),
    pytest.mark.skipif(platform.python_implementation() != "CPython", reason="once is enough"),
]

LIB = Path(__file__).resolve().parents[2] / "scripts" / "lib"

# What a dependency brings: each step leaves a letter in $DONE.
PRELUDE = f"""
source {LIB}/common.sh
source {LIB}/debian_source.sh
source {LIB}/dependency.sh
source {LIB}/catch2.sh
builds_from_source() {{ true; }}
recipe_hash() {{ echo recipe; }}
fetch_debian_source() {{
  printf f >>"$DONE"
  mkdir -p "$2"
  cp "$PACKAGE"/* "$2"
}}
compile_catch2() {{
  printf c >>"$DONE"
  mkdir -p "$1/build"
  cp "$1/source/hello" "$1/build"
}}
install_catch2() {{
  mkdir -p "$1/staged$prefix"
  cp "$1/build/hello" "$1/staged$prefix"
}}
verify_catch2() {{
  printf v >>"$DONE"
  grep -q "hello, world" "$1/hello"
}}
wait_at_gate() {{ cat "$GATE" >/dev/null; }}
"""
WAITING_COMPILE = """
compile_catch2() {
  printf c >>"$DONE"
  mkdir -p "$1/build"
  echo half >"$1/build/hello"
  wait_at_gate
  cp "$1/source/hello" "$1/build"
}
"""
# Beside what it unpacked lies what an interruption may leave.
WAITING_UNPACK = """
dpkg-source() {
  command dpkg-source "$@"
  touch "${@: -1}/junk"
  wait_at_gate
}
"""
COMPILE_FROM_NOTHING = """
compile_catch2() {
  mkdir "$1/build"
  cp "$1/source/hello" "$1/build"
}
"""
INSTALL_ALL = """
install_catch2() {
  mkdir -p "$1/staged$prefix"
  cp -r "$1/source/." "$1/staged$prefix"
}
"""
ENSURE = "\nensure_catch2\necho $FASTERAPI_CATCH2_ROOT\n"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The files of a Debian source package."""
    folder = tmp_path_factory.mktemp("package")
    tree = folder / "hello-1"
    (tree / "debian" / "source").mkdir(parents=True)
    (tree / "debian" / "source" / "format").write_text("3.0 (native)\n")
    (tree / "debian" / "control").write_text(
        "Source: hello\nMaintainer: A <a@example.org>\n\nPackage: hello\nArchitecture: all\n"
        "Description: hello\n"
    )
    (tree / "debian" / "changelog").write_text(
        "hello (1) trixie; urgency=low\n\n  * First.\n\n"
        " -- A <a@example.org>  Sat, 01 Nov 2025 00:00:00 +0000\n"
    )
    (tree / "hello").write_text("hello, world\n")
    subprocess.run(["dpkg-source", "-b", tree.name], cwd=folder, check=True, capture_output=True)
    shutil.rmtree(tree)
    return folder


class SetUp:
    """A cache of its own, and set-ups that fill it."""

    def __init__(self, folder, package):
        self.cache = folder / "cache"
        self.gate = folder / "gate"
        self.package = folder / "package"
        self._done = folder / "done"
        self._running = []
        self._done.touch()
        os.mkfifo(self.gate)
        shutil.copytree(package, self.package)

    def start(self, *changes):
        variables = {
            "PATH": os.environ["PATH"],
            "FASTERAPI_CACHE": str(self.cache),
            "PACKAGE": str(self.package),
            "GATE": str(self.gate),
            "DONE": str(self._done),
        }
        pipe = subprocess.PIPE
        script = "".join([PRELUDE, *changes, ENSURE])
        running = subprocess.Popen(
            ["bash", "-c", script], env=variables, stdout=pipe, stderr=pipe, text=True,
            start_new_session=True,
        )  # fmt: skip
        self._running.append(running)
        return running

    def run(self, *changes):
        return finish(self.start(*changes))

    def hold(self, *changes):
        """One that stands at the gate, and what opens it."""
        running = self.start(*changes)
        return running, open(self.gate, "w")

    def kill_at(self, change):
        """One that is killed, with all that it runs, while it stands at the gate."""
        killed, gate = self.hold(change)
        os.killpg(killed.pid, signal.SIGKILL)
        killed.communicate()
        gate.close()

    @property
    def done(self):
        """Letters of the steps so far: fetched, compiled, verified."""
        return self._done.read_text()

    @property
    def work(self):
        return self.cache / "work" / "catch2-wip-recipe"

    def published(self):
        return [path.parent for path in self.cache.glob("catch2-*/.complete")]

    def end(self):
        for running in self._running:
            with running:
                if running.poll() is None:
                    os.killpg(running.pid, signal.SIGKILL)


def finish(running):
    out, err = running.communicate(timeout=20)
    return running.returncode, out.strip(), err


@pytest.fixture
def setup(tmp_path, package):
    made = SetUp(tmp_path, package)
    yield made
    made.end()


def test_a_dependency_is_built_once_and_then_found(setup):
    status, root, _ = setup.run()
    assert status == 0
    assert [Path(root)] == setup.published() == [setup.cache / "catch2-1-recipe"]
    assert (Path(root) / "hello").read_text() == "hello, world\n"
    assert not setup.work.exists()
    assert setup.run() == (0, root, "")
    assert setup.done == "fcv"


def test_of_two_at_once_the_second_waits_for_the_first_and_says_for_whom(setup):
    first, gate = setup.hold(WAITING_COMPILE)
    second = setup.start()
    assert f"process {first.pid}, since" in second.stderr.readline()
    gate.close()
    first_root = finish(first)[1]
    assert finish(second) == (0, first_root, "")
    assert setup.done == "fcv"


def test_what_was_killed_while_it_compiled_goes_on_there(setup):
    setup.kill_at(WAITING_COMPILE)
    assert setup.published() == []
    status, root, told = setup.run()
    assert status == 0
    assert f"resuming in {setup.work}" in told
    assert (Path(root) / "hello").read_text() == "hello, world\n"
    assert setup.done == "fc" + "cv"


def test_what_was_killed_while_it_unpacked_unpacks_anew(setup):
    setup.kill_at(WAITING_UNPACK)
    assert (setup.work / "source.part" / "junk").exists()
    status, root, _ = setup.run(INSTALL_ALL)
    assert status == 0
    assert {path.name for path in Path(root).iterdir()} == {".complete", "debian", "hello"}
    assert setup.done == "f" + "cv"


def test_a_build_that_outlives_a_killed_set_up_keeps_the_next_one_off(setup):
    killed, gate = setup.hold(WAITING_COMPILE)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    following = setup.start()
    assert "another set-up holds" in following.stderr.readline()
    assert setup.done == "fc"
    gate.close()  # it finishes what it was at
    status, root, _ = finish(following)
    assert status == 0
    assert [Path(root)] == setup.published()
    assert setup.done == "fcv"


def test_an_interrupted_build_that_cannot_go_on_starts_over(setup):
    setup.kill_at(WAITING_COMPILE)
    status, root, told = setup.run(COMPILE_FROM_NOTHING)
    assert status == 0
    assert "cannot be resumed: starting over" in told
    assert [Path(root)] == setup.published()
    assert setup.done == "fc" + "fv"


def test_a_fresh_build_that_fails_is_not_tried_again(setup):
    status, root, told = setup.run('compile_catch2() { echo "no room" && return 3; }')
    assert (status, root) == (3, "")
    assert "no room" in told
    assert setup.done == "f"
    assert setup.published() == []


def test_a_build_that_does_not_work_is_not_published(setup):
    status, _, told = setup.run('compile_catch2() { mkdir "$1/build" && echo hm >"$1/build/hello"; }')
    assert status != 0
    assert "try a test" in told
    assert setup.done == "fv"
    assert setup.published() == []


def test_what_differs_from_its_sums_is_not_unpacked_and_fetched_anew(setup, package):
    archive = next(setup.package.glob("*.tar.*"))
    archive.write_bytes(archive.read_bytes()[:-1] + b"!")
    status, _, told = setup.run()
    assert status != 0
    assert "checksum" in told
    assert setup.done == "f"
    assert setup.published() == []
    shutil.copy(package / archive.name, archive)
    status, root, told = setup.run()
    assert status == 0
    assert "cannot be resumed: starting over" in told
    assert setup.done == "f" + "fcv"
    assert [Path(root)] == setup.published()
