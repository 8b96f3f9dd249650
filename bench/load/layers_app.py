"""For `layers`: the same route behind 0 to 8 layers of each kind, an app for each: `function_4`."""

from typing import Any, Callable, Dict

from fasterapi import App, Depends

COUNTS = (0, 1, 2, 4, 8)


def depends(count: int) -> App:
    """A chain: each dependency has the one before it."""
    app = App()

    def innermost() -> int:
        return 0

    dependency: Callable[..., int] = innermost
    for _ in range(count - 1):
        dependency = _above(dependency)
    if count == 0:
        app.get("/")(lambda: {"layers": 0})
        return app

    @app.get("/")
    def handler(value: int = Depends(dependency)):
        return {"layers": value + 1}

    return app


def _above(inner: Callable[..., int]) -> Callable[..., int]:
    def dependency(value: int = Depends(inner)) -> int:
        return value + 1

    return dependency


def function(count: int) -> App:
    """@app.middleware("http")."""
    app = App()
    app.get("/")(lambda: {"layers": count})
    for _ in range(count):

        @app.middleware("http")
        async def layer(request: Any, call_next: Any) -> Any:
            return await call_next(request)

    return app


class PassingOn:
    """Pure ASGI middleware."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


def asgi(count: int) -> App:
    app = App()
    app.get("/")(lambda: {"layers": count})
    for _ in range(count):
        app.add_middleware(PassingOn)
    return app


KINDS: Dict[str, Callable[[int], App]] = {"depends": depends, "function": function, "asgi": asgi}


def __getattr__(name: str) -> App:
    kind, _, count = name.rpartition("_")
    if kind not in KINDS:
        raise AttributeError(name)
    return KINDS[kind](int(count))
