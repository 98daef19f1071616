"""Calls an API all the time with an AccessKey that it never sees: all it knows is the name of the
secret that hosts it. Where KMS is, and how to be let in, is in a file of the plug-in's.

`python main.py [RESOURCES]`, where RESOURCES is the folder of the two properties files: `resources`
by default, `config/prod-aliyun/resources` in the cloud. Ends at SIGTERM or Ctrl-C.
"""

import json
import os
import signal
import sys
import threading

from aliyun_sdk_secretsmanager_common_plugin.utils.config_loader import ConfigLoader
from aliyun_sdk_secretsmanager_sdk_core_plugin.proxy_acs_client import ProxyAcsClient
from aliyunsdkcore.acs_exception.exceptions import ClientException, ServerException
from aliyunsdkcore.request import CommonRequest

from ak_expire_handler import AliyunSdkAKExpireHandler


def properties(file):
    """The lines NAME=VALUE of a file, comments aside."""
    with open(file, encoding="utf-8") as lines:
        pairs = (line.split("=", 1) for line in lines if "=" in line and line[0] != "#")
        return {name.strip(): value.strip() for name, value in pairs}


def whoami(settings):
    """The business of this program: it asks STS who it is."""
    request = CommonRequest(
        domain=settings["endpoint"], version="2015-04-01", action_name="GetCallerIdentity"
    )
    request.set_method("POST")
    request.set_accept_format("json")
    # The SDK compares by identity, so what a file says will not do.
    request.set_protocol_type("http" if settings["protocol"] == "http" else "https")
    return request


def run(folder, handler, ended):
    """Calls until told to end; how many calls there were, and how many failed."""
    settings = properties(os.path.join(folder, "application.properties"))
    ConfigLoader.set_config_name(
        os.path.join(folder, "managed_credentials_providers.properties")
    )
    client = ProxyAcsClient(
        settings["secret_name"],
        ak_expire_handler=handler,
        region_id=settings["region_id"],
        # A failed call is to be seen here.
        auto_retry=False,
    )
    calls = failed = 0
    while not ended.is_set():
        calls += 1
        try:
            answer = json.loads(client.do_action_with_exception(whoami(settings)))
            if calls == 1:
                print("calls as", answer["Arn"], flush=True)
        except (ClientException, ServerException) as error:
            failed += 1
            print("FAILED", error.error_code, flush=True)
        ended.wait(int(settings["pause_milliseconds"]) / 1000)
    print(f"{calls} calls, {failed} failed", flush=True)
    return failed


def main():
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    folder = sys.argv[1] if len(sys.argv) > 1 else "resources"
    failed = run(folder, AliyunSdkAKExpireHandler(), ended)
    sys.stdout.flush()
    # The plug-in's threads would wait for their next turn.
    os._exit(1 if failed else 0)


if __name__ == "__main__":
    main()
