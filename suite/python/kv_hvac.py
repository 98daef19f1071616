"""HashiCorp's Python client, hvac, with the agent in the place of Vault: ResponseType 2, mount
`secret` of KV 2 and mount `legacy` of KV 1."""

import json
import os

import hvac
from hvac.exceptions import Forbidden, InvalidPath

from checks import check, equal, finish, raises, token
from values import CANARY

URL = os.environ["KMS_AGENT"]

vault = hvac.Client(url=URL, token=token())

with check("hvac-is-authenticated"):
    equal(vault.is_authenticated(), True)

with check("hvac-kv2-read"):
    answer = vault.secrets.kv.v2.read_secret_version(
        path="agent-test", raise_on_deleted_version=True
    )
    equal(answer["data"]["data"], {"k3": "v3"})
    equal(answer["data"]["metadata"]["version"], 2)
    equal(answer["data"]["metadata"]["destroyed"], False)

with check("hvac-kv2-read-version"):
    answer = vault.secrets.kv.v2.read_secret_version(
        path="agent-test", version=2, raise_on_deleted_version=True
    )
    equal(answer["data"]["data"], {"k3": "v3"})

with check("hvac-kv1-read"):
    answer = vault.secrets.kv.v1.read_secret(path="agent-test", mount_point="legacy")
    equal(answer["data"], {"k3": "v3"})

with check("hvac-read-plain-path"):
    answer = vault.read("agent-test")
    equal(answer["data"], {"k3": "v3"})

with check("hvac-deep-name"):
    answer = vault.secrets.kv.v2.read_secret_version(
        path="suite/deep/json", raise_on_deleted_version=True
    )
    equal(answer["data"]["data"]["name"], "秘密")

with check("hvac-integers-unchanged"):
    adapter = hvac.adapters.RawAdapter(base_uri=URL, token=token())
    text = adapter.get("/v1/secret/data/suite/deep/json").text
    equal("12345678901234567890" in text, True)
    equal("1.10000000000000000001" in text, True)

with check("hvac-text-becomes-a-value"):
    answer = vault.secrets.kv.v1.read_secret(
        path="suite/deep/text", mount_point="legacy"
    )
    equal(answer["data"], {"value": "no <json> & \"nothing\""})

with check("hvac-canary"):
    answer = vault.secrets.kv.v1.read_secret(path="suite/canary", mount_point="legacy")
    equal(answer["data"], {"value": CANARY})

with check("hvac-kv2-miss"), raises(InvalidPath):
    vault.secrets.kv.v2.read_secret_version(
        path="nowhere", raise_on_deleted_version=True
    )

with check("hvac-kv1-miss"), raises(InvalidPath):
    vault.secrets.kv.v1.read_secret(path="nowhere", mount_point="legacy")

with check("hvac-health"):
    health = vault.sys.read_health_status(method="GET")
    found = health if isinstance(health, dict) else json.loads(health.text)
    equal((found["initialized"], found["sealed"]), (True, False))

for case, secret in (("without", None), ("wrong", "not-the-token")):
    stranger = hvac.Client(url=URL, token=secret)
    if secret is None:
        # The client looks for one in the environment and the home folder.
        stranger.token = None

    with check(f"hvac-{case}-token-not-authenticated"):
        equal(stranger.is_authenticated(), False)

    with check(f"hvac-{case}-token-kv2-refused"), raises(Forbidden):
        stranger.secrets.kv.v2.read_secret_version(
            path="agent-test", raise_on_deleted_version=True
        )

    with check(f"hvac-{case}-token-kv1-refused"), raises(Forbidden):
        stranger.secrets.kv.v1.read_secret(path="agent-test", mount_point="legacy")

finish()
