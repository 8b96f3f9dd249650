"""What an app asks of its telemetry, while there may be none: then nothing is imported for it."""

import contextlib
import os
import sys
from typing import Any, AsyncIterator, Dict, Mapping, Optional

SCOPE_KEY = "fastapi.telemetry"  # FastAPI's: its apps below ours do not begin anew
_SIGNALS = ("tracing", "metrics", "logs")
_PROVIDERS = ("tracer_provider", "meter_provider", "logger_provider")


def config_of(said: Optional[Mapping[str, Any]]) -> Dict[str, Any]:
    """The whole of a configuration."""
    variable = os.environ.get("FASTAPI_OTEL_AUTO_CONFIGURE", "")
    return {
        **dict.fromkeys(_PROVIDERS),
        **dict.fromkeys(_SIGNALS, True),
        "operation_spans": True,
        "auto_configure": variable.lower() == "true",
        "exclude": None,
        **(said or {}),
    }


def active(app: Any) -> Any:
    """The app's NativeTelemetry where there is something to record to, else None."""
    if "opentelemetry" not in sys.modules:
        return None
    made = _native(app)
    return made if made.enabled() else None


def for_server(app: Any) -> Any:
    """The same for all requests to come: also where providers are yet to be configured."""
    config = app._telemetry
    if not any(config[signal] for signal in _SIGNALS):
        return None
    if config["auto_configure"] or "opentelemetry.sdk" in sys.modules:
        return _native(app)
    return active(app)


def _native(app: Any) -> Any:
    if app._native_telemetry is None:
        from fasterapi.telemetry._asgi import NativeTelemetry

        app._native_telemetry = NativeTelemetry(app._telemetry)
    return app._native_telemetry


@contextlib.asynccontextmanager
async def starting(config: Dict[str, Any]) -> AsyncIterator[None]:
    """Around an app's startup."""
    if config["auto_configure"]:
        from fasterapi.telemetry import _runtime

        _runtime.configure(config)
    try:
        yield
    except BaseException:
        await _flush()
        raise


@contextlib.asynccontextmanager
async def stopping() -> AsyncIterator[None]:
    """Around an app's shutdown."""
    try:
        yield
    finally:
        await _flush()


async def _flush() -> None:
    runtime: Any = sys.modules.get("fasterapi.telemetry._runtime")
    if runtime is not None:
        await runtime.flush()


def is_observed() -> bool:
    """Whether a request is observed now."""
    module: Any = sys.modules.get("fasterapi.telemetry._observed")
    return module is not None and module.current() is not None


def found(path: str, is_mount: bool = False) -> None:
    """The path of a WebSocket's route, or of a mount in front of it."""
    if not is_observed():
        return
    from fasterapi import _pattern
    from fasterapi.telemetry._observed import current

    observed: Any = current()
    (observed.descend if is_mount else observed.select)(_pattern.path_format(path))


def routes() -> Any:
    """The module that makes routes observed."""
    from fasterapi.telemetry import _routes

    return _routes


def operations() -> Any:
    """The module of their operations."""
    from fasterapi.telemetry import _operations

    return _operations
