"""OpenTelemetry: spans, metrics and logs of an app's requests and WebSockets.

An app has them where a provider is configured, globally or in ``App(telemetry={...})``, with the
names of FastAPI's: its span and metrics have the same attributes, so have those of the operations
below it. Needs opentelemetry-api; without a provider nothing of this package is imported.
"""

from fasterapi import _dependencies

with _dependencies.needed_by("telemetry"):
    from fasterapi.telemetry._config import TelemetryConfig
    from fasterapi.telemetry._observed import TelemetryData, get_telemetry_data

__all__ = ["TelemetryConfig", "TelemetryData", "get_telemetry_data"]
