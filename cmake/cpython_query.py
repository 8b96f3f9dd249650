"""Tells cpython.cmake, as JSON, how to compile and link against the Python that runs this."""

import json
import os
import sys
import sysconfig


def first(paths):
    return next((path for path in paths if os.path.exists(path)), "")


def libraries(version, var):
    """Paths of the static and of the shared libpython, empty where there is none."""
    folders = [var("LIBDIR"), os.path.join(var("LIBDIR"), var("MULTIARCH") or "")]
    shared = first(os.path.join(folder, f"libpython{version}.so") for folder in folders)
    static = first([os.path.join(var("LIBPL"), f"libpython{version}.a")])
    if not static and not shared:
        raise SystemExit(f"no libpython{version} (development files missing?)")
    return static, shared


def linked_with(var):
    """What the archive needs: of the modules inside it, only libraries that a linker can find."""
    modules = [word for word in (var("MODLIBS") or "").split() if word.startswith("-l")]
    rest = " ".join(filter(None, (var("LIBS"), var("SYSLIBS"), var("LIBM")))).split()
    return " ".join(dict.fromkeys(modules + rest))


def optimisation(var):
    args = var("CONFIG_ARGS") or ""
    if sys.prefix in ("/usr", "/usr/local"):
        return "system"
    return "PGO" if "--enable-optimizations" in args else "plain"


def main():
    if sys.version_info < (3, 12):
        raise SystemExit(f"Python {sys.version.split()[0]} is older than 3.12")
    var = sysconfig.get_config_var
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    include = sysconfig.get_path("include")
    if not os.path.exists(os.path.join(include, "Python.h")):
        raise SystemExit(f"no Python.h in {include}")
    static, shared = libraries(version, var)
    print(json.dumps({
        "version": version,
        "build": f"{sys.version.split()[0]} {optimisation(var)}",
        "home": sys.prefix,
        "include": include,
        "static": static,
        "shared": shared,
        "libraries": linked_with(var),
    }))


main()
