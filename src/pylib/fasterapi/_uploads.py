"""What a form holds: Starlette's classes, with what ``def`` handlers need."""

from typing import Any

from fasterapi import _dependencies

with _dependencies.needed_by("a form"):
    from starlette import datastructures


class UploadFile(datastructures.UploadFile):
    """A file of a form. ``file`` is an ordinary binary file, for ``def`` handlers; the methods are
    awaited. ``size`` is in bytes. It is closed after the response."""

    def peek(self) -> bytes:
        """Its bytes from the place that it is read up to, which stays."""
        place = self.file.tell()
        try:
            return self.file.read()
        finally:
            self.file.seek(place)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema  # a model of pydantic's asks

        return core_schema.no_info_plain_validator_function(_checked)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any:
        return {"type": "string", "contentMediaType": "application/octet-stream"}


def _checked(value: Any) -> Any:
    if not isinstance(value, datastructures.UploadFile):
        raise ValueError(f"Expected UploadFile, received: {type(value)}")
    return value


class FormData(datastructures.FormData):
    """The fields of a form; of several with one name, ``[]`` gives the last."""

    def close_files(self) -> None:
        """Closes its files, and removes them."""
        for _, value in self.multi_items():
            if isinstance(value, datastructures.UploadFile):
                value.file.close()


def is_form(value: Any) -> bool:
    """Whether it is a FormData."""
    return isinstance(value, FormData)
