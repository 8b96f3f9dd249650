"""OAuth2's password flow: POST /token with a user's name and password gives a signed token, which
the other paths ask for. /docs has it under "Authorization header".

Ann (password "wonderland") may read and write, Bob ("builder") may read."""

import base64
import hashlib
import hmac
import json
import os
import time
from typing import Annotated, Any, Dict, List

from fasterapi import App, Depends, HTTPException, Model, Security
from fasterapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm, SecurityScopes

LIFETIME = 15 * 60
# Workers have to agree on it, so it comes from outside.
KEY = os.environ.get("AUTH_KEY", "not for production").encode()

app = App(title="Auth")
bearer = OAuth2PasswordBearer("token", scopes={"read": "See notes", "write": "Add notes"})


class User(Model):
    name: str
    scopes: List[str]


def hash_password(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**12, r=8, p=1)


USERS = {
    "ann": ("read write", b"salt of ann", hash_password("wonderland", b"salt of ann")),
    "bob": ("read", b"salt of bob", hash_password("builder", b"salt of bob")),
}
notes: List[str] = ["the first"]


def sign(claims: Dict[str, Any]) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode())
    return f"{body.decode()}.{hmac.new(KEY, body, 'sha256').hexdigest()}"


def verify(token: str) -> Dict[str, Any]:
    """The claims of a token of ours that is still good; ValueError for any other."""
    body, _, signature = token.partition(".")
    expected = hmac.new(KEY, body.encode(), "sha256").hexdigest()
    if not hmac.compare_digest(signature.encode(), expected.encode()):
        raise ValueError("not signed by us")
    claims: Dict[str, Any] = json.loads(base64.urlsafe_b64decode(body))
    if claims["until"] < time.time():
        raise ValueError("no longer good")
    return claims


def current_user(needed: SecurityScopes, token: Annotated[str, Depends(bearer)]) -> User:
    challenge = {"WWW-Authenticate": f'Bearer scope="{needed.scope_str}"'}
    try:
        claims = verify(token)
    except ValueError as error:
        raise HTTPException(401, f"the token is {error}", challenge) from None
    missing = [scope for scope in needed.scopes if scope not in claims["scopes"]]
    if missing:
        raise HTTPException(403, f"{claims['name']} may not {missing[0]}", challenge)
    return User(name=claims["name"], scopes=claims["scopes"])


@app.post("/token")
def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> Dict[str, Any]:
    scopes, salt, expected = USERS.get(form.username, ("", b"nobody", b""))
    # Nobody's password takes as long to check as somebody's.
    if not hmac.compare_digest(hash_password(form.password, salt), expected):
        raise HTTPException(400, "wrong name or password")
    claims = {"name": form.username, "scopes": scopes.split(), "until": time.time() + LIFETIME}
    return {"access_token": sign(claims), "token_type": "bearer", "expires_in": LIFETIME}


@app.get("/me")
def me(user: Annotated[User, Security(current_user)]) -> User:
    return user


@app.get("/notes")
def read_notes(user: Annotated[User, Security(current_user, scopes=["read"])]) -> List[str]:
    return notes


@app.post("/notes", status_code=201)
def add_note(note: str, user: Annotated[User, Security(current_user, scopes=["write"])]) -> str:
    notes.append(f"{note} ({user.name})")
    return notes[-1]


if __name__ == "__main__":
    app.run()
