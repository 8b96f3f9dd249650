"""Forms of a request, and the files in them as parameters."""

import typing
from typing import Any, Dict, List, Optional, Tuple
from urllib.parse import parse_qsl

from fasterapi import _classify, _multipart
from fasterapi._multipart import Limits
from fasterapi._schema import INVALID, Loc
from fasterapi._uploads import FormData, UploadFile
from fasterapi.exceptions import HTTPException

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


def parse_form(body: bytes, content_type: str, limits: Optional[Limits] = None) -> FormData:
    """The form of a body; an empty one for another content type. HTTPException 400 where it is
    malformed or over a limit."""
    limits = limits or Limits()
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == MULTIPART:
        return FormData(_multipart.parse(body, content_type, limits))
    if media_type == URLENCODED:
        return FormData(_urlencoded(body, limits))
    return FormData()


def _urlencoded(body: bytes, limits: Limits) -> List[Tuple[str, str]]:
    if body.count(b"&") >= limits.max_fields:
        most = limits.max_fields
        raise HTTPException(400, f"Too many fields. Maximum number of fields is {most}.")
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, separator="&")


class FileSchema:
    """What stands for a schema where the value is UploadFile, Optional of it, or a list of it."""

    def __init__(self, annotation: Any) -> None:
        self.is_list = _classify.items_are(annotation, UploadFile)
        self._is_optional = type(None) in _classify.members(annotation)
        self._made_by: Any = list
        for member in _classify.members(annotation):
            if _classify.is_sequence(member):
                origin = typing.get_origin(member)
                self._made_by = origin if origin in (list, tuple, set, frozenset) else list

    def validate(self, value: Any, loc: Loc, errors: List[Dict[str, Any]]) -> Any:
        """As Schema.validate."""
        if not self.is_list:
            return _checked(value, loc, errors)
        items = [_checked(item, (*loc, at), errors) for at, item in enumerate(value)]
        return INVALID if INVALID in items else self._made_by(items)

    def json_schema(self, definitions: Any, mode: str) -> Dict[str, Any]:
        """As Schema.json_schema."""
        one = {"type": "string", "contentMediaType": "application/octet-stream"}
        made = {"type": "array", "items": one} if self.is_list else one
        return {"anyOf": [made, {"type": "null"}]} if self._is_optional else made


def file_schema(annotation: Any) -> Optional[FileSchema]:
    """The schema for UploadFile and lists of it; None for bytes, which have one of their own."""
    if _classify.has_member(annotation, UploadFile) or _classify.items_are(annotation, UploadFile):
        return FileSchema(annotation)
    return None


def as_bytes(value: Any) -> Any:
    """A file, or a list of files, as their bytes."""
    if isinstance(value, list):
        return [as_bytes(item) for item in value]
    return value.peek() if isinstance(value, UploadFile) else value


def is_empty_file(value: Any) -> bool:
    """Whether a browser sent it because no file was chosen."""
    return isinstance(value, UploadFile) and not value.filename and value.size == 0


def _checked(value: Any, loc: Loc, errors: List[Dict[str, Any]]) -> Any:
    if isinstance(value, UploadFile):
        return value
    text = f"Expected UploadFile, received: {type(value)}"
    errors.append(
        {
            "type": "value_error",
            "loc": list(loc),
            "msg": "Value error, " + text,
            "input": value,
            "ctx": {"error": ValueError(text)},
        }
    )
    return INVALID
