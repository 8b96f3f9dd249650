"""How FastAPI's tests ask for parts of what it does with parameters: our parts, under its names."""

from types import SimpleNamespace

from fasterapi import _dependant, _forms, _pattern
from fasterapi._reading import Reader
from fasterapi.params import UNDEFINED

_ATTRIBUTES = {
    "path": "path_params", "query": "query_params", "header": "headers", "cookie": "cookies"
}


def get_dependant(*, path, call):
    """What a function takes, by the place."""
    names = {each.name: each.kind for each in _pattern.parse(path)}
    fields = _dependant.analyze_call(call, names, {}).fields
    places = ("path", "query", "header", "cookie", "body")
    return SimpleNamespace(
        **{f"{place}_params": [f for f in fields if f.place == place] for place in places}
    )


def request_params_to_args(fields, received):
    """The arguments for what was received in one place, and the errors."""
    request = SimpleNamespace(**dict.fromkeys(_ATTRIBUTES.values(), received))
    return _read(Reader([]), fields, request, UNDEFINED)


async def request_body_to_args(*, body_fields, received_body, embed_body_fields):
    """The same for a body."""
    return _read(Reader(body_fields), body_fields, None, received_body)


async def _read_file_bytes(file):
    return _forms.as_bytes(file)


def _read(reader, fields, request, body):
    values, errors = {}, []
    for field in fields:
        context = SimpleNamespace(request=request, body=body, errors=[])
        value = reader.getter(field)(context)
        errors += [{**entry, "loc": tuple(entry["loc"])} for entry in context.errors]
        if not context.errors:
            values[field.name] = value
    return values, errors
