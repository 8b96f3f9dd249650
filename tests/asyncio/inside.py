"""An app that runs a module of CPython's test_asyncio instead of serving: in a worker that takes jobs.

ASYNCIO_TESTS is JSON: the module, whether on the worker's loop, tests to leave out, and the file for
what became of them, a line when a test begins and one when it has ended. Then the process ends.
"""

import asyncio
import importlib
import json
import os
import selectors
import threading
import traceback
import unittest
from asyncio import unix_events

from fasterapi import App, _worker
from fasterapi._worker_loop import WorkerLoop

OPTIONS = json.loads(os.environ["ASYNCIO_TESTS"])
ON_OTHER_SELECTORS = ("SelectEventLoopTests", "PollEventLoopTests")

app = App()


@app.get("/")
def alive() -> str:
    return "alive"


class WorkerSelector:
    """The worker's own selector, which takes jobs and runs the reactor, for one loop after another."""

    is_free = True

    def __init__(self) -> None:
        WorkerSelector.is_free = False
        self.is_closed = False
        self.real = _worker._loop._selector

    def __getattr__(self, name):
        if self.is_closed:
            raise RuntimeError("the selector is closed")
        return getattr(self.real, name)

    def close(self) -> None:
        if not self.is_closed:
            empty(self.real)
            self.is_closed = WorkerSelector.is_free = True


class TestedLoop(WorkerLoop):
    """What tests get for a SelectorEventLoop. One at a time waits as a worker does; a second one, or one
    of another thread, has the callbacks and turns of ours, over an epoll of its own."""

    made = served = 0

    def __init__(self, selector=None) -> None:
        TestedLoop.made += 1
        if selector is not None:
            selector.close()
        if threading.get_ident() != WORKER or not WorkerSelector.is_free:
            super().__init__(selectors.EpollSelector())
            return
        TestedLoop.served += 1
        super().__init__(WorkerSelector())
        self._selector.real.jobs.attach(self)


def empty(selector) -> None:
    for key in list(selector.get_map().values()):
        selector.unregister(key.fd)


def put_in_place(loop) -> None:
    """Of asyncio's own loop, and out of debug mode, in which ours steps aside."""
    asyncio.SelectorEventLoop = asyncio.EventLoop = loop
    unix_events.SelectorEventLoop = unix_events.EventLoop = loop
    unix_events._UnixDefaultEventLoopPolicy._loop_factory = loop
    if OPTIONS["module"].endswith(".test_events"):
        asyncio.SafeChildWatcher = asyncio.PidfdChildWatcher  # that one's signals are the main thread's
    unittest.IsolatedAsyncioTestCase._setupAsyncioRunner = set_up_runner


def set_up_runner(self) -> None:
    self._asyncioRunner = asyncio.Runner(debug=False, loop_factory=self.loop_factory)


class Result(unittest.TestResult):
    """Writes down what becomes of each test."""

    def __init__(self, file) -> None:
        super().__init__()
        self.file = file

    def write(self, **fields) -> None:
        self.file.write(json.dumps(fields) + "\n")
        self.file.flush()

    def startTest(self, test) -> None:
        super().startTest(test)
        self.outcome, self.text = "passed", ""
        self.before = TestedLoop.made, TestedLoop.served
        self.write(test=test.id(), began=True)

    def stopTest(self, test) -> None:
        made, served = TestedLoop.made - self.before[0], TestedLoop.served - self.before[1]
        self.write(test=test.id(), outcome=self.outcome, text=self.text, made=made, served=served)

    def note(self, outcome, text) -> None:
        self.outcome, self.text = outcome, self.text + text

    def addError(self, test, err) -> None:
        text = "".join(traceback.format_exception(*err))
        if isinstance(test, unittest.TestCase):
            self.note("failed", text)
        else:  # of a class or module
            self.write(test=str(test), outcome="failed", text=text, made=0, served=0)

    addFailure = addError

    def addSubTest(self, test, subtest, err) -> None:
        if err is not None:
            self.note("failed", "".join(traceback.format_exception(*err)))

    def addSkip(self, test, reason) -> None:
        self.note("skipped", reason)

    def addExpectedFailure(self, test, err) -> None:
        self.note("passed", "")

    def addUnexpectedSuccess(self, test) -> None:
        self.note("failed", "an unexpected success")


def chosen(suite):
    """The suite without what is left out."""
    kept = unittest.TestSuite()
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            kept.addTest(chosen(each))
        elif not is_left_out(each):
            kept.addTest(each)
    return kept


def is_left_out(test) -> bool:
    if type(test).__name__ in ON_OTHER_SELECTORS or test.id() in OPTIONS["left_out"]:
        return True
    return any(part in test.id() for part in OPTIONS["not_here"])


def run_tests(_jobs: object) -> None:
    global WORKER
    WORKER = threading.get_ident()
    with open(OPTIONS["results"], "a", encoding="utf-8") as file:
        result = Result(file)
        try:
            importlib.import_module(OPTIONS["module"])
            empty(_worker._loop._selector)
            asyncio.set_event_loop(None)
            loop = TestedLoop if OPTIONS["is_ours"] else asyncio.SelectorEventLoop
            put_in_place(loop)
            chosen(unittest.defaultTestLoader.loadTestsFromName(OPTIONS["module"])).run(result)
            result.write(is_over=True)
        except BaseException:
            result.write(is_over=True, error=traceback.format_exc())
    os._exit(0)


_worker._run_until_closed = run_tests
