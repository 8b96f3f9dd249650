"""Sends back what comes, on a Unix socket: python3 echo.py PATH. Says that it listens."""

import selectors
import socket
import sys


def main() -> None:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(sys.argv[1])
    listener.listen(256)
    ready = selectors.DefaultSelector()
    ready.register(listener, selectors.EVENT_READ)
    print("listening", flush=True)
    while True:
        for key, _ in ready.select():
            if key.fileobj is listener:
                ready.register(listener.accept()[0], selectors.EVENT_READ)
            elif data := key.fileobj.recv(65536):
                key.fileobj.sendall(data)
            else:
                ready.unregister(key.fileobj)
                key.fileobj.close()


if __name__ == "__main__":
    main()
