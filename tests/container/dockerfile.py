"""Reads a Dockerfile into stages of instructions: as much of the format as ours uses."""

import dataclasses
import fnmatch
import json
import os
import pathlib
import re
import shlex


@dataclasses.dataclass
class Instruction:
    name: str
    flags: dict
    rest: str

    def __str__(self):
        return f"{self.name} {self.rest}"

    def words(self):
        """The arguments, in the JSON form or separated by blanks."""
        if self.rest.startswith("["):
            return json.loads(self.rest)
        return shlex.split(self.rest)

    def command(self):
        """For ENTRYPOINT, CMD and HEALTHCHECK: an argument vector."""
        if self.rest.startswith("["):
            return json.loads(self.rest)
        return ["/bin/sh", "-c", self.rest]


@dataclasses.dataclass
class Stage:
    name: str
    base: str
    instructions: list


def logical_lines(text):
    """Joins continued lines; comments and empty lines fall out, also between continued ones."""
    pending = ""
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        pending += line[:-1] if line.endswith("\\") else line
        if not line.endswith("\\"):
            yield pending.strip()
            pending = ""


def parse_instruction(line):
    name, _, rest = line.partition(" ")
    flags, rest = {}, rest.strip()
    while match := re.match(r"--([a-z-]+)=(\S+)\s*", rest):
        flags[match[1]] = match[2]
        rest = rest[match.end():]
    return Instruction(name.upper(), flags, rest)


def parse(text):
    stages = []
    for line in logical_lines(text):
        instruction = parse_instruction(line)
        if instruction.name == "FROM":
            base, *alias = re.split(r"\s+as\s+", instruction.rest, flags=re.IGNORECASE)
            stages.append(Stage(alias[0] if alias else str(len(stages)), base, []))
        else:
            stages[-1].instructions.append(instruction)
    return stages


class Ignore:
    """.dockerignore: the last pattern that matches a path or a folder above it decides."""

    def __init__(self, text):
        self.patterns = [line.strip() for line in text.splitlines()
                         if line.strip() and not line.startswith("#")]

    def __call__(self, path):
        ignored = False
        parts = pathlib.PurePath(path).parts
        ways = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
        for pattern in self.patterns:
            keep, pattern = pattern.startswith("!"), pattern.lstrip("!").rstrip("/")
            anywhere = pattern.startswith("**/")
            names = [pathlib.PurePath(way).name for way in ways] if anywhere else ways
            if any(fnmatch.fnmatch(name, pattern.removeprefix("**/")) for name in names):
                ignored = not keep
        return ignored


def context_files(root, source, ignored):
    """The files below root/source that the build context has, as paths relative to root."""
    start = pathlib.Path(root, source)
    if not start.is_dir():
        if ignored(source):
            raise FileNotFoundError(f"COPY {source}: .dockerignore keeps it out")
        return [source]
    found = []
    for folder, folders, names in os.walk(start):
        links = [name for name in folders if pathlib.Path(folder, name).is_symlink()]
        folders[:] = [name for name in folders if name not in links]
        for name in names + links:
            path = str(pathlib.Path(folder, name).relative_to(root))
            if not ignored(path):
                found.append(path)
    return sorted(found)
