"""The SDK before today's, aliyun-python-sdk-kms, which signs with HMAC-SHA1 in the query."""

import importlib
import json
import os

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient

from checks import ask_agent, check, equal, finish, raises
from connection import CA, ENDPOINT
from replay import Replay
from values import CANARY, VALUES

KEY_ID = os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"]
KEY_SECRET = os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]


class Kms:
    """`Kms().GetSecretValue(SecretName="x")`: the SDK's own request of that name, sent."""

    def __init__(self, key_id=KEY_ID, secret=KEY_SECRET, endpoint=ENDPOINT, ca=CA):
        self.client = AcsClient(key_id, secret, "cn-hangzhou", verify=ca)
        self.endpoint = endpoint
        self.protocol = "https" if ca else "http"

    def __getattr__(self, action):
        module = importlib.import_module(
            f"aliyunsdkkms.request.v20160120.{action}Request"
        )

        def send(**parameters):
            request = getattr(module, f"{action}Request")()
            request.set_endpoint(self.endpoint)
            request.set_protocol_type(self.protocol)
            request.set_accept_format("json")
            for name, value in parameters.items():
                getattr(request, f"set_{name}")(value)
            return json.loads(self.client.do_action_with_exception(request))

        return send


def refused(code, status, call):
    with raises(ServerException) as caught:
        call()
    error = caught.error
    equal((error.get_error_code(), error.get_http_status()), (code, status))


kms = Kms()

for kind, value in VALUES.items():
    with check(f"v1-create-and-read-{kind}"):
        name = f"suite/v1/{kind}"
        created = kms.CreateSecret(SecretName=name, VersionId="v1", SecretData=value)
        equal((created["SecretName"], created["VersionId"]), (name, "v1"))
        read = kms.GetSecretValue(SecretName=name)
        equal(read["SecretData"], value)
        equal(read["VersionStages"], {"VersionStage": ["ACSCurrent"]})
    with check(f"v1-agent-serves-{kind}"):
        status, body = ask_agent(f"/secretsmanager/get?secretId=suite/v1/{kind}")
        equal(status, 200)
        equal(json.loads(body)["SecretData"], value)

# This SDK carries the value in the address of its request.
with check("v1-canary"):
    kms.CreateSecret(
        SecretName="suite/v1/canary", VersionId="v1", SecretData=CANARY
    )
    read = kms.GetSecretValue(SecretName="suite/v1/canary")
    equal(read["SecretData"], CANARY)

with check("v1-put-moves-the-stages"):
    kms.PutSecretValue(
        SecretName="suite/v1/plain", VersionId="v2", SecretData="hunter3"
    )
    equal(kms.GetSecretValue(SecretName="suite/v1/plain")["SecretData"], "hunter3")
    before = kms.GetSecretValue(
        SecretName="suite/v1/plain", VersionStage="ACSPrevious"
    )
    equal((before["VersionId"], before["SecretData"]), ("v1", VALUES["plain"]))

with check("v1-versions"):
    listed = kms.ListSecretVersionIds(SecretName="suite/v1/plain")
    found = {
        entry["VersionId"]: entry["VersionStages"]["VersionStage"]
        for entry in listed["VersionIds"]["VersionId"]
    }
    equal(found, {"v1": ["ACSPrevious"], "v2": ["ACSCurrent"]})

with check("v1-update-and-describe"):
    kms.UpdateSecret(SecretName="suite/v1/json", Description="für <alle> & jeden")
    described = kms.DescribeSecret(SecretName="suite/v1/json")
    equal(described["Description"], "für <alle> & jeden")

with check("v1-list"):
    listed = kms.ListSecrets(
        PageSize=100, Filters='[{"Key":"SecretName","Values":["suite/v1/"]}]'
    )
    names = [entry["SecretName"] for entry in listed["SecretList"]["Secret"]]
    equal(sorted(names), sorted(f"suite/v1/{kind}" for kind in (*VALUES, "canary")))

with check("v1-delete-and-restore"):
    kms.DeleteSecret(SecretName="suite/v1/lines", RecoveryWindowInDays="7")
    refused(
        "Rejected.ResourceInDeleteWindow",
        409,
        lambda: kms.GetSecretValue(SecretName="suite/v1/lines"),
    )
    kms.RestoreSecret(SecretName="suite/v1/lines")
    read = kms.GetSecretValue(SecretName="suite/v1/lines")
    equal(read["SecretData"], VALUES["lines"])

with check("v1-delete-for-good"):
    kms.DeleteSecret(SecretName="suite/v1/lines", ForceDeleteWithoutRecovery="true")
    refused(
        "Forbidden.ResourceNotFound",
        404,
        lambda: kms.GetSecretValue(SecretName="suite/v1/lines"),
    )

with check("v1-missing-secret"):
    refused(
        "Forbidden.ResourceNotFound",
        404,
        lambda: kms.GetSecretValue(SecretName="suite/v1/nowhere"),
    )

# The SDK compares the string in the message with its own, and says what that means.
with check("v1-wrong-secret-of-the-accesskey"):
    stranger = Kms(secret="not" + KEY_SECRET)
    refused(
        "InvalidAccessKeySecret",
        400,
        lambda: stranger.GetSecretValue(SecretName="suite/v1/json"),
    )

with check("v1-unknown-accesskey"):
    stranger = Kms(key_id="LTAI-nobody")
    refused(
        "InvalidAccessKeyId.NotFound",
        404,
        lambda: stranger.GetSecretValue(SecretName="suite/v1/json"),
    )

# TLS is there so that nobody on the way can do this.
if CA is None:
    with check("v1-replayed-nonce"), Replay(ENDPOINT) as wire:
        replayed = Kms(endpoint=wire.endpoint)
        refused(
            "SignatureNonceUsed",
            400,
            lambda: replayed.GetSecretValue(SecretName="suite/v1/json"),
        )
        equal(wire.statuses, [200, 400])

with check("v1-over-tls"):
    secure = Kms(
        endpoint=os.environ["KMS_TLS_ENDPOINT"], ca=os.environ["KMS_CA_FILE"]
    )
    read = secure.GetSecretValue(SecretName="suite/v1/json")
    equal(read["SecretData"], VALUES["json"])

finish()
