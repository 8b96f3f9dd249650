"""cmake --install: the binary beside its own copy of the package, which is compiled."""

import os
import subprocess
from pathlib import Path

import pytest

from support.server import BINARY

BUILD = os.environ.get("FASTERAPI_BUILD_DIR", os.path.dirname(BINARY))
APP = """
import fasterapi

app = fasterapi.App()

@app.get("/")
def package():
    return [fasterapi.__file__, fasterapi.__cached__]
"""


@pytest.fixture
def prefix(tmp_path):
    folder = tmp_path / "prefix"
    subprocess.run(["cmake", "--install", BUILD, "--prefix", folder], check=True, stdout=subprocess.DEVNULL)
    return folder


def test_an_installed_server_has_its_package_compiled(serve, prefix, tmp_path):
    (tmp_path / "app.py").write_text(APP)
    command = [str(prefix / "bin" / "fasterapi-server"), "--app", str(tmp_path / "app.py:app")]
    # Where bytecode goes without the variable that tests run under.
    server = serve(command=command, env={"PYTHONPYCACHEPREFIX": ""})
    source, bytecode = server.get("/").json()
    assert Path(source).is_relative_to(prefix)
    assert Path(bytecode).is_file()
    modules = set(Path(source).parent.rglob("*.py"))
    compiled = {file.parent.parent / file.name.partition(".")[0] for file in prefix.rglob("*.pyc")}
    assert compiled == {file.with_suffix("") for file in modules}
