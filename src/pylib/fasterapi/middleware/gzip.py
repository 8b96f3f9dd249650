"""Answers packed by gzip: Starlette's middleware."""

from fasterapi import _dependencies

with _dependencies.needed_by("GZipMiddleware"):
    from starlette.middleware.gzip import GZipMiddleware as GZipMiddleware
