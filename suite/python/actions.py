"""The list of actions that docs/coverage.md is made from is the installed SDK's, all of it."""

import importlib.metadata
import inspect
import pathlib
import re

from alibabacloud_kms20160120.client import Client

from checks import check, equal, finish

LIST = pathlib.Path(__file__).with_name("kms_actions.txt")
PACKAGE = "alibabacloud_kms20160120"

lines = LIST.read_text(encoding="ascii").splitlines()
comments = [line.removeprefix("# ") for line in lines if line.startswith("#")]
listed = [line for line in lines if not line.startswith("#")]

with check("coverage-is-of-the-installed-version"):
    equal(comments[-1], f"{PACKAGE} {importlib.metadata.version(PACKAGE)}")

with check("coverage-lists-every-action-of-the-sdk"):
    source = inspect.getsource(Client)
    named = set(re.findall(r"action\s*=\s*'([A-Za-z]+)'", source))
    equal(listed, sorted(named))
    # Each method that calls something names one of them, so that none is written otherwise.
    methods = re.findall(r"    def (\w+)_with_options\(", source)
    equal(len(methods), len(named))

finish()
