"""Keys, and tags of secrets, with both SDKs for Python: today's, which signs with V3, and the one before, with V1."""

import base64
import hashlib
import importlib
import json
import os
import re

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from alibabacloud_kms20160120 import models
from alibabacloud_kms20160120.client import Client
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from checks import check, equal, finish, raises
from connection import CA, ENDPOINT, PROTOCOL
from values import VALUES

KEY_ID = os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"]
KEY_SECRET = os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]
DESCRIPTION = 'für <alle> & "jeden" 100%'
# Names and values that a careless encoding would spoil.
CONTEXT = {"für": "<a> & \"b\" 'c'", "id": "12345678901234567890"}


def snake(name):
    name = name.replace("DKMS", "Dkms")
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class V3:
    """`V3().Encrypt(KeyId=…)`: the SDK's own request of that name, and its answer's fields."""

    who = "keys-v3"
    Refusal = ClientException

    def __init__(self, secret=KEY_SECRET):
        self.client = Client(
            Config(
                access_key_id=KEY_ID,
                access_key_secret=secret,
                endpoint=ENDPOINT,
                protocol=PROTOCOL,
                ca=CA,
            )
        )

    def __getattr__(self, action):
        def send(**parameters):
            fields = {snake(name): value for name, value in parameters.items()}
            request = getattr(models, f"{action}Request")(**fields)
            return getattr(self.client, snake(action))(request).body.to_map()

        return send

    @staticmethod
    def context(values):
        return values

    @staticmethod
    def code(error):
        return error.code


class V1:
    """The same with aliyun-python-sdk-kms."""

    who = "keys-v1"
    Refusal = ServerException

    def __init__(self, secret=KEY_SECRET):
        self.client = AcsClient(KEY_ID, secret, "cn-hangzhou", verify=CA)

    def __getattr__(self, action):
        module = importlib.import_module(
            f"aliyunsdkkms.request.v20160120.{action}Request"
        )

        def send(**parameters):
            request = getattr(module, f"{action}Request")()
            request.set_endpoint(ENDPOINT)
            request.set_protocol_type(PROTOCOL)
            request.set_accept_format("json")
            for name, value in parameters.items():
                getattr(request, f"set_{name}")(value)
            return json.loads(self.client.do_action_with_exception(request))

        return send

    @staticmethod
    def context(values):
        return json.dumps(values)

    @staticmethod
    def code(error):
        return error.get_error_code()


def refused(kms, code, call):
    with raises(kms.Refusal) as caught:
        call()
    equal(kms.code(caught.error), code)


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def symmetric(kms):
    who = kms.who
    key = kms.CreateKey(Description=DESCRIPTION)["KeyMetadata"]
    name, alias = key["KeyId"], f"alias/suite/{who}"

    with check(f"{who}-create-and-describe"):
        found = kms.DescribeKey(KeyId=name)["KeyMetadata"]
        equal(found["Description"], DESCRIPTION)
        equal((found["KeySpec"], found["KeyUsage"]), ("Aliyun_AES_256", "ENCRYPT/DECRYPT"))
        equal(found["KeyState"], "Enabled")

    with check(f"{who}-alias"):
        kms.CreateAlias(AliasName=alias, KeyId=name)
        listed = kms.ListAliasesByKeyId(KeyId=name)["Aliases"]["Alias"]
        equal([found["AliasName"] for found in listed], [alias])

    context = kms.context(CONTEXT)
    for kind, value in VALUES.items():
        # A key encrypts 6 KiB.
        plaintext = encoded(value[:4000])
        with check(f"{who}-encrypt-and-decrypt-{kind}"):
            made = kms.Encrypt(KeyId=alias, Plaintext=plaintext, EncryptionContext=context)
            equal(made["KeyId"], name)
            blob = made["CiphertextBlob"]
            opened = kms.Decrypt(CiphertextBlob=blob, EncryptionContext=context)
            equal((opened["Plaintext"], opened["KeyId"]), (plaintext, name))

    with check(f"{who}-another-context"):
        other = kms.context(CONTEXT | {"id": "12345678901234567891"})
        refused(
            kms,
            "InvalidParameter",
            lambda: kms.Decrypt(CiphertextBlob=blob, EncryptionContext=other),
        )

    with check(f"{who}-data-key"):
        made = kms.GenerateDataKey(KeyId=name, NumberOfBytes=48)
        equal(len(base64.b64decode(made["Plaintext"])), 48)
        opened = kms.Decrypt(CiphertextBlob=made["CiphertextBlob"])
        equal(opened["Plaintext"], made["Plaintext"])
        sealed = kms.GenerateDataKeyWithoutPlaintext(KeyId=name, KeySpec="AES_128")
        opened = kms.Decrypt(CiphertextBlob=sealed["CiphertextBlob"])
        equal(len(base64.b64decode(opened["Plaintext"])), 16)

    with check(f"{who}-key-tags"):
        tags = {"für": "<alle> & %", "id": "12345678901234567890"}
        listed = [{"TagKey": key, "TagValue": value} for key, value in tags.items()]
        kms.TagResource(KeyId=name, Tags=json.dumps(listed, ensure_ascii=False))
        equal(tags_of(kms, name), tags)
        kms.UntagResource(KeyId=name, TagKeys='["für"]')
        equal(tags_of(kms, name), {"id": "12345678901234567890"})

    with check(f"{who}-list"):
        listed = kms.ListKeys(PageSize=100)["Keys"]["Key"]
        equal(name in [found["KeyId"] for found in listed], True)

    with check(f"{who}-disabled"):
        kms.DisableKey(KeyId=name)
        refused(
            kms,
            "Rejected.Disabled",
            lambda: kms.Encrypt(KeyId=name, Plaintext=encoded("x")),
        )
        kms.EnableKey(KeyId=name)
        kms.Encrypt(KeyId=name, Plaintext=encoded("x"))


def tags_of(kms, key):
    found = kms.ListResourceTags(KeyId=key)["Tags"]["Tag"]
    return {tag["TagKey"]: tag["TagValue"] for tag in found if tag["KeyId"] == key}


def signing(kms):
    who = kms.who
    made = kms.CreateKey(KeySpec="EC_P256", KeyUsage="SIGN/VERIFY")["KeyMetadata"]
    listed = kms.ListKeyVersions(KeyId=made["KeyId"])["KeyVersions"]["KeyVersion"]
    key = {"KeyId": made["KeyId"], "KeyVersionId": listed[0]["KeyVersionId"]}
    message = VALUES["other-scripts"].encode()
    digest = base64.b64encode(hashlib.sha256(message).digest()).decode()
    how = key | {"Algorithm": "ECDSA_SHA_256"}

    with check(f"{who}-sign-and-verify"):
        value = kms.AsymmetricSign(Digest=digest, **how)["Value"]
        equal(kms.AsymmetricVerify(Digest=digest, Value=value, **how)["Value"], True)
        other = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
        equal(kms.AsymmetricVerify(Digest=other, Value=value, **how)["Value"], False)

    # Not KMS's own word for it.
    with check(f"{who}-verify-with-the-public-key"):
        pem = kms.GetPublicKey(**key)["PublicKey"].encode()
        public = serialization.load_pem_public_key(pem)
        signature = base64.b64decode(value)
        public.verify(signature, message, ec.ECDSA(hashes.SHA256()))
        with raises(InvalidSignature):
            public.verify(signature, b"other", ec.ECDSA(hashes.SHA256()))


def tags(kms):
    name = f"suite/{kms.who}/tagged"
    kms.CreateSecret(SecretName=name, VersionId="v1", SecretData="x")

    def tag(**values):
        listed = [{"TagKey": key, "TagValue": value} for key, value in values.items()]
        kms.TagResource(SecretName=name, Tags=json.dumps(listed, ensure_ascii=False))

    def found():
        read = kms.DescribeSecret(SecretName=name, FetchTags="true")
        return {entry["TagKey"]: entry["TagValue"] for entry in read["Tags"]["Tag"]}

    with check(f"{kms.who}-tag"):
        tag(für="<alle> & %", id="1")
        tag(id="12345678901234567890")
        equal(found(), {"für": "<alle> & %", "id": "12345678901234567890"})

    with check(f"{kms.who}-list-by-tag"):
        filters = '[{"Key":"TagKey","Values":["für"]}]'
        listed = kms.ListSecrets(Filters=filters)["SecretList"]["Secret"]
        equal(name in [entry["SecretName"] for entry in listed], True)

    with check(f"{kms.who}-untag"):
        kms.UntagResource(SecretName=name, TagKeys='["für"]')
        equal(found(), {"id": "12345678901234567890"})


def errors(kms):
    nowhere = "key-hzz00000000000000000000"
    with check(f"{kms.who}-missing-key"):
        refused(kms, "Forbidden.KeyNotFound", lambda: kms.DescribeKey(KeyId=nowhere))


for kms in (V3(), V1()):
    symmetric(kms)
    signing(kms)
    tags(kms)
    errors(kms)

finish()
