"""Reading values out of a request: one getter for each field of a route, made at registration."""

from typing import Any, Callable, Dict, List, Mapping, Optional

from fasterapi import _execution, _forms, _json
from fasterapi._fields import Field, missing
from fasterapi._parameter_models import ParameterModel, pick_form
from fasterapi._schema import INVALID
from fasterapi._schema._native import quiet, quiet_members
from fasterapi.exceptions import HTTPException, RequestValidationError
from fasterapi.params import UNDEFINED, File, Form

RAW = "application/octet-stream"  # the media type of a body that is not looked into


class Validated:
    """A body that the server's schema has read and validated at once; of several a dict."""

    __slots__ = ("_text", "value")

    def __init__(self, text: bytes, value: Any) -> None:
        self._text = text
        self.value = value

    def plain(self) -> Any:
        """What it was in JSON."""
        return _json.loads(self._text)


class Reader:
    """What the fields of one route say about the body, and how each of them is read.

    Where there is one body field it is the body, unless it says ``embed``; several are members of
    it, by name; so are the fields of a form."""

    def __init__(
        self,
        body_fields: List[Field],
        is_strict: bool = True,
        form_limits: Optional[Mapping[str, int]] = None,
    ) -> None:
        self._is_strict = is_strict
        self._form_limits = dict(form_limits or {})
        self.is_embedded = _is_embedded(body_fields)
        self.is_form = any(isinstance(field.info, Form) for field in body_fields)
        if self.is_form:
            _forms.prepare()
        self.has_body = bool(body_fields)
        self._schema = None if self.is_form else _schema_of(body_fields, self.is_embedded)
        self._is_raw = not self.is_embedded and any(
            getattr(field.info, "media_type", "") == RAW for field in body_fields
        )

    def parse_form(self, body: bytes, content_type: str, outer: Any = None) -> Any:
        """The form of a body, within the route's limits and those of RouteOptions around it.
        HTTPException 400 where it is malformed or over one."""
        return _forms.parse_form(body, content_type, self._limits(outer))

    async def receive_form(self, incoming: Any, content_type: str, outer: Any = None) -> Any:
        """The same of a body that comes meanwhile."""
        return await _forms.receive_form(incoming, content_type, self._limits(outer))

    def _limits(self, outer: Any) -> _forms.Limits:
        limits = {**(outer.form_limits or {}), **self._form_limits} if outer else self._form_limits
        return _forms.Limits(**limits)

    def parse(self, body: bytes, content_type: str) -> Any:
        """The body as its fields want it: a JSON value, or bytes; UNDEFINED without one.
        RequestValidationError or HTTPException 400 where it is malformed."""
        if not body:
            return UNDEFINED
        is_json = _execution.is_json(content_type) or not (content_type or self._is_strict)
        if self._is_raw or not is_json:
            return body
        if self._schema is not None:
            value = self._schema.read(body)
            if value is not NotImplemented:
                return Validated(body, value)
        return _load(body)

    def getter(self, field: Field) -> Callable[[Any], Any]:
        """A function of the request's context that gives the field's value, or INVALID with the
        errors added."""
        source = field.place
        is_form = isinstance(field.info, Form)
        if len(field.aliases) > 1 and (source != "body" or self.is_embedded) and not is_form:
            return self._choosing_getter(field)
        if source == "body":
            return self._body_getter(field)
        if ParameterModel.is_one(field.annotation) and source != "path":
            return _model_getter(field)
        return _GETTERS[source](field)

    def _choosing_getter(self, field: Field) -> Callable[[Any], Any]:
        getters = [(alias, self.getter(field.under(alias))) for alias in field.aliases]
        values_of = _VALUES[field.place]

        def get(context: Any) -> Any:
            values = values_of(context)
            for alias, getter in getters:
                if alias in values:
                    return getter(context)
            return getters[0][1](context)

        return get

    def _body_getter(self, field: Field) -> Callable[[Any], Any]:
        if isinstance(field.info, Form):
            return _form_getter(field, self.is_embedded)
        if self.is_embedded:
            return _member_getter(field)
        check = field.check
        loc = ("body",)

        def get(context: Any) -> Any:
            body = context.body
            if type(body) is Validated:
                return body.value
            return check(body, loc, context.errors)

        return get


def _schema_of(fields: List[Field], is_embedded: bool) -> Any:
    """In C++; where nobody can tell that the body is validated before the dependencies are
    called."""
    if not is_embedded:
        return quiet(fields[0].schema) if len(fields) == 1 else None
    members = {field.alias: (field.schema, field.is_required) for field in fields}
    is_clear = all(len(field.aliases) == 1 for field in fields) and len(members) == len(fields)
    return quiet_members(members) if is_clear else None


def _is_embedded(fields: List[Field]) -> bool:
    """FastAPI's rule: several names, or one that asks for it, or form fields but a model."""
    if not fields:
        return False
    first = fields[0]
    if len({field.name for field in fields}) > 1 or getattr(first.info, "embed", None):
        return True
    if not isinstance(first.info, Form):
        return False
    # Dependencies may call different models by one name.
    is_model = ParameterModel.are(first.annotation)
    return not is_model or any(field.annotation != first.annotation for field in fields)


def _load(body: bytes) -> Any:
    try:
        return _json.loads(body)
    except _json.JSONDecodeError as error:
        entry = {
            "type": "json_invalid",
            "loc": ["body", error.pos],
            "msg": "JSON decode error",
            "input": {},
            "ctx": {"error": error.msg},
        }
        raise RequestValidationError([entry], body=error.doc) from None
    except (ValueError, RecursionError):
        raise HTTPException(400, "There was an error parsing the body") from None


def _path_getter(field: Field) -> Callable[[Any], Any]:
    alias, loc, check = field.alias, field.loc, field.check

    def get(context: Any) -> Any:
        text = context.request.path_params.get(alias, UNDEFINED)
        if type(text) is not str and text is not UNDEFINED:  # {name:int} and its like
            text = str(text)
        return check(text, loc, context.errors)

    return get


def _query_getter(field: Field) -> Callable[[Any], Any]:
    pick, loc, check = field.pick, field.loc, field.check
    return lambda context: check(pick(context.request.query_params), loc, context.errors)


def _header_getter(field: Field) -> Callable[[Any], Any]:
    pick, loc, check = field.pick, field.loc, field.check
    return lambda context: check(pick(context.request.headers), loc, context.errors)


def _cookie_getter(field: Field) -> Callable[[Any], Any]:
    alias, loc, check = field.alias, field.loc, field.check
    return lambda context: check(context.request.cookies.get(alias, UNDEFINED), loc, context.errors)


_GETTERS: Dict[str, Callable[[Field], Callable[[Any], Any]]] = {
    "path": _path_getter,
    "query": _query_getter,
    "header": _header_getter,
    "cookie": _cookie_getter,
}


_VALUES: Dict[str, Callable[[Any], Any]] = {
    "path": lambda context: context.request.path_params,
    "query": lambda context: context.request.query_params,
    "header": lambda context: context.request.headers,
    "cookie": lambda context: context.request.cookies,
    "body": lambda context: context.body if isinstance(context.body, Mapping) else {},
}


def _model_getter(field: Field) -> Callable[[Any], Any]:
    source, check = field.place, field.check
    model = ParameterModel(field)
    attribute = {"query": "query_params", "header": "headers", "cookie": "cookies"}[source]
    loc = (source,)

    def get(context: Any) -> Any:
        before = len(context.errors)
        received = model.gather(getattr(context.request, attribute))
        value = check(received, loc, context.errors)
        for entry in context.errors[before:]:
            model.rename(entry)
        return value

    return get


def _member_getter(field: Field) -> Callable[[Any], Any]:
    alias, check = field.alias, field.check
    loc = ("body", alias)

    def get(context: Any) -> Any:
        body = context.body
        if type(body) is Validated:
            made = body.value.get(alias, UNDEFINED)
            return check(made, loc, context.errors) if made is UNDEFINED else made
        if isinstance(body, dict):
            return check(body.get(alias, UNDEFINED), loc, context.errors)
        if body is UNDEFINED or isinstance(body, bytes):
            return check(UNDEFINED, loc, context.errors)
        context.errors.append(missing(loc))
        return INVALID

    return get


def _form_getter(field: Field, is_embedded: bool) -> Callable[[Any], Any]:
    check = field.check
    if not is_embedded or (
        ParameterModel.are(field.annotation) and not getattr(field.info, "embed", None)
    ):
        model = ParameterModel(field)
        return lambda context: check(model.gather(context.body), ("body",), context.errors)
    are_bytes = isinstance(field.info, File) and not isinstance(field.schema, _forms.FileSchema)
    is_sequence = field.is_sequence

    def get(context: Any) -> Any:
        loc, value = ("body", field.alias), UNDEFINED
        for alias in field.aliases:
            value = pick_form(context.body, alias, is_sequence)
            if value is not UNDEFINED:
                loc = ("body", alias)
                break
        return check(_forms.as_bytes(value) if are_bytes else value, loc, context.errors)

    return get
