"""HTML from Jinja2 templates: Starlette's, with responses of ours."""

from typing import Any

from fasterapi import _dependencies
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
        self.headers._pairs[:] = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in made.raw_headers
            if name != b"content-length"
        ]
        self.template = made.template
        self.context = made.context
        self._debug = {"template": made.template, "context": made.context}
