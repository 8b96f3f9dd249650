"""Uploads: files of a form are kept in a folder, UPLOAD_FOLDER or uploads, and given back."""

import contextlib
import hashlib
import os
import re
from pathlib import Path
from typing import Annotated, Any, AsyncIterator, Dict, List

from fasterapi import App, FileResponse, Form, HTMLResponse, HTTPException, UploadFile

CHUNK = 64 * 1024
PAGE = """<!doctype html>
<title>Upload</title>
<form action="files" method="post" enctype="multipart/form-data">
<input name="note" placeholder="Note">
<input name="files" type="file" multiple required>
<button>Upload</button>
</form>
"""


@contextlib.asynccontextmanager
async def lifespan(app: App) -> AsyncIterator[None]:
    app.state.folder = Path(os.environ.get("UPLOAD_FOLDER", "uploads"))
    app.state.folder.mkdir(parents=True, exist_ok=True)
    yield


app = App(title="Uploads", lifespan=lifespan)


def path_of(name: str) -> Path:
    """Where a file of that name is kept; a name that could lead elsewhere is none."""
    if not re.fullmatch(r"[\w-][\w. -]{0,99}", name):
        raise HTTPException(400, "a name has letters, digits, '.', '-', '_' and spaces")
    folder: Path = app.state.folder
    return folder / name


@app.get("/", response_class=HTMLResponse)
def page() -> str:
    return PAGE


@app.post("/files", status_code=201)
async def upload(files: List[UploadFile], note: Annotated[str, Form()] = "") -> Dict[str, Any]:
    return {"note": note, "files": [await keep(file) for file in files]}


async def keep(file: UploadFile) -> Dict[str, Any]:
    name = file.filename or ""
    path = path_of(name)
    digest, size = hashlib.sha256(), 0
    with open(path, "wb") as kept:
        while chunk := await file.read(CHUNK):
            kept.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return {"name": name, "size": size, "sha256": digest.hexdigest()}


@app.get("/files/{name}")
def download(name: str) -> FileResponse:
    path = path_of(name)
    if not path.is_file():
        raise HTTPException(404, "there is no such file")
    return FileResponse(path, filename=name)


if __name__ == "__main__":
    app.run()
