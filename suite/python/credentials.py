"""The official credential chain, unmodified, on the golden folders of ours: both find the same
identity from the same source. Only its network is replaced, by what `http.json` scripts."""

import json
import os
import pathlib
import shutil
import stat
import sys
import tempfile
import time
import urllib.parse

import aiohttp  # noqa: F401  imported before forking, for it takes long
import requests  # noqa: F401
from Tea.core import TeaCore
from Tea.response import TeaResponse

import checks

CASES = pathlib.Path(os.environ["GOLDEN_FOLDERS"])

# Where the two part, and why; each is checked to be so still.
DIFFERENT = {
    "cli-byte-order-mark": "the SDK cannot read a file that begins with a byte order mark",
    "cli-credentials-uri": "the CLI has this mode, the SDK does not",
    "cli-file-by-variable": "only the SDK for Go knows ALIBABA_CLOUD_CONFIG_FILE",
    "ecs-role-with-newline": "the SDK takes the newline for a part of the role's name",
    "ecs-redirected": "KMS_IMDS_ENDPOINT is ours",
    "oidc-redirected": "KMS_STS_ENDPOINT is ours",
}

# In the folders it is this time, and credentials end at that.
THEN_EXPIRES = "2026-11-25T16:00:00Z"
NOW_EXPIRES = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 6 * 3600))
SSO_THEN, SSO_NOW = "1795622400", str(int(time.time()) + 6 * 3600)


def current(text):
    return text.replace(THEN_EXPIRES, NOW_EXPIRES).replace(SSO_THEN, SSO_NOW)


def moved(text, root):
    """Paths of the folder's `/` as they are beneath `root`."""
    for top in ("/home/", "/var/run/", "/etc/ali", "/usr/bin/vend"):
        text = text.replace(top, str(root) + top)
    return text


def lay_out(case, root):
    """The folder's files beneath `root`, and its programs."""
    source = case / "fs"
    if source.is_dir():
        shutil.copytree(source, root, dirs_exist_ok=True)
    for file in root.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            try:
                file.write_text(current(moved(content.decode(), root)))
            except UnicodeDecodeError:
                pass
    # The SDKs do not agree on the name; ours knows both.
    ini = root / "home/app/.alibabacloud/credentials"
    if ini.exists():
        shutil.copy(ini, ini.with_suffix(".ini"))
    commands = case / "commands.json"
    if commands.exists():
        for line, program in json.loads(commands.read_text()).items():
            path = root / line.split()[0].removeprefix("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("#!/bin/sh\ncat <<'END'\n" + current(program["stdout"]) + "\nEND\n")
            path.chmod(path.stat().st_mode | stat.S_IXUSR)


def script(case):
    """Stands in for the network: gives the scripted answers, each as often as it is asked for,
    because the SDK asks again where ours does not."""
    file = case / "http.json"
    exchanges = json.loads(current(file.read_text())) if file.exists() else []

    def do_action(request, *_options, **_more):
        host = request.headers.get("host")
        # The SDK asks STS by GET, ours by POST; STS takes both.
        method = "POST" if host.startswith("sts") else request.method
        asked = (method, host + (request.pathname or "/"))
        # The same place twice are two answers: a role within a role.
        matching = [one for one in exchanges if place(one["request"]) == asked]
        if not matching:
            raise AssertionError(f"asked for {asked}, which nothing answers")
        exchange = matching[0]
        if len(matching) > 1:
            exchanges.remove(exchange)
        if "error" in exchange:
            raise requests.exceptions.ConnectionError(exchange["error"])
        given = exchange["response"]
        response = TeaResponse()
        response.status_code = given["status"]
        response.headers = {}
        body = given["text"] if "text" in given else json.dumps(given["body"])
        response.body = body.encode()
        return response

    return do_action


def place(request):
    """Method, host without port, and path."""
    url = urllib.parse.urlsplit(request["url"])
    return request["method"], url.hostname + url.path


def official(case):
    """What the official chain finds, as `expect.json` would say it; run in a child, for the
    package reads the environment when it is imported."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        try:
            with tempfile.TemporaryDirectory() as folder:
                found = find(case, pathlib.Path(folder))
        except Exception as error:
            found = {"error": f"{type(error).__name__}: {error}"}
        os.write(write_end, json.dumps(found).encode())
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        found = json.loads(pipe.read())
    os.waitpid(child, 0)
    return found


def find(case, root):
    lay_out(case, root)
    variables = json.loads((case / "env.json").read_text())
    os.environ.clear()
    os.environ.update({name: moved(value, root) for name, value in variables.items()})
    TeaCore.do_action = staticmethod(script(case))
    from alibabacloud_credentials.provider.default import DefaultCredentialsProvider

    credentials = DefaultCredentialsProvider().get_credentials()
    found = {
        "provider": credentials.get_provider_name(),
        "accessKeyId": credentials.get_access_key_id(),
        "accessKeySecret": credentials.get_access_key_secret(),
    }
    if credentials.get_security_token():
        found["securityToken"] = credentials.get_security_token()
    return found


def main():
    count = 0
    for case in sorted(CASES.iterdir()):
        expected = json.loads((case / "expect.json").read_text())
        if "error" in expected:
            # Where ours stops and says what to mend, the official chain goes on.
            continue
        count += 1
        expected.pop("expires", None)
        with checks.check(case.name):
            found = official(case)
            if case.name in DIFFERENT:
                if found == expected:
                    raise AssertionError(f"agrees now; it did not: {DIFFERENT[case.name]}")
            else:
                checks.equal(found, expected)
    with checks.check("every-difference-has-its-folder"):
        missing = [name for name in DIFFERENT if not (CASES / name).is_dir()]
        checks.equal(missing, [])
    if count < 30:
        sys.exit("too few folders")
    checks.finish()


main()
