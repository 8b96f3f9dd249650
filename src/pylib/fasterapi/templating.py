"""HTML from Jinja2 templates, with Starlette's interface. Jinja2 itself is imported when a
Jinja2Templates is made."""

import importlib
import os
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Union

from fasterapi.background import BackgroundTask
from fasterapi.responses import HTMLResponse

PathLike = Union[str, "os.PathLike[str]"]


class Jinja2Templates:
    """Templates of a directory, or of several; or of a Jinja2 ``env`` of your own.

    In a template there are ``request``, and ``url_for("name", ...)`` as in ``request.url_for``;
    ``context_processors`` take the request and give more. RuntimeError where Jinja2 is missing."""

    def __init__(
        self,
        directory: Union[PathLike, Sequence[PathLike], None] = None,
        *,
        context_processors: Optional[List[Callable[[Any], Dict[str, Any]]]] = None,
        env: Any = None,
    ) -> None:
        if bool(directory) == bool(env):
            raise TypeError("Jinja2Templates takes either a directory or an env")
        jinja2 = _jinja2()
        self.context_processors = context_processors or []
        if env is None:
            loader = jinja2.FileSystemLoader(directory)
            env = jinja2.Environment(loader=loader, autoescape=jinja2.select_autoescape())
        env.globals.setdefault("url_for", jinja2.pass_context(_url_for))
        self.env = env

    def get_template(self, name: str) -> Any:
        """The template of that name; jinja2.TemplateNotFound where there is none."""
        return self.env.get_template(name)

    def TemplateResponse(
        self,
        request: Any,
        name: str,
        context: Optional[Mapping[str, Any]] = None,
        status_code: int = 200,
        headers: Optional[Mapping[str, str]] = None,
        media_type: Optional[str] = None,
        background: Optional[BackgroundTask] = None,
    ) -> "TemplateResponse":
        """A template with these values as a response."""
        values = {"request": request, **(context or {})}
        for process in self.context_processors:
            values.update(process(request))
        template = self.get_template(name)
        return TemplateResponse(template, values, status_code, headers, media_type, background)


class TemplateResponse(HTMLResponse):
    """A rendered ``template``, with its ``context`` for tests to look at."""

    def __init__(
        self,
        template: Any,
        context: Dict[str, Any],
        status_code: int = 200,
        headers: Optional[Mapping[str, str]] = None,
        media_type: Optional[str] = None,
        background: Optional[BackgroundTask] = None,
    ) -> None:
        self.template = template
        self.context = context
        content = template.render(context)
        super().__init__(content, status_code, headers, media_type, background)


def _url_for(context: Any, name: str, /, **path_params: Any) -> Any:
    return context["request"].url_for(name, **path_params)


def _jinja2() -> Any:
    try:
        return importlib.import_module("jinja2")
    except ImportError:
        raise RuntimeError(
            "Jinja2Templates needs jinja2, which is not installed for this Python: "
            "python3 -m pip install jinja2"
        ) from None
