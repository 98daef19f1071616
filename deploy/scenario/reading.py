"""The application: it knows a name, has a ClientKey, and reads by both gateways with the official
client, which is a process of its own and knows nothing of this scenario."""

import subprocess
import sys
import os
import pathlib

import hosting
import networks

PROGRAM = pathlib.Path(__file__).with_name("application.py")


def by_both_gateways(stage, owner):
    for gateway in ("shared", "instance"):
        stage.step(
            f"the application reads by the {gateway} gateway, and the key signs",
            lambda: _read(stage, owner, gateway),
        )


def refused_without_network(stage, owner):
    stage.step("the application's VPC is unbound", lambda: networks.bind(stage, []))
    stage.step("its next call is refused", lambda: _unread(stage, owner))
    stage.step(
        "bound again, it reads again",
        lambda: networks.bind(stage, [networks.application_vpc(stage)])
        or _read(stage, owner, "instance"),
    )


def _read(stage, owner, gateway):
    done = _run(stage, gateway)
    assert done.returncode == 0, done.stderr.strip().splitlines()[-1:]
    read = done.stdout.strip()
    assert read == hosting.keys_of(stage, owner, hosting.NAME)[-1], read
    return read


def _unread(stage, owner):
    done = _run(stage, "instance")
    assert done.returncode == 3, (done.returncode, done.stdout, done.stderr[-500:])
    return done.stdout.strip()


def _run(stage, gateway):
    """In a network where the instance's name leads to this machine, as it does in its VPC."""
    name = f"{stage.facts['instance']}.cryptoservice.kms.aliyuncs.com"
    hosts = stage.folder / "hosts"
    hosts.write_text(f"127.0.0.1 localhost {name}\n")
    inside = 'mount --bind "$1" /etc/hosts && shift && exec "$@"'
    places = {"shared": f"127.0.0.1:{stage.https}", "instance": f"{name}:{stage.instance}"}
    return subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", inside, "sh", str(hosts)]
        + [os.environ.get("SCENARIO_PYTHON", sys.executable), str(PROGRAM)]
        + [gateway, places[gateway], hosting.NAME, f"http://127.0.0.1:{stage.http}"],
        cwd=stage.folder,
        env=stage.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
