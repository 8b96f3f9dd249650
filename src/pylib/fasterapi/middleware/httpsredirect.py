"""Requests without TLS, sent to where there is: Starlette's middleware."""

from fasterapi import _dependencies

with _dependencies.needed_by("HTTPSRedirectMiddleware"):
    from starlette.middleware.httpsredirect import (
        HTTPSRedirectMiddleware as HTTPSRedirectMiddleware,
    )
