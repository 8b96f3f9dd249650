"""Python and C++ routes behind one router: fasterapi-server --config config/mixed.json.

The C++ half is mixed_routes.cpp. They share paths as routes of one kind would: GET /items/{item_id}
is answered here, GET /items/{item_id}/price there.
"""

from fasterapi import App, HTTPException

app = App(title="Mixed")
names = {1: "spanner", 2: "hammer"}


@app.get("/py")
def python_route():
    return {"from": "Python"}


@app.get("/items/{item_id}")
def read_item(item_id: int):
    if item_id not in names:
        raise HTTPException(404, "no such item")
    return {"id": item_id, "name": names[item_id]}


if __name__ == "__main__":
    app.run()
