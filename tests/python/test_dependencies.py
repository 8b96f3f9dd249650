"""Depends: who is called, when, and what of it the answer shows."""

import json
from typing import Annotated, Any, List

import pytest

from fasterapi import App, Depends, Security
from fasterapi.exceptions import DependencyScopeError, FasterAPIError
from support import dependency_app
from support.dependency_app import app, common, log


@pytest.fixture(autouse=True)
def _empty_log():
    log.clear()
    yield
    app.dependency_overrides.clear()


def get(target: str, *headers: Any, of: Any = app) -> Any:
    path, _, query = target.partition("?")
    answer = of._call("GET", path, query, headers)
    return answer.status, json.loads(answer.body)


def logged() -> List[str]:
    return [entry for entry in log if entry != "app None"]


def test_nested_sync_and_async():
    assert get("/sync?n=1&q=a") == (200, [{"q": "a", "limit": 10}, 1])
    assert get("/async?n=2") == (200, {"q": None, "limit": 10, "n": 2})
    assert logged() == ["common", "common", "awaited"]


def test_only_what_awaits_is_a_coroutine():
    is_coroutine = {route.name: route.is_coroutine for route in app._compile_routes()}
    assert is_coroutine["sync"] is False
    assert is_coroutine["sync_of_async"] is True
    assert is_coroutine["with_yield"] is False
    assert is_coroutine["with_async_yield"] is True
    assert is_coroutine["me"] is False  # a security scheme's own __call__ awaits nothing
    assert is_coroutine["own_bearer"] is True


def test_a_dependency_is_called_once_unless_it_says_otherwise():
    assert get("/cache") == (200, [True, 1])
    assert get("/sync-of-async")[0] == 200
    assert logged() == ["common", "awaited"]


def test_errors_of_all_are_gathered_and_those_of_a_dependency_said_for_each_use():
    status, answer = get("/errors?limit=1000&page=x")
    assert status == 422
    assert [entry["loc"][1] for entry in answer["detail"]] == [
        *("limit", "a"),
        *("limit", "a"),
        *("page", "b"),
    ]
    assert logged() == []


def test_generators_are_left_after_the_response():
    assert get("/yield") == (200, "x")
    assert logged() == ["open x", "handler", "close x"]


def test_an_exception_goes_through_the_generators():
    assert get("/yield?fail=value") == (418, {"detail": "tea"})
    assert logged() == ["open x", "handler", "saw ValueError", "close x"]
    log.clear()
    assert get("/yield-async?fail=key")[0] == 500
    assert logged() == [
        *("open x", "open async", "handler"),
        *("saw KeyError", "close async", "close x"),
    ]


def test_one_that_swallows_the_exception_is_an_error(capsys):
    assert get("/swallow")[0] == 500
    assert logged() == ["swallowed"]
    assert "raise" in capsys.readouterr().err


def test_function_scope_then_tasks_then_request_scope():
    assert get("/early") == (200, 1)
    assert logged() == ["open early", "open x", "close early", "task", "close x"]


@pytest.mark.parametrize("target", ["/stream", "/stream-async"])
def test_a_stream_ends_before_its_generators(target):
    assert app._call("GET", target).body == b"abc"
    assert [entry for entry in logged() if len(entry) == 1] == ["a", "b", "c"]
    assert logged()[-1] == "close x"
    assert logged().index("c") < logged().index("close x")


def test_tasks_and_headers_of_dependencies_and_handler():
    answer = app._call("GET", "/tasks")
    assert (answer.status, answer.body) == (202, b'{"done":true}')
    fields = dict(answer.headers)
    assert (fields["x-dependency"], fields["x-handler"]) == ("1", "2")
    assert logged() == ["from dependency", "from handler"]


def test_a_response_brings_its_own_tasks():
    assert get("/own-task") == (200, {"done": True})
    assert get("/native-task") == (200, {"done": True})
    assert logged() == ["own", "native"]


def test_a_task_that_fails_ends_the_row_and_is_logged(caplog):
    made = App()

    @made.get("/")
    def handler(tasks: dependency_app.BackgroundTasks) -> None:
        tasks.add_task(lambda: 1 / 0)
        tasks.add_task(log.append, "never")

    assert made._call("GET", "/").status == 200
    assert log == []
    assert "ZeroDivisionError" in caplog.text


def test_overrides_hold_as_long_as_they_are_there():
    app.dependency_overrides[common] = lambda word="w": word
    assert get("/sync?n=1") == (200, ["w", 1])

    async def awaited() -> str:
        return "awaited"

    app.dependency_overrides[common] = awaited
    assert get("/sync?n=1") == (200, ["awaited", 1])
    app.dependency_overrides[dependency_app.awaited] = lambda: "plain"
    assert get("/sync-of-async") == (200, ["plain", "awaited"])
    app.dependency_overrides = {}
    assert get("/sync?n=1") == (200, [{"q": None, "limit": 10}, 1])


def test_dependencies_of_app_router_and_route_run_from_the_outside():
    order: List[str] = []

    def says(word: str) -> Any:
        return Depends(lambda: order.append(word))

    from fasterapi import APIRouter

    made = App(dependencies=[says("app")])
    router = APIRouter(dependencies=[says("router")])

    @router.get("/", dependencies=[says("route")])
    def handler() -> None: ...

    made.include_router(router, prefix="/x", dependencies=[says("include")])
    assert made._call("GET", "/x/").status == 200
    assert order == ["app", "include", "router", "route"]


def test_scopes_are_those_on_the_way():
    fields = ("authorization", "Bearer t")
    status, (who, plain) = get("/me", fields)
    assert status == 200
    assert who == {"token": "t", "scopes": ["items", "me"], "text": "items me"}
    assert plain["scopes"] == []


@pytest.mark.parametrize(
    "target, field",
    [("/me", "Bearer"), ("/basic", 'Basic realm="us"'), ("/digest", "Digest"), ("/keys", "APIKey")],
)
def test_without_credentials(target, field):
    answer = app._call("GET", target)
    assert (answer.status, answer.body) == (401, b'{"detail":"Not authenticated"}')
    assert ("WWW-Authenticate", field) in answer.headers


def test_what_is_wrong_is_said_at_registration():
    def late() -> Any:
        yield

    def early() -> Any:
        yield

    def nested(x: Annotated[int, Depends(early, scope="function")]) -> Any:
        yield x

    def handler(x: Annotated[int, Depends(nested)]) -> None: ...

    with pytest.raises(DependencyScopeError, match="nested"):
        App().get("/")(handler)
    with pytest.raises(ValueError, match="scope"):
        Depends(late, scope="app")
    with pytest.raises(TypeError, match="Depends"):
        App().get("/", dependencies=[late])(lambda: 1)
    with pytest.raises(TypeError, match="called"):
        App().get("/", dependencies=[Security(1)])(lambda: 1)  # type: ignore[arg-type]
    assert issubclass(DependencyScopeError, FasterAPIError)
