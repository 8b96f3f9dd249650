"""Builds the image and holds it to what the Dockerfile promises; see tests/container/run."""

import argparse
import http.client
import json
import pathlib
import sys
import time

import engine_image
import tree_image

STARTS_WITHIN = 20.0
STOPS_WITHIN = 30.0
DEPENDENCIES = ("starlette.applications", "python_multipart", "jinja2")


class Proof:
    def __init__(self):
        self.passed, self.failed = 0, 0

    def claim(self, text, holds):
        print("ok     " if holds else "FAILED ", text, flush=True)
        self.passed, self.failed = self.passed + bool(holds), self.failed + (not holds)

    def summary(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0


def becomes_healthy(container):
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end and not container.has_ended():
        if container.is_healthy():
            return True
        time.sleep(0.1)
    return False


def get(container, path):
    connection = http.client.HTTPConnection(*container.address(), timeout=5)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    except OSError as error:
        return 0, str(error).encode()
    finally:
        connection.close()


def can_import(container, *modules):
    """In the server: one that imports them on its way to an app which is not there."""
    for module in modules:
        done = container.inside("fasterapi-server", "--port=0", f"--app={module}:no_such_app")
        if "has no attribute 'no_such_app'" not in done.stdout:
            return False
    return True


def is_profiled(container):
    return "with a profile" in container.inside("fasterapi-server", "--version").stdout


def prove_container(proof, container):
    healthy = becomes_healthy(container)
    proof.claim("the health check passes", healthy)
    if not healthy:
        return
    proof.claim("the server is process 1", container.inner_pid() == 1)
    proof.claim("it is not root", container.user_id() != 0)
    proof.claim("its root file system is read-only", not container.can_write())
    status, body = get(container, "/")
    proof.claim("the app answers", status == 200 and "message" in json.loads(body or b"{}"))
    proof.claim("a C++ route answers", get(container, "/health")[0] == 200)
    proof.claim("an unknown path is 404", get(container, "/no/such/path")[0] == 404)
    proof.claim("apps find Starlette and the others in it", can_import(container, *DEPENDENCIES))
    proof.claim("it is built with a profile", is_profiled(container))
    proof.claim("SIGTERM ends it with status 0", container.stop(STOPS_WITHIN) == 0)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("context")
    parser.add_argument("--engine")
    parser.add_argument("--trees")
    return parser.parse_args()


def main():
    options, proof = arguments(), Proof()
    logs = pathlib.Path(options.context, "build", "logs")
    logs.mkdir(parents=True, exist_ok=True)
    build_log, server_log = logs / "image-build.log", logs / "container-server.log"
    started = time.monotonic()
    with open(build_log, "w") as log, open(server_log, "w") as server:
        try:
            if options.engine:
                image = engine_image.EngineBuilder(options.engine, options.context, log).build()
            else:
                image = tree_image.Builder(options.context, options.trees, log).build()
        except Exception as error:  # whatever went wrong, its log is what helps
            log.flush()
            print(error, *build_log.read_text().splitlines()[-40:], sep="\n")
            proof.claim("the image builds", False)
            return proof.summary()
        proof.claim(f"the image builds ({time.monotonic() - started:.0f} s)", True)
        if options.engine:
            container = engine_image.EngineContainer(options.engine, image)
        else:
            container = tree_image.TreeContainer(image, server)
        try:
            prove_container(proof, container)
        finally:
            container.remove()
    if proof.failed:
        print(f"the end of {server_log}:", *server_log.read_text().splitlines()[-40:], sep="\n")
    return proof.summary()


if __name__ == "__main__":
    sys.exit(main())
