"""The SDK of today, alibabacloud_kms20160120, which signs with ACS3-HMAC-SHA256."""

import json
import os

from alibabacloud_kms20160120 import models
from alibabacloud_kms20160120.client import Client
from alibabacloud_tea_openapi.client import Client as OpenApi
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params
from alibabacloud_tea_util.models import RuntimeOptions

from checks import ask_agent, check, equal, finish, raises
from connection import CA, ENDPOINT, PROTOCOL
from replay import Replay
from values import CANARY, VALUES

KEY_ID = os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"]
KEY_SECRET = os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]


def config(**changes):
    settings = {
        "access_key_id": KEY_ID,
        "access_key_secret": KEY_SECRET,
        "endpoint": ENDPOINT,
        "protocol": PROTOCOL,
        "ca": CA,
    }
    return Config(**(settings | changes))


def get(client, name, **choice):
    return client.get_secret_value(
        models.GetSecretValueRequest(secret_name=name, **choice)
    ).body


def refused(code, status, call):
    with raises(ClientException) as caught:
        call()
    equal((caught.error.code, caught.error.status_code), (code, status))


kms = Client(config())

for kind, value in VALUES.items():
    with check(f"v3-create-and-read-{kind}"):
        name = f"suite/v3/{kind}"
        created = kms.create_secret(
            models.CreateSecretRequest(
                secret_name=name, version_id="v1", secret_data=value
            )
        ).body
        equal((created.secret_name, created.version_id), (name, "v1"))
        read = get(kms, name)
        equal(read.secret_data, value)
        equal((read.secret_name, read.version_id), (name, "v1"))
        equal((read.secret_type, read.secret_data_type), ("Generic", "text"))
        equal(read.version_stages.version_stage, ["ACSCurrent"])
    with check(f"v3-agent-serves-{kind}"):
        status, body = ask_agent(f"/v1/suite/v3/{kind}")
        equal(status, 200)
        equal(json.loads(body)["SecretData"], value)

with check("v3-canary"):
    kms.create_secret(
        models.CreateSecretRequest(
            secret_name="suite/v3/canary", version_id="v1", secret_data=CANARY
        )
    )
    equal(get(kms, "suite/v3/canary").secret_data, CANARY)
    equal(json.loads(ask_agent("/v1/suite/v3/canary")[1])["SecretData"], CANARY)

with check("v3-binary"):
    kms.create_secret(
        models.CreateSecretRequest(
            secret_name="suite/v3/binary",
            version_id="v1",
            secret_data="AAECf4D/",
            secret_data_type="binary",
        )
    )
    read = get(kms, "suite/v3/binary")
    equal((read.secret_data, read.secret_data_type), ("AAECf4D/", "binary"))

with check("v3-put-moves-the-stages"):
    kms.put_secret_value(
        models.PutSecretValueRequest(
            secret_name="suite/v3/plain", version_id="v2", secret_data="hunter3"
        )
    )
    equal(get(kms, "suite/v3/plain").secret_data, "hunter3")
    before = get(kms, "suite/v3/plain", version_stage="ACSPrevious")
    equal((before.version_id, before.secret_data), ("v1", VALUES["plain"]))
    equal(get(kms, "suite/v3/plain", version_id="v1").secret_data, VALUES["plain"])

with check("v3-versions"):
    listed = kms.list_secret_version_ids(
        models.ListSecretVersionIdsRequest(secret_name="suite/v3/plain")
    ).body
    found = {
        entry.version_id: entry.version_stages.version_stage
        for entry in listed.version_ids.version_id
    }
    equal(found, {"v1": ["ACSPrevious"], "v2": ["ACSCurrent"]})

with check("v3-stage-moves-back"):
    kms.update_secret_version_stage(
        models.UpdateSecretVersionStageRequest(
            secret_name="suite/v3/plain",
            version_stage="ACSCurrent",
            move_to_version="v1",
            remove_from_version="v2",
        )
    )
    equal(get(kms, "suite/v3/plain").version_id, "v1")
    equal(get(kms, "suite/v3/plain", version_stage="ACSPrevious").version_id, "v2")

with check("v3-update-and-describe"):
    kms.update_secret(
        models.UpdateSecretRequest(
            secret_name="suite/v3/json", description="für <alle> & jeden"
        )
    )
    described = kms.describe_secret(
        models.DescribeSecretRequest(secret_name="suite/v3/json")
    ).body
    equal(described.description, "für <alle> & jeden")
    equal((described.secret_name, described.secret_type), ("suite/v3/json", "Generic"))

with check("v3-list-pages"):
    names, page = [], 1
    while True:
        listed = kms.list_secrets(
            models.ListSecretsRequest(
                page_number=page,
                page_size=4,
                filters='[{"Key":"SecretName","Values":["suite/v3/"]}]',
            )
        ).body
        entries = listed.secret_list.secret
        names += [entry.secret_name for entry in entries]
        equal((listed.page_number, listed.page_size), (page, 4))
        if len(entries) < 4:
            break
        page += 1
    expected = [f"suite/v3/{kind}" for kind in (*VALUES, "binary", "canary")]
    equal(sorted(names), sorted(expected))
    equal(listed.total_count, len(expected))

with check("v3-random-password"):
    password = kms.get_random_password(
        models.GetRandomPasswordRequest(
            password_length="40", exclude_punctuation="true"
        )
    ).body.random_password
    equal((len(password), password.isalnum()), (40, True))

with check("v3-delete-and-restore"):
    kms.delete_secret(
        models.DeleteSecretRequest(
            secret_name="suite/v3/lines", recovery_window_in_days="7"
        )
    )
    refused(
        "Rejected.ResourceInDeleteWindow", 409, lambda: get(kms, "suite/v3/lines")
    )
    kms.restore_secret(models.RestoreSecretRequest(secret_name="suite/v3/lines"))
    equal(get(kms, "suite/v3/lines").secret_data, VALUES["lines"])

with check("v3-delete-for-good"):
    kms.delete_secret(
        models.DeleteSecretRequest(
            secret_name="suite/v3/lines", force_delete_without_recovery="true"
        )
    )
    refused("Forbidden.ResourceNotFound", 404, lambda: get(kms, "suite/v3/lines"))

with check("v3-missing-secret"):
    refused("Forbidden.ResourceNotFound", 404, lambda: get(kms, "suite/v3/nowhere"))

with check("v3-created-twice"):
    refused(
        "Rejected.ResourceExist",
        409,
        lambda: kms.create_secret(
            models.CreateSecretRequest(
                secret_name="suite/v3/json", version_id="v9", secret_data="other"
            )
        ),
    )

with check("v3-wrong-secret-of-the-accesskey"):
    stranger = Client(config(access_key_secret="not" + KEY_SECRET))
    refused("SignatureDoesNotMatch", 400, lambda: get(stranger, "suite/v3/json"))

with check("v3-unknown-accesskey"):
    stranger = Client(config(access_key_id="LTAI-nobody"))
    refused("InvalidAccessKeyId.NotFound", 404, lambda: get(stranger, "suite/v3/json"))

# TLS is there so that nobody on the way can do this.
if PROTOCOL == "http":
    with check("v3-replayed-nonce"), Replay(ENDPOINT) as wire:
        replayed = Client(config(endpoint=wire.endpoint))
        refused("SignatureNonceUsed", 400, lambda: get(replayed, "suite/v3/json"))
        equal(wire.statuses, [200, 400])

with check("v3-over-tls"):
    secure = Client(
        config(
            endpoint=os.environ["KMS_TLS_ENDPOINT"],
            protocol="https",
            ca=os.environ["KMS_CA_FILE"],
        )
    )
    equal(get(secure, "suite/v3/json").secret_data, VALUES["json"])

with check("v3-signed-the-old-way"):
    old = Client(config(signature_algorithm="v2"))
    equal(get(old, "suite/v3/markup").secret_data, VALUES["markup"])

with check("v3-caller-identity"):
    params = Params(
        action="GetCallerIdentity",
        version="2015-04-01",
        protocol="HTTP",
        method="POST",
        auth_type="AK",
        style="RPC",
        pathname="/",
        req_body_type="json",
        body_type="json",
    )
    answer = OpenApi(config()).call_api(params, OpenApiRequest(), RuntimeOptions())
    body = answer["body"]
    equal(body["IdentityType"], "RAMUser")
    equal(body["Arn"].startswith(f"acs:ram::{body['AccountId']}:user/"), True)

finish()
