"""Dependencies of every kind. ``log`` is what happened, in order."""

import asyncio
from typing import Annotated, Any, List, Optional

from fasterapi import (
    APIRouter,
    Depends,
    FastAPI,
    Header,
    HTTPException,
    Query,
    Request,
    Response,
    Security,
)
from fasterapi.background import BackgroundTasks
from fasterapi.responses import JSONResponse, StreamingResponse
from fasterapi.security import (
    APIKeyCookie,
    APIKeyHeader,
    APIKeyQuery,
    HTTPAuthorizationCredentials,
    HTTPBasic,
    HTTPBasicCredentials,
    HTTPBearer,
    HTTPDigest,
    OAuth2AuthorizationCodeBearer,
    OAuth2PasswordBearer,
    SecurityScopes,
)

log: List[Any] = []


def of_the_app(x_app: Annotated[Optional[str], Header()] = None):
    log.append(f"app {x_app}")


app = FastAPI(dependencies=[Depends(of_the_app)])


def common(q: Optional[str] = None, limit: Annotated[int, Query(le=100)] = 10):
    log.append("common")
    return {"q": q, "limit": limit}


async def awaited(base: Annotated[dict, Depends(common)], n: int = 1):
    await asyncio.sleep(0)
    log.append("awaited")
    return {**base, "n": n}


class Pages:
    def __init__(self, page: int = 1, size: int = 10):
        self.page = page
        self.size = size


class Checker:
    def __init__(self, word: str):
        self.word = word

    def __call__(self, text: str = ""):
        return self.word in text


count = 0


def counter():
    global count
    count += 1
    return count


@app.get("/sync")
def sync(base: Annotated[dict, Depends(common)], n: int):
    return [base, n]


@app.get("/async")
async def asynchronous(made: dict = Depends(awaited)):
    return made


@app.get("/sync-of-async")
def sync_of_async(made: dict = Depends(awaited), again: dict = Depends(common)):
    return [made, again]


@app.get("/class")
def of_class(pages: Annotated[Pages, Depends()], other: Pages = Depends(Pages)):
    return [pages.page, pages.size, pages is other]


@app.get("/object")
def of_object(found: bool = Depends(Checker("a"))):
    return found


@app.get("/cache")
def cache(
    a: Annotated[int, Depends(counter)],
    b: Annotated[int, Depends(counter)],
    c: Annotated[int, Depends(counter, use_cache=False)],
):
    return [a == b, c - a]


@app.get("/log")
def show_log():
    return log


@app.get("/partial", dependencies=[Depends(counter), Depends(common)])
def only_decorated():
    return "done"


def opened(name: str = "x"):
    log.append(f"open {name}")
    try:
        yield name
    except ValueError:
        log.append("saw ValueError")
        raise HTTPException(418, "tea") from None
    finally:
        log.append(f"close {name}")


async def opened_async(inner: Annotated[str, Depends(opened)]):
    log.append("open async")
    entered = asyncio.current_task()
    try:
        yield inner + "!"
    except KeyError:
        log.append("saw KeyError")
        raise
    finally:
        # What timeouts and cancel scopes need.
        log.append("close async" if asyncio.current_task() is entered else "close elsewhere")


def swallowing():
    try:
        yield
    except LookupError:
        log.append("swallowed")


def early():
    log.append("open early")
    yield 1
    log.append("close early")


@app.get("/yield")
def with_yield(name: Annotated[str, Depends(opened)], fail: str = ""):
    log.append("handler")
    raise_that(fail)
    return name


@app.get("/yield-async")
async def with_async_yield(name: Annotated[str, Depends(opened_async)], fail: str = ""):
    log.append("handler")
    raise_that(fail)
    return name


@app.get("/swallow")
def swallow(_: Annotated[None, Depends(swallowing)]):
    raise LookupError


@app.get("/early")
def with_early(
    n: Annotated[int, Depends(early, scope="function")],
    name: Annotated[str, Depends(opened)],
    tasks: BackgroundTasks,
):
    tasks.add_task(log.append, "task")
    return n


@app.get("/stream")
def stream(name: Annotated[str, Depends(opened)]):
    def parts():
        for part in "abc":
            log.append(part)
            yield part

    return StreamingResponse(parts())


@app.get("/stream-async")
async def stream_async(name: Annotated[str, Depends(opened_async)]):
    async def parts():
        for part in "abc":
            log.append(part)
            yield part

    return StreamingResponse(parts())


def adds_task(tasks: BackgroundTasks, response: Response):
    tasks.add_task(log.append, "from dependency")
    response.headers["x-dependency"] = "1"
    response.status_code = 202


async def slow(word: str):
    await asyncio.sleep(0)
    log.append(word)


@app.get("/tasks", dependencies=[Depends(adds_task)])
async def tasks(tasks: BackgroundTasks, response: Response):
    tasks.add_task(slow, "from handler")
    response.headers["x-handler"] = "2"
    response.set_cookie("a", "b")
    return {"done": True}


@app.get("/own-task", dependencies=[Depends(adds_task)])
def own_task():
    tasks = BackgroundTasks()
    tasks.add_task(log.append, "own")
    return JSONResponse({"done": True}, background=tasks)


@app.get("/native-task")
def native_task():
    tasks = BackgroundTasks()
    tasks.add_task(slow, "native")
    return JSONResponse({"done": True}, background=tasks)


def raise_that(name: str):
    errors = {"value": ValueError, "key": KeyError, "http": HTTPException(409, {"a": [1]})}
    if name:
        raise errors[name]


def refusing(x_key: Annotated[str, Header()]):
    if x_key != "right":
        raise HTTPException(403, "wrong", headers={"x-why": "key"})


router = APIRouter(prefix="/r", dependencies=[Depends(refusing)])
inner = APIRouter(prefix="/i", dependencies=[Depends(common)])


@inner.get("/x")
def in_router(request: Request, q: Optional[str] = None):
    return {"q": q, "path": request.url.path}


router.include_router(inner, dependencies=[Depends(counter)])
app.include_router(router, prefix="/v1")

oauth2 = OAuth2PasswordBearer(tokenUrl="token", scopes={"me": "", "items": ""})


def user(scopes: SecurityScopes, token: Annotated[str, Depends(oauth2)]):
    return {"token": token, "scopes": scopes.scopes, "text": scopes.scope_str}


def active(who: Annotated[dict, Security(user, scopes=["me"])]):
    return who


@app.get("/me")
def me(who: Annotated[dict, Security(active, scopes=["items"])], plain: dict = Depends(user)):
    return [who, plain]


@app.get("/items")
async def items(who: Annotated[dict, Security(user, scopes=["items", "me"])]):
    return who


@app.get("/basic")
def basic(given: Annotated[HTTPBasicCredentials, Depends(HTTPBasic(realm="us"))]):
    return [given.username, given.password]


@app.get("/basic-optional")
def basic_optional(
    given: Annotated[Optional[HTTPBasicCredentials], Depends(HTTPBasic(auto_error=False))],
):
    return given and given.username


@app.get("/bearer")
def bearer(given: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]):
    return {"scheme": given.scheme, "credentials": given.credentials}


@app.get("/digest")
def digest(given: Annotated[HTTPAuthorizationCredentials, Security(HTTPDigest())]):
    return {"scheme": given.scheme, "credentials": given.credentials}


class OwnBearer(HTTPBearer):
    async def __call__(self, request: Request):
        given = await super().__call__(request)
        if given.credentials != "right":
            raise HTTPException(403, "not you")
        return given.credentials


@app.get("/own-bearer")
def own_bearer(token: str = Depends(OwnBearer())):
    return token


@app.get("/keys")
def keys(
    header: Annotated[Optional[str], Security(APIKeyHeader(name="X-Key", auto_error=False))],
    cookie: Annotated[Optional[str], Security(APIKeyCookie(name="key", auto_error=False))],
    query: Annotated[str, Security(APIKeyQuery(name="key"))],
):
    return [header, cookie, query]


@app.get("/code")
def code(token: str = Security(OAuth2AuthorizationCodeBearer("authorize", "token"))):
    return token


def needs_both(a: int, common: Annotated[dict, Depends(common)]):
    return a


@app.get("/errors")
def errors(
    first: Annotated[int, Depends(needs_both)],
    second: Annotated[int, Depends(needs_both)],
    pages: Annotated[Pages, Depends()],
    b: int,
):
    return [first, second]
