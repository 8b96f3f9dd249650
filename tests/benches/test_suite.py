"""bench/suite: what becomes of the figures that bench programs give. The programs are stand-ins."""

import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree
from pathlib import Path
from typing import Any, Dict, List

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUITE = ROOT / "bench" / "suite"

PROGRAM = """\
#!{python}
import json, sys
rows = {rows}
if "--only" in sys.argv:
    rows = [row for row in rows if sys.argv[sys.argv.index("--only") + 1] in row["name"]]
if not rows:
    sys.exit(1)
with open(sys.argv[sys.argv.index("--json") + 1], "w") as file:
    json.dump({{"program": "any", "rows": rows}}, file)
"""

# Counts what a file in the build says.
VALGRIND = """\
#!{python}
import pathlib, sys
if "--version" in sys.argv:
    sys.exit(print("valgrind-9.9"))
out = next(each for each in sys.argv if each.startswith("--callgrind-out-file=")).split("=")[1]
program = pathlib.Path(sys.argv[5])
counts = program.parents[1] / "counts" / program.name
for place, line in enumerate(counts.read_text().splitlines()):
    name, calls, total = line.split("|")
    label = f"desc: Trigger: Client Request: bench|{{program.name}}|{{name}}|{{calls}}"
    dump = f"version: 1\\n{{label}}\\nsummary: 0\\n\\ntotals: {{total}}\\n"
    pathlib.Path(f"{{out}}.{{place}}").write_text(dump)
"""

TYPICAL: Dict[str, Any] = {
    "median_ns": 500.0,
    "low_ns": 490.0,
    "high_ns": 520.0,
    "cpu_ns": 510.0,
    "mean_ns": 600.0,
    "p50_ns": 540.0,
    "p95_ns": 700.0,
    "p99_ns": 900.0,
}


def _row(name: str, **figures: float) -> Dict[str, Any]:
    return {"name": name, **TYPICAL, **figures}


class Build:
    """A build's folder with stand-ins for its programs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "bench").mkdir(parents=True)
        (folder / "counts").mkdir()
        self._script(folder / "fasterapi-server", "#!/bin/sh\necho fasterapi-server 9.9\n")
        cache = "CMAKE_BUILD_TYPE:STRING=Release\nCMAKE_CXX_FLAGS_RELEASE:STRING=-O3 -DNDEBUG\n"
        (folder / "CMakeCache.txt").write_text(f"{cache}FASTERAPI_LTO:UNINITIALIZED=ON\n")

    def add(self, program: str, rows: List[Dict[str, Any]], counts: str = "") -> None:
        file = self.folder / "bench" / program
        self._script(file, PROGRAM.format(python=sys.executable, rows=repr(rows)))
        (self.folder / "counts" / program).write_text(counts)

    @staticmethod
    def _script(file: Path, text: str) -> None:
        file.write_text(text)
        file.chmod(0o755)


@pytest.fixture
def suite(tmp_path: Path) -> Any:
    """Runs a script of bench/suite, with a stand-in for valgrind."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "valgrind").write_text(VALGRIND.format(python=sys.executable))
    (tools / "valgrind").chmod(0o755)

    def run(
        script: str, *arguments: str, **variables: str
    ) -> "subprocess.CompletedProcess[str]":
        environment = {
            **os.environ,
            **variables,
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "bench" / "load"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [sys.executable, str(SUITE / script), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    return run


def _measure(suite: Any, build: Build, out: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    done: "subprocess.CompletedProcess[str]" = suite(
        "run.py",
        f"--build={build.folder}",
        f"--out={out}",
        "--command=the command",
        "--patience=0",
        *more,
    )
    return done


def _complete_system(build: Build) -> None:
    build.add(
        "bench_complete_system",
        [_row("inline: typed path and query"), _row("crossing, one core: typed path and query")],
        "inline: typed path and query|500|2000000",
    )


def test_a_run_writes_figures_page_and_plots(suite: Any, tmp_path: Path) -> None:
    build = Build(tmp_path / "build")
    _complete_system(build)
    done = _measure(suite, build, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    files = {file.suffix: file for file in (tmp_path / "out").iterdir()}
    written = json.loads(files[".json"].read_text())
    row = written["programs"]["bench_complete_system"][0]
    assert row == {**_row("inline: typed path and query"), "instructions": 4000.0}
    assert written["machine"]["flags"] == "Release: -O3 -DNDEBUG -flto"
    assert written["machine"]["server"] == "fasterapi-server 9.9"
    page = files[".md"].read_text()
    assert "- command: the command\n" in page
    assert "| mean | 6.5 µs | 4.0 µs | 2.5 µs | 0.60 µs | 0.60 µs |\n" in page
    assert "| requests a second, one core | 154K | 250K | 400K | 2,000K | 2,000K |\n" in page
    assert "| CPU at 100K requests a second | 400 ms | 250 ms | 150 ms | 51 ms | 51 ms |\n" in page
    plot = xml.etree.ElementTree.parse(files[".svg"]).getroot()
    assert "typed path and query" in "".join(plot.itertext())


def test_the_ablation_table_compares_with_all_on(suite: Any, tmp_path: Path) -> None:
    build = Build(tmp_path / "build")
    on = ["own GILs", "ring", "zero-copy", "inline"]
    off = ["one shared GIL", "mutex queue", "string building", "crossing threads"]
    rows = [_row(", ".join(on))]
    for place in range(4):
        names = [off[i] if i == place else on[i] for i in range(4)]
        rows.append(_row(", ".join(names), median_ns=400.0 + 100 * place))
    rows.append(_row(", ".join(off), median_ns=5000.0))
    build.add("bench_ablation", rows)
    assert _measure(suite, build, tmp_path / "out").returncode == 0
    page = next((tmp_path / "out").glob("*.md")).read_text()
    assert "| all on | 500 |  | 510 |  |  |  |  |\n" in page
    assert "| one shared GIL | 400 | -100 | 510 | +0 |  |  | +500 |\n" in page
    assert "| string building | 600 | +100 | 510 | +0 |  |  | +300 |\n" in page
    assert "| all off | 5000 | +4500 | 510 | +0 |  |  | +1700 |\n" in page


def test_pooling_and_batching_have_tables_of_their_own(suite: Any, tmp_path: Path) -> None:
    build = Build(tmp_path / "build")
    names = ["(req, res), objects used again", "(req, res), objects made anew"]
    names += ["(req, res), all off", "a request, batches of 10", "a request, one by one"]
    names += ["a request, all off"]
    rows = [_row(name, cpu_ns=400.0 + 100 * place) for place, name in enumerate(names)]
    build.add("bench_ablation", rows, "\n".join(f"{name}|10|6000" for name in names[:2]))
    assert _measure(suite, build, tmp_path / "out").returncode == 0
    page = next((tmp_path / "out").glob("*.md")).read_text()
    assert "| pooling | 500 | +0 | 500 | +100 | 600 | +0 | +450 |\n" in page
    assert "| batching | 500 | +0 | 800 | +100 |  |  |  |\n" in page
    assert "Batched, a request costs 0.88 of one by itself.\n" in page


def _written(folder: Path, only: str) -> Dict[str, Any]:
    file = next(folder.glob(f"*-micro-{only}.json"))
    programs: Dict[str, Any] = json.loads(file.read_text())["programs"]
    return programs


def test_only_names_a_program_or_rows(suite: Any, tmp_path: Path) -> None:
    build = Build(tmp_path / "build")
    _complete_system(build)
    build.add("bench_other", [_row("a row")])
    _measure(suite, build, tmp_path, "--only=other")
    assert list(_written(tmp_path, "other")) == ["bench_other"]
    _measure(suite, build, tmp_path, "--only=crossing")
    written = _written(tmp_path, "crossing")
    assert list(written) == ["bench_complete_system"]
    assert len(written["bench_complete_system"]) == 1
    none = _measure(suite, build, tmp_path, "--only=nothing such")
    assert none.returncode == 1
    assert "nothing has 'nothing such' in its name" in none.stderr


def test_a_program_that_fails_ends_the_run(suite: Any, tmp_path: Path) -> None:
    build = Build(tmp_path / "build")
    build.add("bench_broken", [])
    done = _measure(suite, build, tmp_path / "out")
    assert done.returncode == 1
    assert "bench_broken ended with 1" in done.stderr
    assert not (tmp_path / "out").exists()


def _two_builds(tmp_path: Path, instructions: int) -> List[str]:
    for name, median, total in (("base", 500.0, 1000), ("head", 400.0, instructions)):
        build = Build(tmp_path / name)
        build.add("bench_pure_cpp", [_row("health", median_ns=median)], f"health|10|{total}")
    return [f"--base={tmp_path / 'base'}", f"--head={tmp_path / 'head'}", "--rounds=2"]


def test_compare_shows_ratios(suite: Any, tmp_path: Path) -> None:
    done = suite("compare.py", *_two_builds(tmp_path, 1040))
    assert done.returncode == 0, done.stderr
    line = "| bench_pure_cpp: health | 500.0 | 400.0 | 0.800 | 100 | 104 | 1.040 |\n"
    assert line in done.stdout


def test_compare_fails_where_instructions_grow(suite: Any, tmp_path: Path) -> None:
    arguments = _two_builds(tmp_path, 1060)
    done = suite("compare.py", *arguments)
    assert done.returncode == 1
    assert "bench_pure_cpp, health: 1.060 of the base's instructions" in done.stderr
    assert suite("compare.py", *arguments, "--fail-above=1.1").returncode == 0


def _smoke(suite: Any, build: Build, results: Path) -> "subprocess.CompletedProcess[str]":
    done: "subprocess.CompletedProcess[str]" = suite(
        "smoke.py", f"--build={build.folder}", f"--results={results}"
    )
    return done


@pytest.fixture
def counted(suite: Any, tmp_path: Path) -> Build:
    """A build whose instructions are in tmp_path / "results"."""
    build = Build(tmp_path / "build")
    build.add("bench_pure_cpp", [_row("health"), _row("items")], "health|10|1000\nitems|10|5000")
    done = suite("count.py", f"--build={build.folder}", f"--out={tmp_path / 'results'}")
    assert done.returncode == 0, done.stderr
    return build


def _recount(build: Build, counts: str) -> None:
    build.add("bench_pure_cpp", [_row("health"), _row("items")], counts)


def test_a_smoke_fails_where_instructions_grew(suite: Any, counted: Build, tmp_path: Path) -> None:
    same = _smoke(suite, counted, tmp_path / "results")
    assert same.returncode == 0, same.stderr
    assert "instructions: 2 rows compared, 0 grew, 0 are new" in same.stdout
    _recount(counted, "health|10|1060\nitems|10|5200")
    more = _smoke(suite, counted, tmp_path / "results")
    assert more.returncode == 1
    assert "bench_pure_cpp, health: 1.060 of the instructions of " in more.stdout
    assert more.stdout.splitlines()[-1] == "1 passed, 1 failed"


def test_counting_anew_lets_a_smoke_pass(suite: Any, counted: Build, tmp_path: Path) -> None:
    _recount(counted, "health|10|2000\nitems|10|5000")
    results = tmp_path / "results"
    assert _smoke(suite, counted, results).returncode == 1
    assert suite("count.py", f"--build={counted.folder}", f"--out={results}").returncode == 0
    assert _smoke(suite, counted, results).returncode == 0


def test_a_smoke_tells_of_rows_that_need_less(suite: Any, counted: Build, tmp_path: Path) -> None:
    _recount(counted, "health|10|500\nitems|10|5000")
    less = _smoke(suite, counted, tmp_path / "results")
    assert less.returncode == 0
    assert "bench_pure_cpp, health: 0.500 of the instructions of " in less.stdout
    assert "--count writes them anew" in less.stdout


def test_instructions_of_another_build_are_not_compared(
    suite: Any, counted: Build, tmp_path: Path
) -> None:
    _recount(counted, "health|10|9000\nitems|10|5000")
    cache = counted.folder / "CMakeCache.txt"
    cache.write_text(cache.read_text().replace("-O3", "-O0"))
    other = _smoke(suite, counted, tmp_path / "results")
    assert other.returncode == 0
    assert "2 rows counted, and not compared with instructions.json: flags was " in other.stdout


def _python(folder: Path, built: str) -> Dict[str, str]:
    (folder / "bin").mkdir(parents=True)
    Build._script(folder / "bin" / "python3", f"#!/bin/sh\necho {built}\n")
    return {"FASTERAPI_PYTHON_ROOT": str(folder)}


def test_a_python_of_the_same_recipe_has_more_room(suite: Any, tmp_path: Path) -> None:
    build, out = Build(tmp_path / "build"), tmp_path / "results"
    recipe = "cpython-3.13-pgo-0123"
    mine, other = (_python(tmp_path / built / recipe, built) for built in ("monday", "friday"))

    def counted(program: str, total: int) -> None:
        build.add(program, [_row("json")], f"json|10|{total}")

    def smoke(python: Dict[str, str]) -> int:
        arguments = (f"--build={build.folder}", f"--results={out}")
        code: int = suite("smoke.py", *arguments, **python).returncode
        return code

    counted("bench_json", 1000)
    counted("bench_pure_cpp", 1000)
    arguments = (f"--build={build.folder}", f"--out={out}")
    assert suite("count.py", *arguments, **mine).returncode == 0
    counted("bench_json", 1080)
    assert (smoke(mine), smoke(other)) == (1, 0)
    counted("bench_json", 1110)
    assert smoke(other) == 1
    counted("bench_json", 1000)
    counted("bench_pure_cpp", 1080)
    assert smoke(other) == 1


def test_a_flame_graph_shows_shares_of_the_samples() -> None:
    stack = "    1234 {} (/usr/bin/server)\n    5678 main+0x10 (/usr/bin/server)\n\n"
    session = "fasterapi::net::(anonymous namespace)::session<int, std::pair<a, b>>"
    script = 3 * stack.format(f"{session}::serve(int)+0x2")
    script += stack.format("[unknown]")
    code = "import sys, flame; print(flame.draw(flame.read_stacks(sys.stdin), 'GET /'))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=SUITE, input=script, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    drawn = xml.etree.ElementTree.fromstring(done.stdout)
    svg = "{http://www.w3.org/2000/svg}"
    widths = {
        group.findtext(f"{svg}title"): group.find(f"{svg}rect").get("width")  # type: ignore[union-attr]
        for group in drawn.iter(f"{svg}g")
    }
    assert widths == {
        "main: 4": "1200.0",
        "net::session::serve: 3": "900.0",
        "[server]: 1": "300.0",
    }


def test_a_measurement_is_repeated_until_the_machine_is_quiet() -> None:
    code = """\
import itertools, quiet
cores = iter([0.9, 0.4, 0.7, 0.1, 0.8])
quiet._wait = lambda end: None
quiet.Watch = lambda: type("Watch", (), {"others": staticmethod(lambda: next(cores))})
runs = itertools.count(1)
print(quiet.measure(lambda: next(runs), 1000), quiet.measure(lambda: next(runs), -1))
"""
    command = [sys.executable, "-B", "-c", code]
    done = subprocess.run(command, cwd=SUITE, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "(4, 0.1) (5, 0.8)"


@pytest.mark.parametrize("python", [sys.executable, "pypy3"])
def test_the_package_alone_is_measured_in_any_python(python: str, tmp_path: Path) -> None:
    if shutil.which(python) is None:
        pytest.skip(f"no {python} here")
    figures = tmp_path / "figures.json"
    program = str(ROOT / "bench" / "bench_complete_system.py")
    command = [python, program, "--smoke", f"--json={figures}"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = json.loads(figures.read_text())["rows"]
    assert len(rows) == 11
    assert all(row["median_ns"] > 0 for row in rows)


def test_pythons_are_compared_by_what_programs_do():
    command = [ROOT / "bench/python_speed", "--rounds=1", "--seconds=0.0001", sys.executable]
    done = subprocess.run([*command, sys.executable], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = [line.split("|")[1:-1] for line in done.stdout.splitlines() if line.startswith("|")]
    workloads = rows[2:-1]
    assert len(workloads) == 30
    assert all(float(first) > 0 and float(ratio) > 0 for _, first, ratio in workloads)
