"""Holds the #include lines of src/ against DEPENDS in src/CMakeLists.txt: arrows point one way."""

import re
from pathlib import Path
from typing import Dict, Iterator, List, Set

SOURCE = Path(__file__).resolve().parents[2] / "src"
PYTHON_ROOMS = {"python", "hosting"}  # only these see Python.h
SOCKET_ROOMS = {"net", "http"}  # only these see Beast and Asio
Rooms = Dict[str, Set[str]]


def read_rooms(cmake: str) -> Rooms:
    """Each room with those that it may include: its DEPENDS, theirs, and itself."""
    direct: Rooms = {}
    for arguments in re.findall(r"fasterapi_room\(([^)]*)\)", cmake):
        name, *words = arguments.split()
        depends: Set[str] = set()
        if "DEPENDS" in words:
            for word in words[words.index("DEPENDS") + 1 :]:
                if word == "LIBRARIES":
                    break
                depends.add(word)
        direct[name] = depends
    return {name: reachable(name, direct) for name in direct}


def reachable(name: str, direct: Rooms) -> Set[str]:
    found = {name}
    for each in direct[name]:
        found |= reachable(each, direct)
    return found


def violations(room: str, text: str, rooms: Rooms) -> Iterator[str]:
    for header in re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', text, re.MULTILINE):
        folder = header.split("/")[0]
        if folder in rooms and folder not in rooms[room]:
            yield f"{header}: {room} does not depend on {folder}"
        if re.match(r"Python\.h$|cpython/", header) and room not in PYTHON_ROOMS:
            yield f"{header}: only {' and '.join(sorted(PYTHON_ROOMS))} include it"
        if re.match(r"boost/(asio|beast)\b", header) and room not in SOCKET_ROOMS:
            yield f"{header}: only {' and '.join(sorted(SOCKET_ROOMS))} include it"


def all_violations() -> List[str]:
    rooms = read_rooms((SOURCE / "CMakeLists.txt").read_text())
    found = []
    for room in rooms:
        for path in sorted((SOURCE / room).rglob("*.[ch]pp")):
            for each in violations(room, path.read_text(), rooms):
                found.append(f"{path.relative_to(SOURCE)}: {each}")
    return found


def test_every_include_follows_an_arrow() -> None:
    assert all_violations() == []


def test_an_include_against_the_arrows_is_seen() -> None:
    rooms = read_rooms("fasterapi_room(http)\nfasterapi_room(net DEPENDS http LIBRARIES x)")
    assert rooms == {"http": {"http"}, "net": {"net", "http"}}
    assert not list(violations("net", '#include "http/a.hpp"\n#include <boost/asio.hpp>', rooms))
    assert list(violations("http", '#include "net/a.hpp"', rooms))
    assert list(violations("net", "#include <Python.h>", rooms))


def test_every_folder_is_a_room() -> None:
    rooms = read_rooms((SOURCE / "CMakeLists.txt").read_text())
    folders = {path.name for path in SOURCE.iterdir() if path.is_dir()} - {"pylib"}
    assert folders == set(rooms)


if __name__ == "__main__":
    test_every_include_follows_an_arrow()
    test_an_include_against_the_arrows_is_seen()
    test_every_folder_is_a_room()
