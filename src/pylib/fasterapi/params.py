"""Where a handler's argument comes from, with FastAPI's names: Path, Query, Header, Cookie, Body,
Form, File, Depends, Security.

Used as a default value, ``q: str = Query(max_length=8)``, or inside of ``Annotated``.
"""

import dataclasses
import re
import warnings
from enum import Enum
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

from fasterapi._capacity import Capacity, capacity_of
from fasterapi.exceptions import DeclarationError, FastAPIDeprecationWarning

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from fasterapi._keywords import ParamKeywords


class Undefined:
    """The type of UNDEFINED: no default, or nothing received."""

    def __repr__(self) -> str:
        return "UNDEFINED"

    def __copy__(self) -> "Undefined":
        return self

    def __deepcopy__(self, memo: Any) -> "Undefined":
        return self

    def __bool__(self) -> bool:
        return False


UNDEFINED: Any = Undefined()

CONSTRAINTS = (
    "gt",
    "ge",
    "lt",
    "le",
    "multiple_of",
    "min_length",
    "max_length",
    "pattern",
    "strict",
    "allow_inf_nan",
    "max_digits",
    "decimal_places",
    "union_mode",
    "fail_fast",
)


#: what a Field beside a declaration may say in its place; None says that there is none
OPEN = ("alias", "title", "description", "examples", "deprecated", "json_schema_extra")


class ParamTypes(str, Enum):
    """Where a parameter is. Equal to the text of its name."""

    query = "query"
    header = "header"
    path = "path"
    cookie = "cookie"


class ParamInfo:
    """What is said about one parameter. ``default`` is UNDEFINED or ``...`` where it is required.

    ``alias`` is the name on the wire (``validation_alias`` goes before it); the rest constrains
    the value, or is shown in the OpenAPI document."""

    in_: str = ""

    def __init__(
        self,
        default: Any = UNDEFINED,
        *,
        default_factory: Optional[Callable[[], Any]] = None,
        annotation: Any = None,
        alias: Optional[str] = UNDEFINED,
        alias_priority: Optional[int] = None,
        validation_alias: Optional[str] = None,
        serialization_alias: Optional[str] = None,
        title: Optional[str] = UNDEFINED,
        description: Optional[str] = UNDEFINED,
        gt: Optional[float] = None,
        ge: Optional[float] = None,
        lt: Optional[float] = None,
        le: Optional[float] = None,
        min_length: Optional[int] = None,
        max_length: Optional[int] = None,
        pattern: Union[str, "re.Pattern[str]", None] = None,
        regex: Optional[str] = None,
        discriminator: Optional[str] = None,
        strict: Optional[bool] = None,
        validate_default: Optional[bool] = None,
        union_mode: Optional[str] = None,
        fail_fast: Optional[bool] = None,
        multiple_of: Optional[float] = None,
        allow_inf_nan: Optional[bool] = None,
        max_digits: Optional[int] = None,
        decimal_places: Optional[int] = None,
        examples: Optional[List[Any]] = UNDEFINED,
        example: Any = UNDEFINED,
        openapi_examples: Optional[Dict[str, Any]] = None,
        deprecated: Union[str, bool, None] = UNDEFINED,
        include_in_schema: bool = True,
        json_schema_extra: Optional[Dict[str, Any]] = UNDEFINED,
    ) -> None:
        _warn_of_old_names(regex, example)
        open_values = (alias, title, description, examples, deprecated, json_schema_extra)
        said: Dict[str, Any] = dict(zip(OPEN, open_values))
        self.cleared = frozenset(name for name, value in said.items() if value is None)
        alias, title, description, examples, deprecated, json_schema_extra = (
            None if value is UNDEFINED else value for value in said.values()
        )
        self.default = default
        self.default_factory = default_factory
        self.annotation = annotation
        self.alias = alias
        self.alias_priority = alias_priority
        self.validation_alias = validation_alias or alias
        self.serialization_alias = serialization_alias or alias
        self.title = title
        self.description = description
        self.gt, self.ge, self.lt, self.le = gt, ge, lt, le
        self.min_length, self.max_length = min_length, max_length
        self.pattern = pattern or regex
        self.discriminator = discriminator
        self.strict = strict
        self.validate_default = validate_default
        self.union_mode = union_mode
        self.fail_fast = fail_fast
        self.multiple_of = multiple_of
        self.allow_inf_nan = allow_inf_nan
        self.max_digits, self.decimal_places = max_digits, decimal_places
        self.examples = examples
        self.example = example
        self.openapi_examples = openapi_examples
        self.deprecated = deprecated
        self.include_in_schema = include_in_schema
        self.json_schema_extra = json_schema_extra

    def constraints(self) -> Dict[str, Any]:
        """The constraints that are set, by name."""
        said = {name: getattr(self, name) for name in CONSTRAINTS}
        return {name: value for name, value in said.items() if value is not None}

    def is_required(self) -> bool:
        """Whether there is no default."""
        has_default = self.default is not UNDEFINED and self.default is not ...
        return not has_default and self.default_factory is None

    def __repr__(self) -> str:
        default = "PydanticUndefined" if self.is_required() else self.default
        return f"{type(self).__name__}({default})"


class Param(ParamInfo):
    """A parameter outside of the body: of the query, unless a subclass says otherwise."""

    in_ = ParamTypes.query


class Path(Param):
    """A part of the path. Always required."""

    in_ = ParamTypes.path

    def __init__(self, default: Any = ..., **options: "Unpack[ParamKeywords]") -> None:
        if default is not ...:
            raise DeclarationError("Path parameters cannot have a default value")
        super().__init__(default, **options)


class Query(Param):
    """A parameter of the query string; a list takes all of its name."""

    in_ = ParamTypes.query


class Header(Param):
    """A header field. Without an alias, ``x_token`` is ``x-token``."""

    in_ = ParamTypes.header

    def __init__(
        self,
        default: Any = UNDEFINED,
        *,
        convert_underscores: bool = True,
        **options: "Unpack[ParamKeywords]",
    ) -> None:
        super().__init__(default, **options)
        self.convert_underscores = convert_underscores


class Cookie(Param):
    """A cookie."""

    in_ = ParamTypes.cookie


class Body(ParamInfo):
    """The body as JSON, or a member of it where there are several, or with ``embed=True``."""

    in_ = "body"

    def __init__(
        self,
        default: Any = UNDEFINED,
        *,
        embed: Optional[bool] = None,
        media_type: str = "application/json",
        **options: "Unpack[ParamKeywords]",
    ) -> None:
        super().__init__(default, **options)
        self.embed = embed
        self.media_type = media_type


class Form(Body):
    """A field of a form, urlencoded or multipart."""

    def __init__(
        self,
        default: Any = UNDEFINED,
        *,
        media_type: str = "application/x-www-form-urlencoded",
        **options: "Unpack[ParamKeywords]",
    ) -> None:
        super().__init__(default, media_type=media_type, **options)


class File(Form):
    """A file of a multipart form: bytes or UploadFile, or a list of these."""

    def __init__(
        self,
        default: Any = UNDEFINED,
        *,
        media_type: str = "multipart/form-data",
        **options: "Unpack[ParamKeywords]",
    ) -> None:
        super().__init__(default, media_type=media_type, **options)


@dataclasses.dataclass(init=False, eq=False, repr=False)
class Depends:
    """The result of calling ``dependency``, whose own parameters are made in the same way.

    Called once per request, or each time with ``use_cache=False``. A generator is entered before
    the handler and left after the response, or with ``scope="function"`` before it is sent. With
    ``max_concurrency`` so many requests of a worker are in it at a time, a generator until it is
    left; the others wait. A copy, also that of ``dataclasses.replace``, shares the limit unless it
    is given another one."""

    dependency: Optional[Callable[..., Any]]
    use_cache: bool
    scope: Optional[str]
    max_concurrency: Optional[int]
    _concurrency: Optional[Capacity]

    def __init__(
        self,
        dependency: Optional[Callable[..., Any]] = None,
        *,
        use_cache: bool = True,
        scope: Optional[str] = None,
        max_concurrency: Optional[int] = None,
        _concurrency: Optional[Capacity] = None,
    ) -> None:
        if scope not in (None, "function", "request"):
            raise ValueError(f"scope is 'function' or 'request', not {scope!r}")
        self.max_concurrency = max_concurrency
        self._concurrency = capacity_of(max_concurrency, _concurrency)
        self.dependency = dependency
        self.use_cache = use_cache
        self.scope = scope

    def _said(self) -> Tuple[Any, ...]:
        # Two limits are never one, or ``Annotated`` would take them for it.
        return self.dependency, self.use_cache, self.scope, self._concurrency

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self._said())

    def __repr__(self) -> str:
        name = getattr(self.dependency, "__name__", type(self.dependency).__name__)
        return f"{type(self).__name__}({name}{'' if self.use_cache else ', use_cache=False'})"


@dataclasses.dataclass(init=False, eq=False, repr=False)
class Security(Depends):
    """Depends with OAuth2 scopes, which SecurityScopes shows to the dependencies below it."""

    scopes: Optional[Sequence[str]]

    def __init__(
        self,
        dependency: Optional[Callable[..., Any]] = None,
        *,
        scopes: Optional[Sequence[str]] = None,
        use_cache: bool = True,
        scope: Optional[str] = None,
        max_concurrency: Optional[int] = None,
        _concurrency: Optional[Capacity] = None,
    ) -> None:
        super().__init__(
            dependency,
            use_cache=use_cache,
            scope=scope,
            max_concurrency=max_concurrency,
            _concurrency=_concurrency,
        )
        self.scopes = scopes

    def _said(self) -> Tuple[Any, ...]:
        return (*super()._said(), tuple(self.scopes or ()))


def _warn_of_old_names(regex: Any, example: Any) -> None:
    if regex is not None:
        warnings.warn("`regex` is now `pattern`", FastAPIDeprecationWarning, stacklevel=4)
    if example is not UNDEFINED:
        warnings.warn("`example` is now `examples`", FastAPIDeprecationWarning, stacklevel=4)
