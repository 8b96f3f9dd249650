"""HTML from Jinja2 templates: Starlette's, with responses of ours."""

from typing import Any

from fasterapi import _dependencies
from fasterapi._asgi_scope import decoded
from fasterapi.responses import HTMLResponse

with _dependencies.needed_by("Jinja2Templates"):
    import jinja2  # noqa: F401  so that it is said that this is what is missing
    from starlette import templating

__all__ = ["Jinja2Templates", "TemplateResponse"]


class Jinja2Templates(templating.Jinja2Templates):
    """Templates of a directory, or of several; or of a Jinja2 ``env`` of your own. In a template
    there are ``request``, and ``url_for("name", ...)`` as in ``request.url_for``;
    ``context_processors`` take the request and give more."""

    def TemplateResponse(self, *args: Any, **options: Any) -> "TemplateResponse":  # type: ignore[override]
        """A template as a response; arguments are Starlette's: ``request, name, context=None,
        status_code=200, headers=None, media_type=None, background=None``."""
        return TemplateResponse(super().TemplateResponse(*args, **options))


class TemplateResponse(HTMLResponse):
    """A rendered ``template``, with its ``context`` for tests to look at."""

    def __init__(self, made: Any) -> None:
        super().__init__(bytes(made.body), made.status_code, background=made.background)
        fields = decoded(made.raw_headers)
        self._fields._pairs[:] = [pair for pair in fields if pair[0] != "content-length"]
        self.template = made.template
        self.context = made.context
        self._debug = {"template": made.template, "context": made.context}
