"""Around an app as an ASGI application: each request and connection is an observation."""

import sys
from typing import Any, Awaitable, Callable, Dict

from fasterapi._telemetry import SCOPE_KEY
from fasterapi.telemetry import _events
from fasterapi.telemetry._attributes import known_methods
from fasterapi.telemetry._observation import Observation, Signals, unobserved
from fasterapi.telemetry._providers import Providers

Scope = Dict[str, Any]
Message = Dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
_NOTHING = Signals(None, None, None)


class NativeTelemetry:
    """An app's telemetry, by its configuration."""

    def __init__(self, config: Dict[str, Any]) -> None:
        self._config = config
        self._providers = Providers(config)
        self._known = known_methods()

    def enabled(self) -> bool:
        """Whether there is anything to record to."""
        return self._providers.is_any()

    @staticmethod
    def is_observed_by_others(app: Any) -> bool:
        """Whether OpenTelemetry's own ASGI middleware is around the app."""
        module: Any = sys.modules.get("opentelemetry.instrumentation.asgi")
        kind = getattr(module, "OpenTelemetryMiddleware", None)
        return kind is not None and any(each.cls is kind for each in app.user_middleware)

    def around(self, app: Asgi) -> Asgi:
        """The application for the server, which answers what comes out of it as an exception."""

        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            if SCOPE_KEY in scope or not self.enabled():
                return await app(scope, receive, send)
            await self(app=app, scope=scope, receive=receive, send=send, answers=True)

        return serve

    async def __call__(
        self,
        *,
        app: Asgi,
        scope: Scope,
        receive: Receive,
        send: Send,
        legacy_otel: bool = False,
        answers: bool = False,
    ) -> None:
        """One of them. ``legacy_otel``: another instrumentation observes it already. ``answers``:
        who calls makes an answer of an exception."""
        exclude = self._config["exclude"]
        if exclude is not None and exclude(scope):
            with unobserved(scope):
                await app(scope, receive, send)
            return
        signals = _NOTHING if legacy_otel else self._signals(scope)
        if signals == _NOTHING:
            return await app(scope, receive, send)
        has_operations = self._config["operation_spans"]
        observation = Observation(scope, signals, self._known, has_operations)
        with observation.current():
            await _serve(observation, app, scope, receive, send, answers)

    def _signals(self, scope: Scope) -> Signals:
        is_http = scope["type"] == "http"
        providers = self._providers
        return Signals(
            providers.tracer(), providers.instruments() if is_http else None, providers.logger()
        )


async def _serve(
    observation: Observation, app: Asgi, scope: Scope, receive: Receive, send: Send, answers: bool
) -> None:
    is_websocket = observation.is_websocket
    exchange = None if is_websocket else _Exchange(observation, receive, send)
    try:
        if exchange is not None:
            receive, send = exchange.receive, exchange.send
        await app(scope, receive, send)
    except BaseException as error:
        _failed(observation, error, answers)
        raise
    finally:
        if not observation.is_finished:
            observation.finish(None if exchange is None else exchange.reason())


def _failed(observation: Observation, error: BaseException, answers: bool) -> None:
    observed, is_websocket = observation.observed, observation.is_websocket
    if answers and not is_websocket and observed.status_code is None:
        observed.status_code = _events.status_of(error)
        if observed.status_code is not None and observed.status_code < 500:
            return observation.finish()
    _events.unhandled(observed, error, is_websocket)
    is_normal = is_websocket and _events.is_normal_end(error)
    observation.finish(None if is_normal else error)


class _Exchange:
    """The messages of a request, by which it ends."""

    def __init__(self, observation: Observation, receive: Receive, send: Send) -> None:
        self._observation = observation
        self._receive = receive
        self._send = send
        self._has_left = False
        self._has_trailers = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._has_left |= message["type"] == "http.disconnect"
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._observation.observed.status_code = message["status"]
            self._has_trailers = message.get("trailers", False)
        await self._send(message)
        if self._is_last(message):
            self._observation.finish()

    def _is_last(self, message: Message) -> bool:
        kind = message["type"]
        if kind == "http.response.body":
            return not message.get("more_body", False) and not self._has_trailers
        if kind == "http.response.trailers":
            return not message.get("more_trailers", False)
        return bool(kind == "http.response.pathsend")

    def reason(self) -> Exception:
        """Why there is no last message."""
        if self._has_left:
            return ConnectionError("Client disconnected")
        return RuntimeError("Incomplete ASGI response")
