"""Application access points with the SDK of today, from the network rule to the ClientKey. The
keys that it makes lie in SUITE_FOLDER afterwards, for the programs that read with them."""

import base64
import json
import os
import pathlib

from alibabacloud_kms20160120 import models
from alibabacloud_kms20160120.client import Client
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from checks import check, equal, finish, raises
from values import CANARY, CLIENT_KEY_PASSWORD, VALUES

INSTANCE = os.environ["KMS_INSTANCE_ID"]
FOLDER = pathlib.Path(os.environ["SUITE_FOLDER"])
MAY = [
    "RbacPermission/Template/CryptoServiceKeyUser",
    "RbacPermission/Template/CryptoServiceSecretUser",
]


def client(**where):
    return Client(
        Config(
            access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
            access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
            **where,
        )
    )


def get(kms, name):
    return kms.get_secret_value(
        models.GetSecretValueRequest(secret_name=name)
    ).body.secret_data


def refused(code, status, call):
    with raises(ClientException) as caught:
        call()
    equal((caught.error.code, caught.error.status_code), (code, status))


def make_rule(name, *addresses):
    return kms.create_network_rule(
        models.CreateNetworkRuleRequest(
            name=name,
            type="Private",
            source_private_ip=json.dumps(addresses),
            description=f"für {name}",
        )
    ).body


def make_policy(name, gateway, rule):
    return kms.create_policy(
        models.CreatePolicyRequest(
            name=name,
            kms_instance=gateway,
            permissions=json.dumps(MAY),
            resources='["key/*","secret/*"]',
            access_control_rules=json.dumps({"NetworkRules": [rule]}),
        )
    ).body


def make_point(name, *policies):
    return kms.create_application_access_point(
        models.CreateApplicationAccessPointRequest(
            name=name,
            authentication_method="ClientKey",
            policies=json.dumps(policies),
        )
    ).body


def make_key(point, file):
    """Makes a key and puts it where the console's download would be."""
    made = kms.create_client_key(
        models.CreateClientKeyRequest(aap_name=point, password=CLIENT_KEY_PASSWORD)
    ).body
    content = {"KeyId": made.client_key_id, "PrivateKeyData": made.private_key_data}
    (FOLDER / f"{file}.json").write_text(json.dumps(content))
    (FOLDER / f"{file}_Password.txt").write_text(CLIENT_KEY_PASSWORD)
    return made


kms = client(endpoint=os.environ["KMS_ENDPOINT"], protocol="http")
for kind, value in (VALUES | {"canary": CANARY}).items():
    for gateway, belongs_to in (("shared", None), ("instance", INSTANCE)):
        kms.create_secret(
            models.CreateSecretRequest(
                secret_name=f"suite/{gateway}/{kind}",
                version_id="v1",
                secret_data=value,
                dkmsinstance_id=belongs_to,
            )
        )

# Of the instance, for the clients there.
made_keys = {}
for use, spec, usage in (
    ("encrypt", "Aliyun_AES_256", "ENCRYPT/DECRYPT"),
    ("sign", "EC_P256", "SIGN/VERIFY"),
):
    made = kms.create_key(
        models.CreateKeyRequest(key_spec=spec, key_usage=usage, dkmsinstance_id=INSTANCE)
    )
    made_keys[use] = made.body.key_metadata.key_id
(FOLDER / "keys.json").write_text(json.dumps(made_keys))

with check("aap-create-network-rule"):
    made = make_rule("suite-here", "127.0.0.0/8", "::1")
    equal(made.arn.endswith(":network/suite-here"), True)
    equal((made.name, made.type), ("suite-here", "Private"))
    equal(json.loads(made.source_private_ip), ["127.0.0.0/8", "::1"])
    make_rule("suite-elsewhere", "192.0.2.0/24")

with check("aap-describe-and-update-network-rule"):
    described = kms.describe_network_rule(
        models.DescribeNetworkRuleRequest(name="suite-here")
    ).body
    equal(described.description, "für suite-here")
    kms.update_network_rule(
        models.UpdateNetworkRuleRequest(
            name="suite-here", source_private_ip='["127.0.0.1","::1"]'
        )
    )
    described = kms.describe_network_rule(
        models.DescribeNetworkRuleRequest(name="suite-here")
    ).body
    equal(json.loads(described.source_private_ip), ["127.0.0.1", "::1"])

with check("aap-list-network-rules"):
    listed = kms.list_network_rules(models.ListNetworkRulesRequest()).body
    names = [rule.name for rule in listed.network_rules.network_rule]
    equal({"suite-here", "suite-elsewhere"} <= set(names), True)

with check("aap-create-policies"):
    made = make_policy("suite-shared", "shared", "suite-here")
    equal(made.arn.endswith(":policy/suite-shared"), True)
    equal((made.name, made.kms_instance), ("suite-shared", "shared"))
    make_policy("suite-instance", INSTANCE, "suite-here")
    make_policy("suite-elsewhere", INSTANCE, "suite-elsewhere")

with check("aap-describe-policy"):
    described = kms.describe_policy(
        models.DescribePolicyRequest(name="suite-instance")
    ).body
    equal(described.kms_instance, INSTANCE)
    equal((described.permissions, described.resources), (MAY, ["key/*", "secret/*"]))
    equal(
        json.loads(described.access_control_rules), {"NetworkRules": ["suite-here"]}
    )

with check("aap-list-policies"):
    listed = kms.list_policies(models.ListPoliciesRequest()).body
    names = {policy.name for policy in listed.policies.policy}
    equal({"suite-shared", "suite-instance", "suite-elsewhere"} <= names, True)

with check("aap-create-access-point"):
    made = make_point("suite-app", "suite-shared", "suite-instance")
    equal(made.arn.endswith(":applicationaccesspoint/suite-app"), True)
    equal((made.name, made.authentication_method), ("suite-app", "ClientKey"))
    equal(json.loads(made.policies), ["suite-shared", "suite-instance"])
    make_point("suite-stranger", "suite-elsewhere")

with check("aap-describe-and-list-access-points"):
    described = kms.describe_application_access_point(
        models.DescribeApplicationAccessPointRequest(name="suite-app")
    ).body
    equal(json.loads(described.policies), ["suite-shared", "suite-instance"])
    listed = kms.list_application_access_points(
        models.ListApplicationAccessPointsRequest()
    ).body
    points = listed.application_access_points.application_access_point
    names = {point.name for point in points}
    equal({"suite-app", "suite-stranger"} <= names, True)

with check("aap-create-client-key"):
    made = make_key("suite-app", "own")
    equal(made.client_key_id.startswith("KAAP."), True)
    equal(made.key_algorithm, "RSA_2048")
    # PKCS#12 begins with a SEQUENCE.
    equal(base64.b64decode(made.private_key_data)[0], 0x30)
    make_key("suite-stranger", "elsewhere")

with check("aap-get-client-key"):
    key_id = json.loads((FOLDER / "own.json").read_text())["KeyId"]
    got = kms.get_client_key(models.GetClientKeyRequest(client_key_id=key_id)).body
    equal((got.client_key_id, got.aap_name), (key_id, "suite-app"))
    equal((got.key_algorithm, got.key_origin), ("RSA_2048", "KMS_PROVIDED"))
    certificate = x509.load_pem_x509_certificate(got.public_key_data.encode())
    public = certificate.public_key()
    equal((isinstance(public, RSAPublicKey), public.key_size), (True, 2048))
    ends = certificate.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ")
    equal(got.not_after, ends)

with check("aap-delete-client-key"):
    gone = make_key("suite-app", "deleted").client_key_id
    listed = kms.list_client_keys(models.ListClientKeysRequest(aap_name="suite-app"))
    equal({key.client_key_id for key in listed.body.client_keys}, {key_id, gone})
    kms.delete_client_key(models.DeleteClientKeyRequest(client_key_id=gone))
    listed = kms.list_client_keys(models.ListClientKeysRequest(aap_name="suite-app"))
    equal([key.client_key_id for key in listed.body.client_keys], [key_id])

with check("aap-nothing-there"):
    refused(
        "Forbidden.ResourceNotFound",
        404,
        lambda: kms.get_client_key(models.GetClientKeyRequest(client_key_id=gone)),
    )
    refused(
        "Forbidden.ResourceNotFound",
        404,
        lambda: kms.describe_policy(models.DescribePolicyRequest(name="suite-none")),
    )

with check("aap-weak-password"):
    refused(
        "InvalidParameter",
        400,
        lambda: kms.create_client_key(
            models.CreateClientKeyRequest(aap_name="suite-app", password="short1")
        ),
    )

with check("aap-delete-all-of-one"):
    make_rule("suite-brief", "127.0.0.1")
    make_policy("suite-brief", "shared", "suite-brief")
    make_point("suite-brief", "suite-brief")
    kms.delete_application_access_point(
        models.DeleteApplicationAccessPointRequest(name="suite-brief")
    )
    kms.delete_policy(models.DeletePolicyRequest(name="suite-brief"))
    kms.delete_network_rule(models.DeleteNetworkRuleRequest(name="suite-brief"))
    refused(
        "Forbidden.ResourceNotFound",
        404,
        lambda: kms.describe_network_rule(
            models.DescribeNetworkRuleRequest(name="suite-brief")
        ),
    )

with check("aap-instance"):
    listed = kms.list_kms_instances(models.ListKmsInstancesRequest()).body
    ids = [one.kms_instance_id for one in listed.kms_instances.kms_instance]
    equal(INSTANCE in ids, True)
    described = kms.get_kms_instance(
        models.GetKmsInstanceRequest(kms_instance_id=INSTANCE)
    ).body.kms_instance
    equal((described.instance_id, described.status), (INSTANCE, "Connected"))

# Its own gateway knows AccessKeys, too, for what lives in it, and manages nothing.
private = client(
    endpoint=os.environ["KMS_INSTANCE_ENDPOINT"],
    protocol="https",
    ca=os.environ["KMS_CA_FILE"],
)
for kind, value in VALUES.items():
    with check(f"instance-reads-by-accesskey-{kind}"):
        equal(get(private, f"suite/instance/{kind}"), value)

with check("instance-has-what-lives-in-it"):
    equal(get(kms, "suite/shared/json"), VALUES["json"])
    refused(
        "Forbidden.ResourceNotFound", 404, lambda: get(private, "suite/shared/json")
    )

with check("instance-manages-nothing"):
    refused(
        "UnsupportedOperation",
        400,
        lambda: private.describe_secret(
            models.DescribeSecretRequest(secret_name="suite/instance/json")
        ),
    )

finish()
