"""Response programs, as the server gets them, and what they answer."""

from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple, Union

from fasterapi import _json


class Value(NamedTuple):
    """A piece that the request gives. ``fallback`` stands there without it; None: a 422."""

    source: str  # path_param, query, header, path
    form: str  # raw, inside_string, json_string, integer
    name: str
    place: int
    fallback: Optional[str]


Piece = Union[str, Value]
Pieces = Tuple[Piece, ...]


class Program(NamedTuple):
    """What the server gets."""

    status: int
    fields: Tuple[Tuple[str, Pieces], ...]
    body: Pieces


class Given(NamedTuple):
    """The values of one request; names of headers in lower case."""

    path: str
    path_texts: Sequence[str]
    query: Dict[str, str]
    headers: Dict[str, str]


class Answer(NamedTuple):
    """A response to compare."""

    status: int
    fields: Tuple[Tuple[str, str], ...] = ()
    body: Any = None


class _Missing(Exception):
    pass


def answer(program: Program, given: Given) -> Answer:
    """What the server answers: by the rules of src/http/response_program.cpp."""
    try:
        body = _render(program.body, given)
        fields = [(name, _render(pieces, given)) for name, pieces in program.fields]
    except _Missing:
        return Answer(422)
    if any(character in value for _, value in fields for character in "\r\n\0"):
        return Answer(500)
    return Answer(program.status, tuple(fields), body)


def _render(pieces: Pieces, given: Given) -> str:
    return "".join(each if isinstance(each, str) else _text(each, given) for each in pieces)


def _text(value: Value, given: Given) -> str:
    text = _find(value, given)
    if text is None:
        if value.fallback is None:
            raise _Missing
        return value.fallback
    if value.form == "integer":
        return str(int(text))
    if value.form == "raw":
        return text
    quoted = _json.dumps(text).decode()
    return quoted if value.form == "json_string" else quoted[1:-1]


def _find(value: Value, given: Given) -> Optional[str]:
    if value.source == "path":
        return given.path
    if value.source == "path_param":
        return given.path_texts[value.place]
    if value.source == "query":
        return given.query.get(value.name)
    return given.headers.get(value.name.lower())


def joined(pieces: Sequence[Piece]) -> Pieces:
    """The pieces with neighbouring constants as one."""
    made: List[Piece] = []
    for each in pieces:
        last = made[-1] if made else None
        if isinstance(each, str) and isinstance(last, str):
            made[-1] = last + each
        elif each != "":
            made.append(each)
    return tuple(made)


def separated(all_pieces: Sequence[Sequence[Piece]]) -> List[Piece]:
    """Members of a JSON array or object, with commas."""
    made: List[Piece] = []
    for pieces in all_pieces:
        if made:
            made.append(",")
        made += pieces
    return made
