"""Exporters that variables of the environment name, and their end.

With ``auto_configure`` they are added at startup to the providers in use, or to new global ones.
What was added here is flushed at shutdown, and shut down with the interpreter."""

import atexit
import threading
from typing import Any, Awaitable, Callable, Dict, List, Tuple

from fasterapi.concurrency import run_in_threadpool
from fasterapi.logger import logger
from fasterapi.telemetry import _exporters
from fasterapi.telemetry._exporters import export_endpoint as _export_endpoint
from fasterapi.telemetry._exporters import registration_provider as _registration_provider
from fasterapi.telemetry._providers import is_configured

__all__ = ["_configure_from_environment", "_export_endpoint", "_registration_provider", "lifespan"]

_lock = threading.RLock()
_owned: List[Any] = []  # providers and exporting parts that were made here
_configured: List[Tuple[str, Any]] = []  # signals and the providers that have one
_FAILED = "FastAPI telemetry cleanup failed"
_ENDS = ("lifespan.startup.failed", "lifespan.shutdown.complete", "lifespan.shutdown.failed")


def _flush() -> None:
    for each in tuple(_owned):
        try:
            each.force_flush()
        except Exception:
            logger.exception(_FAILED)


def _shutdown() -> None:
    with _lock:
        owned = tuple(_owned)
        _owned.clear()
    for each in owned:
        try:
            each.shutdown()
        except Exception:
            logger.exception(_FAILED)


atexit.register(_shutdown)


def _configure_from_environment(config: Dict[str, Any]) -> None:
    """Adds what the environment names. Raises FastAPIError where it says what cannot be done."""
    if not config["auto_configure"] or _exporters.is_disabled():
        return
    with _lock:
        wanted = _exporters.wanted(config)
        if not wanted:
            return
        _exporters.check_installed()
        for signal, provider, endpoint in wanted:
            _add(signal, provider, endpoint)


def _add(signal: "_exporters.Signal", own: Any, endpoint: str) -> None:
    provider = _registration_provider(signal.find() if own is None else own)
    if any(name == signal.name and known is provider for name, known in _configured):
        return
    if own is None and not is_configured(provider):
        made = signal.make_provider(endpoint)
        signal.set(made)
        found = signal.find()
        if found is made:
            _keep(signal, made, made)
            return
        made.shutdown()  # somebody else was quicker
        provider = _registration_provider(found)
    _keep(signal, provider, signal.register(provider, endpoint))


def _keep(signal: "_exporters.Signal", provider: Any, owned: Any) -> None:
    _configured.append((signal.name, provider))
    _owned.append(owned)


def configure(config: Dict[str, Any]) -> None:
    """The same at an app's startup, which telemetry does not prevent."""
    try:
        _configure_from_environment(config)
    except Exception as error:
        logger.warning("FastAPI automatic telemetry configuration failed: %s", error)


async def flush() -> None:
    """Sends what is held back, where anything was added."""
    if _owned:
        await run_in_threadpool(_flush)


async def lifespan(
    *,
    config: Dict[str, Any],
    app: Callable[..., Awaitable[None]],
    scope: Any,
    receive: Callable[[], Awaitable[Any]],
    send: Callable[[Any], Awaitable[None]],
) -> None:
    """Around the lifespan of an ASGI application."""

    async def receiving() -> Any:
        message = await receive()
        if message["type"] == "lifespan.startup":
            configure(config)
        return message

    async def sending(message: Any) -> None:
        if message["type"] in _ENDS:
            await flush()
        await send(message)

    await app(scope, receiving, sending)
