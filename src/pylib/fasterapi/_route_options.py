"""What is said about a route beside its path and handler, with FastAPI's names."""

import dataclasses
from enum import Enum
from typing import Any, Callable, Dict, Mapping, Optional, Sequence, Type, Union

from fasterapi._schema import DumpOptions
from fasterapi._signature import EMPTY
from fasterapi.datastructures import DefaultPlaceholder
from fasterapi.params import Depends
from fasterapi.responses import Response

FORM_LIMITS = ("max_fields", "max_files", "max_part_size")
_POLICIES = (None, "auto", "inline", "ring")


@dataclasses.dataclass(frozen=True)
class RouteOptions:
    """The keywords of ``app.get(path, ...)`` and its like, and those of routers, which count for
    all their routes.

    ``response_model`` is what results are checked against and cut to; EMPTY takes the return
    annotation, None nothing. ``strict_content_type=False`` reads a body without Content-Type as
    JSON. ``max_body_size`` answers longer bodies with 413, ``form_limits`` are those of
    ``request.form()``. ``dispatch`` is where the server runs the handler (docs/dispatch.md); None:
    as its configuration says. ``responses``, ``tags``, ``summary`` and what follows are for the
    OpenAPI document."""

    name: Optional[str] = None
    status_code: Optional[int] = None
    response_class: Optional[Type[Response]] = None
    dependencies: Sequence[Depends] = ()
    response_model: Any = EMPTY
    response_model_include: Any = None
    response_model_exclude: Any = None
    response_model_by_alias: bool = True
    response_model_exclude_unset: bool = False
    response_model_exclude_defaults: bool = False
    response_model_exclude_none: bool = False
    responses: Optional[Mapping[Union[int, str], Dict[str, Any]]] = None
    tags: Optional[Sequence[Union[str, Enum]]] = None
    summary: Optional[str] = None
    description: Optional[str] = None
    response_description: str = "Successful Response"
    operation_id: Optional[str] = None
    deprecated: Optional[bool] = None
    include_in_schema: bool = True
    callbacks: Optional[Sequence[Any]] = None
    openapi_extra: Optional[Dict[str, Any]] = None
    generate_unique_id_function: Optional[Callable[[Any], str]] = None
    strict_content_type: Optional[bool] = None
    max_body_size: Optional[int] = None
    form_limits: Optional[Mapping[str, int]] = None
    dispatch: Optional[str] = None

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, DefaultPlaceholder):  # of a library that is made for FastAPI
                object.__setattr__(self, name, getattr(RouteOptions, name, None))
        if self.dispatch not in _POLICIES:
            raise ValueError(f'dispatch is "auto", "inline" or "ring", not {self.dispatch!r}')
        check_size("max_body_size", self.max_body_size)
        for name, limit in (self.form_limits or {}).items():
            if name not in FORM_LIMITS:
                raise ValueError(f"form_limits has {name!r}; there are {', '.join(FORM_LIMITS)}")
            check_size(name, limit)
        if self.form_limits is not None:  # the caller may change his own
            object.__setattr__(self, "form_limits", dict(self.form_limits))
        if self.status_code is not None:  # an int of http.HTTPStatus too
            object.__setattr__(self, "status_code", int(self.status_code))
        for each in self.dependencies or ():
            if not isinstance(each, Depends):
                raise TypeError(f"dependencies are Depends(...), not {each!r}")

    def under(self, outer: "RouteOptions") -> "RouteOptions":
        """These, with those of a router or an app around: its dependencies and tags come first,
        the rest holds where nothing else is said here."""
        return dataclasses.replace(
            self,
            response_class=self.response_class or outer.response_class,
            dependencies=[*(outer.dependencies or ()), *(self.dependencies or ())],
            responses={**(outer.responses or {}), **(self.responses or {})},
            tags=[*(outer.tags or ()), *(self.tags or ())],
            deprecated=self.deprecated or outer.deprecated,
            include_in_schema=self.include_in_schema and outer.include_in_schema,
            callbacks=[*(outer.callbacks or ()), *(self.callbacks or ())],
            strict_content_type=(
                outer.strict_content_type
                if self.strict_content_type is None
                else self.strict_content_type
            ),
            dispatch=self.dispatch or outer.dispatch,
            generate_unique_id_function=(
                self.generate_unique_id_function or outer.generate_unique_id_function
            ),
            max_body_size=(
                outer.max_body_size if self.max_body_size is None else self.max_body_size
            ),
            form_limits={**(outer.form_limits or {}), **(self.form_limits or {})},
        )

    def dump_options(self) -> DumpOptions:
        """What of a result is shown."""
        return DumpOptions(
            include=self.response_model_include,
            exclude=self.response_model_exclude,
            by_alias=self.response_model_by_alias,
            exclude_unset=self.response_model_exclude_unset,
            exclude_defaults=self.response_model_exclude_defaults,
            exclude_none=self.response_model_exclude_none,
        )


def check_options(given: Mapping[str, Any], where: str) -> None:
    """TypeError for a keyword that RouteOptions has not."""
    unknown = [name for name in given if name not in RouteOptions.__dataclass_fields__]
    if unknown:
        from fasterapi._spelling import unknown_keyword  # only where something is wrong

        raise unknown_keyword(unknown[0], RouteOptions.__dataclass_fields__, where)


def check_size(name: str, value: Any) -> None:
    """ValueError for what is neither None nor a number of bytes or fields."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise ValueError(f"{name} must be a non-negative integer or None")
