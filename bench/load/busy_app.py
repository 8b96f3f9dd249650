"""For `parallel`: a handler that holds its interpreter's GIL for some 10 ms, in bytecode."""

from fasterapi import App

app = App()


@app.get("/busy")
def busy():
    total = 0
    for number in range(200_000):
        total += number & 7
    return {"total": total}


@app.get("/")
def ready():
    return "ready"
