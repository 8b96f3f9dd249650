"""Forms of a request, and the files in them as parameters.

Starlette's classes and python-multipart are imported where an app has forms: by its annotations, or
by prepare()."""

import importlib
import re
import sys
import typing
from typing import TYPE_CHECKING, Any, Dict, List, NamedTuple, Optional, Tuple
from urllib.parse import parse_qsl

from fasterapi import _classify
from fasterapi._schema import INVALID, Loc
from fasterapi.exceptions import HTTPException

if TYPE_CHECKING:
    from fasterapi._uploads import FormData

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


class Limits(NamedTuple):
    """What a form may bring; beyond it the answer is a 400. ``max_part_size`` is that of a field
    which is no file, in bytes, of an urlencoded one with its name: the size of files is limited
    by that of the body."""

    max_files: int = 1000
    max_fields: int = 1000
    max_part_size: int = 1024 * 1024


def prepare() -> None:
    """Imports what reads forms. ModuleNotFoundError where that is missing."""
    importlib.import_module("fasterapi._multipart")


def is_form(value: Any) -> bool:
    """Whether it is a FormData."""
    module = sys.modules.get("fasterapi._uploads")
    return module is not None and bool(module.is_form(value))


def is_upload(value: Any) -> bool:
    """Whether it is an UploadFile."""
    return isinstance(value, _upload_classes())


def takes_upload(annotation: Any) -> bool:
    """Whether it is UploadFile or Starlette's, optional or not."""
    return _classify.has_member(annotation, _upload_classes())


def takes_uploads(annotation: Any) -> bool:
    """Whether it is a sequence of these."""
    return _classify.items_are(annotation, _upload_classes())


def _upload_classes() -> Tuple[type, ...]:
    module = sys.modules.get("starlette.datastructures")
    return () if module is None else (module.UploadFile,)


def parse_form(body: bytes, content_type: str, limits: Optional[Limits] = None) -> "FormData":
    """The form of a body; an empty one for another content type. HTTPException 400 where it is
    malformed or over a limit."""
    from fasterapi import _multipart
    from fasterapi._uploads import FormData

    limits = limits or Limits()
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == MULTIPART:
        return FormData(_multipart.parse(body, content_type, limits))
    if media_type == URLENCODED:
        return FormData(_urlencoded(body, limits))
    return FormData()


async def receive_form(
    incoming: Any, content_type: str, limits: Optional[Limits] = None
) -> "FormData":
    """The same of a body that comes meanwhile: its files are written as they do."""
    from fasterapi import _multipart
    from fasterapi._uploads import FormData

    limits = limits or Limits()
    if content_type.partition(";")[0].strip().lower() != MULTIPART:
        return parse_form(await incoming.read(), content_type, limits)
    return FormData(await _multipart.receive(incoming.pieces(), content_type, limits))


def _urlencoded(body: bytes, limits: Limits) -> List[Tuple[str, Any]]:
    most = limits.max_fields
    if body.count(b"&") >= most:
        body = _NOTHING.sub(b"&", body).strip(b"&")
    if body and body.count(b"&") >= most:
        raise HTTPException(400, f"Too many fields. Maximum number of fields is {most}.")
    if len(body) > limits.max_part_size:
        _check_sizes(body, limits.max_part_size)
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, separator="&")


_NOTHING = re.compile(b"&{2,}")  # between two of them is no field


def _check_sizes(body: bytes, limit: int) -> None:
    # Of name and value, still encoded.
    if any(len(field) - (b"=" in field) > limit for field in body.split(b"&")):
        raise HTTPException(400, f"Field exceeded maximum size of {limit // 1024}KB.")


class FileSchema:
    """What stands for a schema where the value is UploadFile, Optional of it, or a list of it."""

    def __init__(self, annotation: Any) -> None:
        self.is_list = takes_uploads(annotation)
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
    if takes_upload(annotation) or takes_uploads(annotation):
        return FileSchema(annotation)
    return None


def as_bytes(value: Any) -> Any:
    """A file, or a list of files, as their bytes."""
    if isinstance(value, list):
        return [as_bytes(item) for item in value]
    return value.peek() if is_upload(value) else value


def is_empty_file(value: Any) -> bool:
    """Whether a browser sent it because no file was chosen."""
    return is_upload(value) and not value.filename and value.size == 0


def _checked(value: Any, loc: Loc, errors: List[Dict[str, Any]]) -> Any:
    if is_upload(value):
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
