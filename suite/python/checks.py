"""One line per check, `ok NAME` or `FAIL NAME reason`: the suite counts these lines."""

import contextlib
import os
import sys
import urllib.request

_failed = False


@contextlib.contextmanager
def check(name):
    """Counts what happens inside; an exception is a failed check, and the next one still runs."""
    global _failed
    try:
        yield
    except Exception as error:  # every kind of failure is one of the check
        _failed = True
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        print(f"FAIL {name} {reason}", flush=True)
    else:
        print(f"ok {name}", flush=True)


def equal(found, expected):
    """Like assert, but says what was found."""
    if found != expected:
        raise AssertionError(f"found {found!r}, not {expected!r}")


@contextlib.contextmanager
def raises(kind):
    """Passes on the exception of this kind that must come, as `.error`."""
    caught = Caught()
    try:
        yield caught
    except kind as error:
        caught.error = error
    else:
        raise AssertionError(f"no {kind.__name__} was raised")


class Caught:
    error = None


def finish():
    sys.exit(1 if _failed else 0)


def token():
    """The agent's token, as an application finds it."""
    value = os.environ["KMS_TOKEN"]
    if value.startswith("file://"):
        with open(value.removeprefix("file://"), encoding="ascii") as file:
            return file.read()
    return value


def ask_agent(path, headers=None):
    """The status and body of the agent's answer; with the token unless told otherwise."""
    if headers is None:
        headers = {"X-KMS-Token": token()}
    request = urllib.request.Request(os.environ["KMS_AGENT"] + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()
