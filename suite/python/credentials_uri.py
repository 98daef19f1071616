"""Alibaba Cloud's SDK for Python with the credentials that it finds by ALIBABA_CLOUD_CREDENTIALS_URI:
calls STS without pause until it is told to end."""

import os
import signal
import threading

from alibabacloud_credentials.client import Client as Credential
from alibabacloud_sts20150401.client import Client as Sts
from alibabacloud_tea_openapi.models import Config

ended = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: ended.set())
# The default chain: that variable is all that there is.
sts = Sts(Config(credential=Credential(), endpoint=os.environ["BUSINESS"], protocol="http"))
calls = failed = 0
while not ended.is_set():
    calls += 1
    try:
        sts.get_caller_identity()
    except Exception as error:  # every kind of failure is one of the call
        failed += 1
        print("FAILED", getattr(error, "code", type(error).__name__), flush=True)
    ended.wait(0.1)
print(f"{calls} calls, {failed} failed", flush=True)
