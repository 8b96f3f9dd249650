"""For `websockets`: an echo."""

from fasterapi import App, WebSocket, WebSocketDisconnect

app = App()


@app.get("/")
def ready():
    return "ready"


@app.websocket("/ws")
async def echo(websocket: WebSocket):
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(await websocket.receive_text())
    except WebSocketDisconnect:
        pass
