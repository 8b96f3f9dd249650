"""A program against its handler: both answer the same requests, made of values that are likely to
be treated in another way than the rest."""

import json
import re
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple
from urllib.parse import unquote, urlencode

from fasterapi import _matching, _pattern
from fasterapi._plain_request import PlainRequest
from fasterapi._tracing._constants import constants_of
from fasterapi._tracing._program import Answer, Given, Program, Value, answer
from fasterapi._tracing._site import Route

_PLAIN = "x1"
_TEXTS = (
    *("", " ", " a  b ", "7", "-1", "007", "1.5", "true", "null", "None", "a,b;c=d", "Ab"),
    *("<b a='1' c=\"2\">&amp;`</b>", "%s{0}\\", "../a", "l\r\nx: y", "a\tb\x00c\x7f"),
    *("\u00fc\u6f22\U0001f600", "A" * 200),
)
_INTEGERS = ("0", "7", "007", "12345678901234567890")
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
_Source = Tuple[str, str, int]  # source, name, place


class _Trial(NamedTuple):
    request: PlainRequest
    given: Given
    said: Dict[str, Optional[str]]


def check(handler: Callable[[Any, Any], Any], route: Route, program: Program) -> None:
    """TraceError where the two do not agree."""
    from fasterapi._api_route import APIRoute  # knows programs

    python = APIRoute(route.path, handler, methods=(route.method,), options=route.options)
    run = python.get_route_handler()
    for trial in _trials(handler, route, program):
        native = answer(program, trial.given)
        difference = _difference(native, _python(run, trial.request, native))
        if difference:
            site = f"with {trial.said}" if trial.said else "called again"
            raise route.refusal(site, f"a handler that {difference}")


def _python(run: Callable[[Any], Any], request: PlainRequest, native: Answer) -> Any:
    """The response, or the exception where it is one that the program does not answer with."""
    try:
        run(request).send(None)
    except StopIteration as done:
        return done.value
    except KeyError as error:
        return native if native.status == 422 else error
    except ValueError as error:
        return native if native.status == 500 else error
    except Exception as error:
        return error
    raise RuntimeError("a plain function waits")


def _difference(native: Answer, python: Any) -> str:
    if python is native:
        return ""
    if isinstance(python, Exception):
        return f"raises {type(python).__name__}: {python}"
    if native.status >= 400 and native.body is None:
        return f"answers {python.status_code} without what the program needs ({native.status})"
    if native.status != python.status_code:
        return f"answers with the status {python.status_code}, not {native.status}"
    fields = (_normal(python.raw_headers), _normal(native.fields))
    if fields[0] != fields[1]:
        return f"answers with the headers {fields[0]}, not {fields[1]}"
    body = bytes(python.body).decode(errors="replace")
    if body != native.body and not _is_same_json(body, native.body):
        return f"answers {body!r:.200}, not {native.body!r:.200}"
    return ""


def _normal(fields: Sequence[Tuple[str, str]]) -> List[Tuple[str, str]]:
    return sorted(
        (name.lower(), re.sub("(?i)expires=[^;]*", "expires", value.strip(" \t")))
        for name, value in fields
        if name.lower() != "content-length"
    )


def _is_same_json(one: str, other: str) -> bool:
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False


def _trials(handler: Any, route: Route, program: Program) -> Iterator[_Trial]:
    sources = _sources(program)
    texts = [*_TEXTS, *constants_of(handler)]
    yield _made(route, dict.fromkeys(sources, _PLAIN))
    for text in texts:
        yield _made(route, dict.fromkeys(sources, text))
        for source in sources if len(sources) > 1 else ():
            yield _made(route, {**dict.fromkeys(sources, _PLAIN), source: text})
    for source in sources:
        yield _made(route, {**dict.fromkeys(sources, _PLAIN), source: None})
    yield _made(route, dict.fromkeys(sources))
    yield _made(route, dict.fromkeys(sources, _PLAIN))


def _sources(program: Program) -> List[_Source]:
    all_pieces = [program.body, *(pieces for _, pieces in program.fields)]
    values = [each for pieces in all_pieces for each in pieces if isinstance(each, Value)]
    return list(dict.fromkeys((each.source, each.name, each.place) for each in values))


def _made(route: Route, texts: Dict[_Source, Optional[str]]) -> _Trial:
    in_path = {at: text for (source, _, at), text in texts.items() if source == "path_param"}
    path, path_texts = _path(route, in_path)
    query = {name: t for (s, name, _), t in texts.items() if s == "query" and t is not None}
    headers = {
        name.lower(): _CONTROL.sub("", text).strip()
        for (source, name, _), text in texts.items()
        if source == "header" and text is not None
    }
    request = PlainRequest(
        route.method,
        path,
        urlencode(query),
        headers,
        path_params=_matching.path_params(route.path, path_texts),
    )
    said = {f"{source} {name}".strip(): text for (source, name, _), text in texts.items()}
    return _Trial(request, Given(path, path_texts, query, headers), said)


def _path(route: Route, texts: Dict[int, Optional[str]]) -> Tuple[str, Sequence[str]]:
    """A path with these parameters, as far as they fit there, and its parameters' texts."""
    for fits in (True, False):
        values = {}
        for at, (name, kind) in enumerate(_pattern.parse(route.path)):
            text = (texts.get(at) or _PLAIN) if fits else _PLAIN
            if kind == "int":
                digits = [each for each in (text,) if each.isdecimal() and each.isascii()]
                text = digits[0] if digits else _INTEGERS[len(text) % len(_INTEGERS)]
            elif kind != "path":
                text = text.replace("/", "")
            values[name] = text
        path = unquote(_pattern.fill(route.path, values))
        table = _matching.RouteTable([((route.method,), route.path, "")], False)
        found = table.find(route.method, path)
        if found.route == 0:
            return path, found.texts
    raise route.refusal("", "a path that nothing fits")

