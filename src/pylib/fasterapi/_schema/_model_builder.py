"""fasterapi.Model classes to their schemas."""

import copy
from typing import Any, Dict, List, Mapping

from fasterapi._schema._compiler import Compiler
from fasterapi._schema._constraints import Constraints
from fasterapi._schema._field import FieldInfo
from fasterapi._schema._fields import Fields, Member
from fasterapi._schema._functions import FunctionNode
from fasterapi._schema._models import ModelNode
from fasterapi._schema._node import Node
from fasterapi._schema._resolve import resolved
from fasterapi._schema._scope import Scope
from fasterapi._schema._session import Build, Session


def build_model(session: Session, type_: Any, variables: Mapping[Any, Any]) -> Build:
    """How to compile a model. It offers ``model_config``, ``__fasterapi_fields__``,
    ``__fasterapi_validators__`` and ``__fasterapi_variables__``."""
    config = type_.model_config
    core = ModelNode(type_)
    core.config = {**config, "custom_init": type_.__fasterapi_custom_init__}
    outer: Node = core
    for validator in type_.__fasterapi_validators__.values():
        if not validator.fields:
            outer = FunctionNode(outer, validator.mode, getattr(type_, validator.name))
    variables = {**type_.__fasterapi_variables__, **variables}

    def fill() -> None:
        fields: Dict[str, FieldInfo] = type_.__fasterapi_fields__
        members = []
        for name, info in list(fields.items()):
            fields[name] = info = resolved(info)
            compiler = Compiler(
                session, info.scope or Scope(), defaults_of(config), config, variables
            )
            members.append(_member(compiler, type_, name, info, config))
        core.fields = Fields(members, config.get("extra", "ignore"))

    return Build(core, outer, fill)


def defaults_of(config: Mapping[str, Any]) -> Constraints:
    """What a model's config asks of every value in it."""
    return Constraints(
        strict=config.get("strict"),
        strip_whitespace=config.get("str_strip_whitespace"),
        to_lower=config.get("str_to_lower"),
        to_upper=config.get("str_to_upper"),
        coerce_numbers_to_str=config.get("coerce_numbers_to_str"),
        allow_inf_nan=config.get("allow_inf_nan"),
    )


def _member(
    compiler: Compiler, type_: Any, name: str, info: FieldInfo, config: Mapping[str, Any]
) -> Member:
    if config.get("validate_default") and info.validate_default is None:
        info = copy.copy(info)
        info.validate_default = True
    node = compiler.field(info)
    for validator in type_.__fasterapi_validators__.values():
        if name in validator.fields or "*" in validator.fields:
            function = getattr(type_, validator.name)
            node = FunctionNode(node, validator.mode, function, name)
    return Member(
        name,
        tuple(_keys(name, info, config)),
        info.serialization_alias or info.alias or name,
        node,
        info,
        info.is_required(),
    )


def _keys(name: str, info: FieldInfo, config: Mapping[str, Any]) -> List[str]:
    key = info.validation_alias or info.alias
    if key is None:
        return [name]
    by_name = config.get("populate_by_name") or config.get("validate_by_name")
    return [key, name] if by_name and key != name else [key]
