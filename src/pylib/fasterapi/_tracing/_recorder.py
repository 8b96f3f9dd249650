"""A response builder that keeps values of the request apart from text."""

from typing import Any, Dict, List, Tuple

from fasterapi import _json
from fasterapi._builder import PlainBuilder
from fasterapi._tracing._program import Piece, Pieces, Program, joined, separated
from fasterapi._tracing._symbols import Place, Trace, has_mark

_CONSTANT_FIELDS = (  # what one value could turn into several, or into another framing
    "connection",
    "content-length",
    "content-type",
    "date",
    "set-cookie",
    "transfer-encoding",
)
_EPOCH = "Thu, 01 Jan 1970 00:00:00 GMT"


class Recorder(PlainBuilder):
    """What a handler gets for a response."""

    def __init__(self, trace: Trace) -> None:
        super().__init__()
        self._trace = trace
        self._content: Tuple[str, Any] = ("raw", "")

    def header(self, name: str, value: Any) -> "Recorder":
        """As ResponseBuilder.header."""
        self.headers[name] = str(value) if isinstance(value, Place) else value
        return self

    def set_cookie(self, key: str, value: Any = "", *said: Any, **options: Any) -> None:
        """As ResponseBuilder.set_cookie, of constants."""
        expires = said[1] if len(said) > 1 else options.get("expires")
        if isinstance(expires, int):
            self._trace.refuse("a cookie whose expires counts from now")
        for each in (key, value, *said, *options.values()):
            if has_mark(each):
                self._trace.refuse("a value of the request in a cookie")
        super().set_cookie(key, value, *said, **options)

    def delete_cookie(self, key: str, *said: Any, **options: Any) -> None:
        """As ResponseBuilder.delete_cookie."""
        names = ("path", "domain", "secure", "httponly", "samesite")
        options.update(zip(names, said))
        self.set_cookie(key, "", max_age=0, expires=_EPOCH, **options)

    def set_json(self, value: Any) -> "Recorder":
        """As ResponseBuilder.set_json."""
        if not isinstance(value, (str, bytes, bytearray, memoryview, Place)):
            self._content = ("json", value)
            self._body_type = "application/json"
            return self
        return self._set_body(value, "application/json")

    def returned(self, value: Any) -> None:
        """What the handler returned, for an answer."""
        if isinstance(value, (bytes, bytearray, memoryview)):
            self._set_body(value, "application/octet-stream")
        else:
            self._content = ("json", value)
            self._body_type = "application/json"

    def _set_body(self, content: Any, content_type: str) -> "Recorder":
        if content_type == "application/json" and has_mark(content):
            self._trace.refuse(
                "a value of the request in JSON text (set_json takes a dict, and escapes it)"
            )
        if isinstance(content, Place):
            content = str(content)
        text = content if isinstance(content, str) else bytes(content).decode()
        self._content = ("raw", text)
        self._body_type = content_type
        return self

    def program(self) -> Program:
        """What was filled in."""
        status, _, fields = self._finish()
        how, content = self._content
        body = self._json(content) if how == "json" else self._trace.raw(content)
        program = Program(status, tuple(self._field(*field) for field in fields), body)
        all_pieces = [body, *(pieces for _, pieces in program.fields)]
        names = [name for name, _ in program.fields]
        literals = [each for pieces in all_pieces for each in pieces if isinstance(each, str)]
        self._trace.check_complete(names + literals)
        return program

    def _field(self, name: str, value: str) -> Tuple[str, Pieces]:
        if has_mark(name):
            self._trace.refuse("a value of the request as a header's name")
        if name.lower() in _CONSTANT_FIELDS and has_mark(value):
            self._trace.refuse(f"a value of the request in the header {name}")
        return name, self._trace.raw(value)

    def _json(self, value: Any) -> Pieces:
        if isinstance(value, Place):
            return (self._trace.json(value),)
        if has_mark(value):
            return joined(['"', *self._json_text(value), '"'])
        if isinstance(value, dict):
            return joined(["{", *self._members(value), "}"])
        if isinstance(value, (list, tuple)):
            return joined(["[", *separated([self._json(each) for each in value]), "]"])
        return (_json.dumps(value).decode(),)

    def _members(self, value: Dict[Any, Any]) -> List[Piece]:
        members = []
        for name, each in value.items():
            if has_mark(name):
                self._trace.refuse("a value of the request as a key")
            key = _json.dumps({name: 0}).decode()[1:-2]
            members.append((key, *self._json(each)))
        return separated(members)

    def _json_text(self, text: str) -> Pieces:
        return tuple(
            _json.dumps(each).decode()[1:-1] if isinstance(each, str) else each
            for each in self._trace.inside_string(text)
        )
