"""Types that annotations of FastAPI apps name."""

from typing import Any, Callable, Dict, Mapping, Set, Tuple, TypeVar, Union

DecoratedCallable = TypeVar("DecoratedCallable", bound=Callable[..., Any])
IncEx = Union[Set[int], Set[str], Mapping[int, Any], Mapping[str, Any]]
DependencyCacheKey = Tuple[Any, Tuple[str, ...], str]
ModelNameMap = Dict[Any, str]
