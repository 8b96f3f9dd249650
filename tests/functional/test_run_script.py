"""What scripts/run gives to the server."""

import subprocess

import pytest

from support.server import ROOT, environment

EXAMPLE = ["--app", f"{ROOT}/python_apps/basic_app.py:app"]
PORT = ["--port", "8000"]


@pytest.mark.parametrize(
    "arguments, env, expected",
    [
        ([], {}, [*EXAMPLE, *PORT]),
        (["dev", "shop:app"], {}, ["dev", "--app", "shop:app", *PORT]),
        (["--port=9"], {}, [*EXAMPLE, "--port=9"]),
        (["--config", "a.json"], {}, ["--config", "a.json"]),
        (["--debug"], {"FASTERAPI_CONFIG": "a.json"}, ["--debug"]),
        ([], {"FASTERAPI_APP": "shop:app"}, PORT),
        ([], {"FASTERAPI_APP": "", "FASTERAPI_CONFIG": ""}, [*EXAMPLE, *PORT]),
        (["shop:app"], {"FASTERAPI_CONFIG": "a.json"}, ["--app", "shop:app"]),
        ([], {"FASTERAPI_PORT": "9"}, EXAMPLE),
    ],
)
def test_defaults_do_not_override_what_is_said(arguments, env, expected):
    script = 'source "$1" && shift && fill_arguments "$@" && printf "%s\\n" "${ARGUMENTS[@]}"'
    done = subprocess.run(
        ["bash", "-c", script, "bash", str(ROOT / "scripts" / "run"), *arguments],
        env=environment(env),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == expected
