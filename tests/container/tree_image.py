"""Carries out a Dockerfile in directory trees: what an engine's builder does, without an engine.

Runs as root in a mount namespace of its own (tests/container/run), so what it mounts ends with it.
"""

import ctypes
import hashlib
import os
import pathlib
import re
import shlex
import shutil
import subprocess

import dockerfile

LAYERS_KEPT = 4


def run(*command, **options):
    return subprocess.run([str(word) for word in command], check=True, **options)


def copy_tree(source, target):
    shutil.rmtree(target, ignore_errors=True)
    run("cp", "-a", "--reflink=auto", source, target)


def substitute(text, values):
    return re.sub(r"\$\{?(\w+)\}?", lambda match: values.get(match[1], ""), text)


def mount_system(tree):
    """What a container sees of the kernel. /dev: only what a program may expect to be there."""
    run("mount", "-t", "tmpfs", "-o", "mode=755,size=1m", "tmpfs", tree / "dev")
    for name in ("null", "zero", "full", "random", "urandom", "tty"):
        (tree / "dev" / name).touch()
        run("mount", "--bind", f"/dev/{name}", tree / "dev" / name)
    for name, target in (("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"),
                         ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2")):
        (tree / "dev" / name).symlink_to(target)


class TreeImage:
    """One stage: its tree, and the settings that later instructions and the start use."""

    def __init__(self, tree):
        self.tree = tree
        self.environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
        self.folder = "/"
        self.user = "0:0"
        self.entrypoint, self.command, self.health = [], [], []
        self.stop_signal = "SIGTERM"

    def chroot(self, command, user=None):
        """The vector that runs command inside, as the image's user, in its folder."""
        return ["env", "-i", *(f"{name}={value}" for name, value in self.environment.items()),
                "chroot", f"--userspec={user or self.user}", "--groups=", str(self.tree),
                "/bin/sh", "-c", f"cd {shlex.quote(self.folder)} && exec \"$@\"", "sh", *command]


class Builder:
    def __init__(self, context, trees, log):
        self.context = pathlib.Path(context)
        self.trees = pathlib.Path(trees)
        self.log = log
        ignore = self.context / ".dockerignore"
        self.ignored = dockerfile.Ignore(ignore.read_text() if ignore.exists() else "")
        self.images = {}
        self.layers_used = set()

    def build(self):
        """Every stage; the last one is the image."""
        text = (self.context / "Dockerfile").read_text()
        for stage in dockerfile.parse(text):
            image = self.build_stage(stage)
            self.images[stage.name] = image
        self.drop_old_layers()
        return image

    def build_stage(self, stage):
        tree = self.trees / f"stage-{stage.name}"
        chain = hashlib.sha256(stage.base.encode())
        image = TreeImage(tree)
        instructions = list(stage.instructions)
        if stage.base in self.images:
            copy_tree(self.images[stage.base].tree, tree)
        else:
            # Packages before the first COPY make a layer that the next build starts from.
            leading = []
            while instructions and instructions[0].name == "RUN":
                leading.append(instructions.pop(0))
                chain.update(str(leading[-1]).encode())
            self.start_tree(image, stage.base, leading, chain.hexdigest()[:16])
        for instruction in instructions:
            print(f"{stage.name}: {instruction}", file=self.log, flush=True)
            getattr(self, "do_" + instruction.name.lower())(image, instruction)
        return image

    def start_tree(self, image, base, leading, key):
        if not re.match(r"debian:trixie(-slim)?$", base):
            raise ValueError(f"FROM {base}: only Debian 13's image is known here")
        layer = self.trees / f"layer-{key}"
        self.layers_used.add(layer)
        if not layer.exists():
            copy_tree(self.trees / "trixie", image.tree)
            for instruction in leading:
                print(f"RUN {instruction.rest}", file=self.log, flush=True)
                self.do_run(image, instruction)
            copy_tree(image.tree, f"{layer}.part")
            os.rename(f"{layer}.part", layer)
        os.utime(layer)
        copy_tree(layer, image.tree)

    def drop_old_layers(self):
        layers = sorted(self.trees.glob("layer-*"), key=lambda path: path.stat().st_mtime)
        for layer in layers[:-LAYERS_KEPT]:
            if layer not in self.layers_used:
                shutil.rmtree(layer, ignore_errors=True)

    def do_run(self, image, instruction):
        """With the machine's name service and apt settings lent to the tree, as engines do."""
        lent = self.lend_network(image.tree)
        mount_system(image.tree)
        caches = self.mount_cache(image, instruction)
        try:
            command = image.chroot(["/bin/sh", "-c", instruction.rest])
            run("unshare", "--pid", "--fork", "--kill-child",
                f"--mount-proc={image.tree / 'proc'}", *command,
                stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        finally:
            for path in caches:
                run("umount", path)
            run("umount", "--recursive", image.tree / "dev")
            for path, saved in lent:
                path.unlink()
                if saved is not None:
                    path.write_bytes(saved)

    def mount_cache(self, image, instruction):
        """RUN --mount=type=cache: a folder that outlives the build. Gives its mount points."""
        options = dict(option.partition("=")[::2]
                       for option in instruction.flags.get("mount", "").split(",") if option)
        if not options:
            return []
        if options.get("type") != "cache":
            raise ValueError(f"RUN --mount={instruction.flags['mount']}")
        kept = self.trees / ("cache-" + options["target"].strip("/").replace("/", "-"))
        inside = image.tree / options["target"].lstrip("/")
        for folder in (kept, inside):
            folder.mkdir(parents=True, exist_ok=True)
        run("mount", "--bind", kept, inside)
        return [inside]

    def lend_network(self, tree):
        sources = [pathlib.Path("/etc/resolv.conf"), pathlib.Path("/etc/hosts")]
        for path in sorted(pathlib.Path("/etc/apt/apt.conf.d").glob("*")):
            text = path.read_text(errors="replace")
            if path.is_file() and re.search(r"^\s*Acquire", text, re.MULTILINE):
                sources.append(path)
        lent = []
        for path in sources:
            if path.exists():
                inside = tree / path.relative_to("/")
                inside.parent.mkdir(parents=True, exist_ok=True)
                lent.append((inside, inside.read_bytes() if inside.exists() else None))
                inside.write_bytes(path.read_bytes())
        return lent

    def do_copy(self, image, instruction):
        *sources, target = [substitute(word, image.environment) for word in instruction.words()]
        into = image.tree / os.path.join(image.folder, target).lstrip("/")
        owner = instruction.flags.get("chown")
        for source in sources:
            if "from" in instruction.flags:
                origin = self.images[instruction.flags["from"]].tree / source.lstrip("/")
                self.copy_from_tree(origin, into)
            else:
                self.copy_from_context(source.rstrip("/"), into, target.endswith("/"))
        if owner:
            run("chown", "-R", owner, into)

    def copy_from_tree(self, origin, into):
        if origin.is_dir():
            into.mkdir(parents=True, exist_ok=True)
            run("cp", "-a", f"{origin}/.", into)
        else:
            into.parent.mkdir(parents=True, exist_ok=True)
            run("cp", "-a", origin, into)

    def copy_from_context(self, source, into, is_folder):
        files = dockerfile.context_files(self.context, source, self.ignored)
        for path in files:
            if (self.context / source).is_dir():
                to = into / os.path.relpath(path, source)
            else:
                to = into / os.path.basename(path) if is_folder else into
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.context / path, to, follow_symlinks=False)

    def do_workdir(self, image, instruction):
        image.folder = os.path.join(image.folder, substitute(instruction.rest, image.environment))
        (image.tree / image.folder.lstrip("/")).mkdir(parents=True, exist_ok=True)

    def do_env(self, image, instruction):
        for word in instruction.words():
            name, _, value = word.partition("=")
            image.environment[name] = substitute(value, image.environment)

    def do_user(self, image, instruction):
        image.user = substitute(instruction.rest, image.environment)

    def do_entrypoint(self, image, instruction):
        image.entrypoint = instruction.command()

    def do_cmd(self, image, instruction):
        image.command = instruction.command()

    def do_healthcheck(self, image, instruction):
        keyword, _, rest = instruction.rest.partition(" ")
        if keyword != "CMD":
            raise ValueError(f"HEALTHCHECK {instruction.rest}")
        image.health = dockerfile.Instruction("CMD", {}, rest.strip()).command()

    def do_stopsignal(self, image, instruction):
        image.stop_signal = instruction.rest

    def do_expose(self, image, instruction):
        pass

    do_label = do_expose


CLONE_NEWNET = 0x40000000


def enter_own_network():
    """A network with nothing but its own loopback: port 8000 is free in it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare of the network namespace")
    import fcntl
    import socket
    import struct
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sH14x", b"lo", 0x1 | 0x40)  # IFF_UP | IFF_RUNNING
        fcntl.ioctl(control, 0x8914, request)  # SIOCSIFFLAGS


class TreeContainer:
    """The image running: read-only, as its user, process 1 of its own process namespace."""

    def __init__(self, image, log):
        self.image = image
        run("mount", "--bind", image.tree, image.tree)
        run("mount", "-o", "remount,bind,ro", image.tree)
        mount_system(image.tree)
        enter_own_network()
        self.process = subprocess.Popen(
            self.alone(*image.entrypoint, *image.command),
            stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)

    def alone(self, *command):
        """The vector that runs command with processes and /proc of its own."""
        return ["unshare", "--pid", "--fork", "--kill-child",
                f"--mount-proc={self.image.tree / 'proc'}", *self.image.chroot(command)]

    def server_pid(self):
        """As the outside sees it: the one child of unshare."""
        path = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        children = pathlib.Path(path).read_text().split()
        return int(children[0]) if children else None

    def status_field(self, name):
        text = pathlib.Path(f"/proc/{self.server_pid()}/status").read_text()
        return re.search(rf"^{name}:\s*(.*)$", text, re.MULTILINE)[1].split()

    def has_ended(self):
        return self.process.poll() is not None

    def is_healthy(self):
        return subprocess.run(self.image.chroot(self.image.health),
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    def inside(self, *command):
        return subprocess.run(self.alone(*command), text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)

    def can_write(self):
        attempts = "touch /probe || touch /app/probe || touch /var/tmp/probe || touch /etc/probe"
        command = self.image.chroot(["/bin/sh", "-c", attempts], user="0:0")
        return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0

    def user_id(self):
        return int(self.status_field("Uid")[0])

    def inner_pid(self):
        return int(self.status_field("NSpid")[-1])

    def address(self):
        return "127.0.0.1", int(self.image.environment.get("PORT", "8000"))

    def stop(self, timeout):
        import signal
        os.kill(self.server_pid(), getattr(signal, self.image.stop_signal))
        return self.process.wait(timeout=timeout)

    def remove(self):
        if not self.has_ended():
            self.process.kill()
            self.process.wait()
