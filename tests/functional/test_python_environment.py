"""Which Python an app runs in: virtual environment, search path, and what an import needs."""

import pytest

APP = """
import sys
from fasterapi import App
import shop

app = App()

@app.get("/")
def where():
    return [shop.__file__, sys.prefix, sys.executable]
"""


def virtual_environment(folder, version):
    packages = folder / "lib" / version / "site-packages"
    packages.mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text("include-system-site-packages = false\n")
    return packages


@pytest.fixture
def version(serve):
    served = serve(
        "import sys\nfrom fasterapi import App\napp = App()\n"
        "app.get('/')(lambda: list(sys.version_info[:2]))\n"
    )
    return "python{}.{}".format(*served.get("/").json())


def test_a_virtual_environment_is_used_with_its_pth_files(serve, tmp_path, version):
    packages = virtual_environment(tmp_path / "venv", version)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "shop.py").write_text("")
    (packages / "editable.pth").write_text(f"{tmp_path / 'elsewhere'}\n")
    server = serve(APP, config={"workers": 2, "python": {"venv": str(tmp_path / "venv")}})
    file, prefix, executable = server.get("/").json()
    assert file == str(tmp_path / "elsewhere" / "shop.py")
    assert prefix == str(tmp_path / "venv")
    assert executable.startswith(str(tmp_path / "venv"))


def test_a_virtual_environment_of_another_python_is_refused(serve, tmp_path):
    virtual_environment(tmp_path / "venv", "python3.1")
    config = {"python": {"venv": str(tmp_path / "venv")}}
    server = serve(APP, config=config, is_ready=False)
    assert server.wait() == 2
    assert "is for another Python" in server.log


def test_a_home_without_a_library_is_refused(serve, tmp_path):
    server = serve(APP, config={"python": {"home": str(tmp_path)}}, is_ready=False)
    assert server.wait() == 2
    assert f"python.home: {tmp_path}" in server.log


def test_python_path_comes_before_everything_else(serve, tmp_path):
    (tmp_path / "shop.py").write_text("")
    server = serve(APP, config={"python": {"path": [str(tmp_path)]}})
    assert server.get("/").json()[0] == str(tmp_path / "shop.py")


def test_pythonpath_is_searched(serve, tmp_path):
    (tmp_path / "shop.py").write_text("")
    server = serve(APP, env={"PYTHONPATH": str(tmp_path)})
    assert server.get("/").json()[0] == str(tmp_path / "shop.py")


def test_a_missing_dependency_is_told_with_advice(serve):
    server = serve(APP, is_ready=False)
    assert server.wait() == 3
    assert "No module named 'shop'" in server.log
    assert "--python-venv" in server.log


def test_a_thread_that_does_not_end_is_named_and_does_not_hang_the_exit(serve):
    server = serve(
        "import threading\nfrom fasterapi import App\napp = App()\n"
        "@app.get('/')\ndef stick():\n"
        "    threading.Thread(target=threading.Event().wait, name='sticky').start()\n",
        config={"timeouts": {"drain": "1s"}},
    )
    server.get("/")
    server.stop(expected=5)
    assert "threads that did not end: sticky" in server.log


def test_an_encoder_that_no_sub_interpreter_loads_gives_way_to_ours(serve):
    server = serve("""
        import sys
        from fasterapi import App
        from fasterapi.responses import ORJSONResponse, UJSONResponse

        class Refusing:
            def find_spec(self, name, path=None, target=None):
                if name == "orjson":
                    raise ImportError(f"module {name} does not support loading in subinterpreters")
                if name == "ujson":
                    raise ModuleNotFoundError(f"No module named {name!r}", name=name)

        sys.meta_path.insert(0, Refusing())
        app = App(default_response_class=ORJSONResponse)

        @app.get("/")
        def read():
            return {"a": [1, None]}

        @app.get("/absent", response_class=UJSONResponse)
        def absent():
            return {}
    """)
    assert server.get("/").json() == {"a": [1, None]}
    assert server.get("/absent").status == 500
    server.wait_log("No module named 'ujson'")


REFUSED = 'raise ImportError("module pydantic_core._x does not support loading in subinterpreters")'


@pytest.mark.parametrize(
    "app, fastapi, pydantic, said",
    [
        (
            "from pydantic import BaseModel",
            None,
            REFUSED,
            ["write `from fasterapi import Model, Field`", "--python-use-subinterpreters=false"],
        ),
        ("from pydantic import BaseModel", None, None, ["`from fasterapi import Model, Field`"]),
        (
            "from fastapi import APIRouter, FastAPI",
            "import pydantic",
            REFUSED,
            ["write `from fasterapi import APIRouter, FastAPI`", "docs/fastapi.md"],
        ),
        (
            "import fastapi.responses as r",
            None,
            None,
            ["write `import fasterapi.responses as r`", "docs/fastapi.md"],
        ),
    ],
)
def test_an_import_of_fastapi_or_pydantic_that_fails_says_what_is_in_their_place(
    serve, tmp_path, app, fastapi, pydantic, said
):
    for name, source in (("fastapi", fastapi), ("pydantic", pydantic)):
        if source is not None:
            (tmp_path / f"{name}.py").write_text(source)
    server = serve(app, config={"python": {"path": [str(tmp_path)]}}, is_ready=False)
    assert server.wait() == 3
    for text in said:
        assert text in server.log


DAEMON = """
import atexit, threading
from fasterapi import App

app = App()
ending = threading.Event()
EXIT

def wait():
    ending.wait()
    print("the daemon has ended", flush=True)

@app.get("/")
def start():
    threading.Thread(target=wait, name="daemonic", daemon=True).start()
    return [thread.daemon for thread in threading.enumerate() if thread.name == "daemonic"]
"""


def test_a_daemon_thread_is_told_of_the_end_by_atexit(serve):
    server = serve(DAEMON.replace("EXIT", "atexit.register(ending.set)"))
    assert server.get("/").json() == [True]
    server.stop()
    assert "the daemon has ended" in server.log
    assert "did not end" not in server.log


def test_a_daemon_thread_does_not_hold_up_the_end(serve):
    server = serve(DAEMON.replace("EXIT", ""), config={"timeouts": {"drain": "20s"}})
    assert server.get("/").json() == [True]
    server.stop(seconds=10)
    assert "ERROR" not in server.log
    assert server.log.rstrip().endswith("stopped")
