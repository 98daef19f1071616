"""The server, its accounts, and the count of what was done."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from clock import MovedClock

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Refused(Exception):
    """The server said no; its code."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


class Broken(Exception):
    """A step failed that all later ones need."""


class Stage:
    """A `kms-server` in a folder of its own. Accounts are known by what the scenario calls them."""

    def __init__(self, keep=False):
        self.keep = keep
        self.passed = self.failed = 0
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kms-scenario-"))
        self.clock = MovedClock(self.folder)
        self.program = os.environ.get("KMS_SERVER") or shutil.which("kms-server")
        if not self.program:
            built = ROOT / "target/release/kms-server"
            self.program = str(built) if built.exists() else None
        if not self.program:
            sys.exit("kms-server is not on the PATH, and KMS_SERVER does not name it")
        self.http, self.instance, self.https, self.admin, self.dns = free_ports(5)
        self.accounts = {}
        self.credentials = {}
        self.facts = {}

    def __enter__(self):
        self.configure()
        return self

    def __exit__(self, kind, error, trace):
        self.stop()
        if self.keep:
            print(f"  kept: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)
        return kind is Broken

    # The server.

    def configure(self):
        data, key = self.folder / "data", self.folder / "root.key"
        self.config = self.folder / "kms-server.toml"
        self.config.write_text(
            f"""[server]
data_dir = "{data}"
[listen]
https = ["127.0.0.1:{self.https}"]
http = ["127.0.0.1:{self.http}"]
instance = ["127.0.0.1:{self.instance}"]
admin = ["127.0.0.1:{self.admin}"]
[root_key]
current = "file:{key}"
same_filesystem = true
[rotation]
least_window = "1s"
"""
        )

    def start(self):
        log = open(self.folder / "server.log", "ab")
        self.process = subprocess.Popen(
            [self.program, "serve", "--config", str(self.config)],
            stdout=log,
            stderr=log,
            env=self.environment(),
        )
        for _ in range(600):
            with contextlib.suppress(OSError):
                with socket.create_connection(("127.0.0.1", self.http), 1):
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError((self.folder / "server.log").read_text()[-2000:])

    def stop(self):
        process = getattr(self, "process", None)
        if process and process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(30)

    def environment(self, account=None):
        """Of a program: the scenario's time, and one account's credentials."""
        own = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ALIBABA_CLOUD_", "KMS_"))
        }
        own |= self.clock.variables()
        if account:
            own |= self.credentials[account]
        return own

    def server(self, *arguments):
        """`kms-server` on the store itself."""
        done = subprocess.run(
            [self.program, *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return done.stdout

    # Calls.

    def call(self, account, action, secret=None, **parameters):
        """An action by its name, as that account; the answer. What is secret goes by standard
        input: `secret` is its name and value."""
        said = [f"{name.replace('_', '.')}={text(value)}" for name, value in parameters.items()]
        if secret:
            said.append(f"{secret[0]}=@-")
        done = subprocess.run(
            [self.program, "ctl", "--endpoint", f"http://127.0.0.1:{self.http}", "call", action]
            + said,
            env=self.environment(account),
            input=secret[1] if secret else "",
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Refused(done.stderr.split(":", 2)[1].split()[0] if ":" in done.stderr else "", done.stderr)
        return json.loads(done.stdout or "{}")

    def step(self, what, work, need=True):
        """Does it and says so; what later steps need and is not had ends the play."""
        try:
            found = work()
        except (Refused, RuntimeError, AssertionError, KeyError, OSError) as error:
            self.failed += 1
            print(f"  FAILED  {what}\n          {str(error).strip()}", flush=True)
            if need:
                raise Broken(what) from error
            return None
        self.passed += 1
        print(f"  ok      {what}" + (f": {found}" if isinstance(found, str) else ""), flush=True)
        return found

    def refuses(self, what, work, *codes):
        """A step that is done when the server says no, with one of these codes."""

        def refused():
            try:
                work()
            except Refused as error:
                if any(code in str(error) for code in codes):
                    return codes[0] if len(codes) == 1 else "refused"
                raise
            raise AssertionError("it was not refused")

        self.step(what, refused)


def text(value):
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def free_ports(count):
    """Ports that nobody has; held all at once, so that they differ."""
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports
