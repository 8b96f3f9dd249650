"""The same proof through a container engine's command line."""

import json
import subprocess


def ask(*command):
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


class EngineBuilder:
    def __init__(self, engine, context, log):
        self.engine, self.context, self.log = engine, context, log

    def build(self):
        subprocess.run([self.engine, "build", "--tag", "fasterapi-proof", self.context],
                       check=True, stdout=self.log, stderr=subprocess.STDOUT)
        return "fasterapi-proof"


class EngineContainer:
    def __init__(self, engine, image):
        self.engine = engine
        self.id = ask(engine, "run", "--detach", "--read-only", "--publish", "127.0.0.1::8000",
                      image)

    def inspect(self, field):
        template = f"{{{{json .{field}}}}}"
        return json.loads(ask(self.engine, "inspect", "--format", template, self.id))

    def inside(self, *command, user=None):
        flags = ["--user", user] if user else []
        return subprocess.run([self.engine, "exec", *flags, self.id, *command],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def has_ended(self):
        return not self.inspect("State.Running")

    def is_healthy(self):
        _, *command = self.inspect("Config.Healthcheck.Test")
        return self.inside(*command).returncode == 0

    def can_write(self):
        return self.inside("touch", "/app/probe", user="0").returncode == 0

    def user_id(self):
        return int(self.inside("id", "-u").stdout)

    def inner_pid(self):
        name = self.inside("cat", "/proc/1/comm").stdout.strip()
        return 1 if "fasterapi-serv".startswith(name[:14]) else 0

    def address(self):
        port = ask(self.engine, "port", self.id, "8000").splitlines()[0].rpartition(":")[2]
        return "127.0.0.1", int(port)

    def stop(self, timeout):
        ask(self.engine, "stop", "--time", str(timeout), self.id)
        return self.inspect("State.ExitCode")

    def remove(self):
        subprocess.run([self.engine, "rm", "--force", self.id], stdout=subprocess.DEVNULL)
