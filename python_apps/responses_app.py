"""What a handler may return: values, responses with status, headers and cookies, streams."""

import asyncio
from typing import Optional

from fasterapi import (
    APIRouter,
    App,
    HTMLResponse,
    HTTPException,
    RedirectResponse,
    Response,
    StreamingResponse,
    status,
)

app = App(title="Responses")
reports = APIRouter(prefix="/reports")


@app.get("/", response_class=HTMLResponse)
def page():
    return '<p>See the <a href="/reports/2026">report</a> or <a href="/count?to=5">count</a>.'


@app.get("/home")
def home():
    return RedirectResponse("/", status.HTTP_303_SEE_OTHER)


@app.get("/login")
def log_in(response: Response, name: str = "guest"):
    response.set_cookie("name", name, max_age=3600, httponly=True)
    return {"welcome": name}


@app.get("/whoami")
def who_am_i(request):
    name = request.cookies.get("name")
    if name is None:
        raise HTTPException(401, "log in first", headers={"WWW-Authenticate": "Cookie"})
    return {"name": name}


@app.delete("/login", status_code=204)
def log_out(response: Response):
    response.delete_cookie("name")


@app.get("/count")
async def count(to: int = 3, pause: float = 0.0):
    async def numbers():
        for number in range(1, to + 1):
            yield f"{number}\n"
            await asyncio.sleep(pause)

    return StreamingResponse(numbers(), media_type="text/plain")


@reports.get("/{year:int}")
def report(year, section: Optional[str] = None):
    def rows():
        yield "month,total\n"
        for month in range(1, 13):
            yield f"{year}-{month:02},{month * 10}\n"

    if section is not None:
        raise HTTPException(404, {"no section": section})
    return StreamingResponse(rows(), media_type="text/csv")


app.include_router(reports)

if __name__ == "__main__":
    app.run()
