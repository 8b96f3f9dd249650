"""A route that answers at once, and one that blocks its worker for 100 ms."""

import time

from fasterapi import App

app = App()


@app.get("/quick")
def quick():
    return {"message": "Hello, World!"}


@app.get("/block")
def block():
    time.sleep(0.1)
    return {"message": "late"}
