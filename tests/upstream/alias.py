"""A plugin of pytest: ``import fastapi`` gives fasterapi, and what became of each test is written
to the file that FASTERAPI_OUTCOMES names."""

import json
import os
import tempfile

import pytest
import stand_in  # noqa: F401


class Outcomes:
    """What became of each test: the worst of its phases."""

    def __init__(self, file):
        self._file = file
        self._outcomes = {}
        self._ways = {}  # by which its requests went, with over_sockets

    def pytest_collection_modifyitems(self, items):
        for item in items:
            self._outcomes.setdefault(item.nodeid, "")

    def pytest_runtest_logreport(self, report):
        self._ways.update((report.nodeid, v) for k, v in report.user_properties if k == "ways")
        known = self._outcomes.get(report.nodeid, "")
        if report.failed:
            kind = "failed" if report.when == "call" else "error"
            lines = str(report.longrepr).strip().splitlines() or [""]
            self._outcomes[report.nodeid] = f"{kind}: {lines[-1][:300]}"
        elif not known and (report.when == "call" or report.skipped):
            self._outcomes[report.nodeid] = report.outcome

    def pytest_collectreport(self, report):
        if report.failed:
            lines = str(report.longrepr).strip().splitlines()
            self._outcomes[report.nodeid] = f"error: {lines[-1][:300]}"

    def pytest_sessionfinish(self):
        with open(self._file, "w", encoding="utf-8") as out:
            json.dump({"outcomes": self._outcomes, "ways": self._ways}, out, indent=1)


class Apart:
    """A process among several works in a folder of its own, which looks as the checkout does: tests
    make files of one name where they are."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self):
        checkout = os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            for entry in os.scandir(checkout):
                os.symlink(entry.path, os.path.join(folder, entry.name))
            os.chdir(folder)
            try:
                return (yield)
            finally:
                os.chdir(checkout)


def pytest_configure(config):
    if hasattr(config, "workerinput"):
        config.pluginmanager.register(Apart(), "fasterapi-apart")
    file = os.environ.get("FASTERAPI_OUTCOMES")
    if file and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Outcomes(file), "fasterapi-outcomes")
