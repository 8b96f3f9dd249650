"""The texts of errors, word for word pydantic 2's."""

from typing import Any, Dict, Optional

TEMPLATES = {
    "assertion_error": "Assertion failed, {error}",
    "bool_parsing": "Input should be a valid boolean, unable to interpret input",
    "bool_type": "Input should be a valid boolean",
    "bytes_too_long": "Data should have at most {max_length} byte{expected_plural}",
    "bytes_too_short": "Data should have at least {min_length} byte{expected_plural}",
    "bytes_type": "Input should be a valid bytes",
    "dataclass_exact_type": "Input should be an instance of {class_name}",
    "dataclass_type": "Input should be a dictionary or an instance of {class_name}",
    "date_from_datetime_inexact": (
        "Datetimes provided to dates should have zero time - e.g. be exact dates"
    ),
    "date_from_datetime_parsing": "Input should be a valid date or datetime, {error}",
    "date_parsing": "Input should be a valid date in the format YYYY-MM-DD, {error}",
    "date_type": "Input should be a valid date",
    "datetime_from_date_parsing": "Input should be a valid datetime or date, {error}",
    "datetime_parsing": "Input should be a valid datetime, {error}",
    "datetime_type": "Input should be a valid datetime",
    "decimal_max_digits": (
        "Decimal input should have no more than {max_digits} digit{expected_plural} in total"
    ),
    "decimal_max_places": (
        "Decimal input should have no more than {decimal_places} decimal place{expected_plural}"
    ),
    "decimal_parsing": "Input should be a valid decimal",
    "decimal_type": "Decimal input should be an integer, float, string or Decimal object",
    "decimal_whole_digits": (
        "Decimal input should have no more than {whole_digits} digit{expected_plural} "
        "before the decimal point"
    ),
    "dict_type": "Input should be a valid dictionary",
    "enum": "Input should be {expected}",
    "extra_forbidden": "Extra inputs are not permitted",
    "finite_number": "Input should be a finite number",
    "float_parsing": "Input should be a valid number, unable to parse string as a number",
    "float_type": "Input should be a valid number",
    "frozen_field": "Field is frozen",
    "frozen_instance": "Instance is frozen",
    "frozen_set_type": "Input should be a valid frozenset",
    "get_attribute_error": "Error extracting attribute: {error}",
    "greater_than": "Input should be greater than {gt}",
    "greater_than_equal": "Input should be greater than or equal to {ge}",
    "int_from_float": "Input should be a valid integer, got a number with a fractional part",
    "int_parsing": "Input should be a valid integer, unable to parse string as an integer",
    "int_parsing_size": "Unable to parse input string as an integer, exceeded maximum size",
    "int_type": "Input should be a valid integer",
    "invalid_key": "Keys should be strings",
    "is_instance_of": "Input should be an instance of {class}",
    "json_invalid": "Invalid JSON: {error}",
    "json_type": "JSON input should be string, bytes or bytearray",
    "less_than": "Input should be less than {lt}",
    "less_than_equal": "Input should be less than or equal to {le}",
    "list_type": "Input should be a valid list",
    "literal_error": "Input should be {expected}",
    "missing": "Field required",
    "model_attributes_type": "Input should be a valid dictionary or object to extract fields from",
    "model_type": "Input should be a valid dictionary or instance of {class_name}",
    "multiple_of": "Input should be a multiple of {multiple_of}",
    "named_tuple_type": (
        "Input should be a tuple, list, dictionary or an instance of {class_name}"
    ),
    "none_required": "Input should be None",
    "recursion_depth_exceeded": "Recursion error - maximum validation depth exceeded",
    "recursion_loop": "Recursion error - cyclic reference detected",
    "set_item_not_hashable": "Set items should be hashable",
    "set_type": "Input should be a valid set",
    "string_pattern_mismatch": "String should match pattern '{pattern}'",
    "string_too_long": "String should have at most {max_length} character{expected_plural}",
    "string_too_short": "String should have at least {min_length} character{expected_plural}",
    "string_type": "Input should be a valid string",
    "string_unicode": (
        "Input should be a valid string, unable to parse raw data as a unicode string"
    ),
    "time_delta_parsing": "Input should be a valid timedelta, {error}",
    "time_delta_type": "Input should be a valid timedelta",
    "time_parsing": "Input should be in a valid time format, {error}",
    "time_type": "Input should be a valid time",
    "too_long": (
        "{field_type} should have at most {max_length} item{expected_plural} after validation, "
        "not {actual_length}"
    ),
    "too_short": (
        "{field_type} should have at least {min_length} item{expected_plural} after validation, "
        "not {actual_length}"
    ),
    "tuple_type": "Input should be a valid tuple",
    "union_tag_invalid": (
        "Input tag '{tag}' found using {discriminator} does not match any of the expected tags: "
        "{expected_tags}"
    ),
    "union_tag_not_found": "Unable to extract tag using discriminator {discriminator}",
    "uuid_parsing": "Input should be a valid UUID, {error}",
    "uuid_type": "UUID input should be a string, bytes or UUID object",
    "value_error": "Value error, {error}",
}

_COUNTS = ("min_length", "max_length", "max_digits", "decimal_places", "whole_digits")


def message(type: str, ctx: Optional[Dict[str, Any]]) -> str:
    """The text of an error. KeyError for a type that is not in TEMPLATES."""
    template = TEMPLATES[type]
    if not ctx:
        return template
    shown = {key: _shown(value) for key, value in ctx.items()}
    if "actual_length" in ctx and ctx["actual_length"] is None:
        shown["actual_length"] = "more"
    count = next((ctx[key] for key in _COUNTS if key in ctx), None)
    return template.format(**shown, expected_plural="" if count == 1 else "s")


def _shown(value: Any) -> Any:
    """Floats as Rust shows them: 1.0 as 1, 1e20 with all its digits."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
