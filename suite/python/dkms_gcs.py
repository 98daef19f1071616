"""The SDK of the instance gateway, alibabacloud-dkms-gcs, over TLS: dev's own ClientKey and one
that CreateClientKey made."""

import json
import os

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import crypto
from openapi.models import Config
from openapi_util.models import RuntimeOptions
from sdk.client import Client
from sdk import models
from sdk.models import GetSecretValueRequest
from Tea.exceptions import TeaException, UnretryableException

from checks import check, equal, finish, raises
from values import CANARY, VALUES

ENDPOINT = os.environ["KMS_INSTANCE_ENDPOINT"]
CA = os.environ["KMS_CA_FILE"]
FOLDER = os.environ["SUITE_FOLDER"]
DEV = (os.environ["KMS_CLIENT_KEY_FILE"], os.environ["KMS_CLIENT_KEY_PASSWORD_FILE"])


def made(name):
    return (f"{FOLDER}/{name}.json", f"{FOLDER}/{name}_Password.txt")


def client(files, **changes):
    with open(files[1], encoding="ascii") as password:
        settings = {
            "protocol": "https",
            "endpoint": ENDPOINT,
            "client_key_file": files[0],
            "password": password.read(),
            "ca_file_path": CA,
        }
    return Client(Config(**(settings | changes)))


def get(kms, name, **choice):
    return kms.get_secret_value(GetSecretValueRequest(secret_name=name, **choice))


def refused(code, status, call):
    with raises(TeaException) as caught:
        call()
    found = (caught.error.code, caught.error.data["httpCode"])
    equal(found, (code, status))


def untrusted(kms, why):
    request = GetSecretValueRequest(secret_name="suite/instance/json")
    with raises(UnretryableException) as caught:
        kms.get_secret_value_with_options(request, RuntimeOptions(autoretry=False))
    equal(why in caught.error.inner_exception.message, True)


# First, for the SDK keeps its connections, and believes a CA that it has ever been given.
with check("gcs-without-our-ca"):
    untrusted(client(made("own"), ca_file_path=None), "CERTIFICATE_VERIFY_FAILED")

# This machine by an address that the certificate does not have.
with check("gcs-under-another-address"):
    port = ENDPOINT.rpartition(":")[2]
    untrusted(client(made("own"), endpoint=f"0.0.0.0:{port}"), "IP address mismatch")

found = {}
for who, files in (("dev", DEV), ("own", made("own"))):
    kms = client(files)
    for kind, value in (VALUES | {"canary": CANARY}).items():
        with check(f"gcs-{who}-reads-{kind}"):
            read = get(kms, f"suite/instance/{kind}")
            equal(read.secret_data, value)
            found[read.secret_name] = read.secret_data
            equal((read.version_id, list(read.version_stages)), ("v1", ["ACSCurrent"]))
            equal((read.secret_type, read.secret_data_type), ("Generic", "text"))
            equal(bool(read.request_id), True)

# Our own client reads the same, and compares.
with open(f"{FOLDER}/instance.json", "w", encoding="utf-8") as file:
    json.dump(found, file)

kms = client(made("own"))

with check("gcs-reads-a-version"):
    read = get(kms, "suite/instance/json", version_id="v1", version_stage="ACSCurrent")
    equal(read.secret_data, VALUES["json"])

with open(f"{FOLDER}/keys.json", encoding="ascii") as file:
    KEYS = json.load(file)

for kind, value in VALUES.items():
    with check(f"gcs-encrypt-and-decrypt-{kind}"):
        # A key encrypts 6 KiB.
        plaintext = value[:4000].encode()
        sealed = kms.encrypt(
            models.EncryptRequest(key_id=KEYS["encrypt"], plaintext=plaintext)
        )
        opened = kms.decrypt(
            models.DecryptRequest(
                key_id=sealed.key_id, ciphertext_blob=sealed.ciphertext_blob, iv=sealed.iv
            )
        )
        equal(opened.plaintext, plaintext)

with check("gcs-data-key"):
    sealed = kms.generate_data_key(
        models.GenerateDataKeyRequest(key_id=KEYS["encrypt"], number_of_bytes=32)
    )
    equal(len(sealed.plaintext), 32)
    opened = kms.decrypt(
        models.DecryptRequest(
            key_id=sealed.key_id, ciphertext_blob=sealed.ciphertext_blob, iv=sealed.iv
        )
    )
    equal(opened.plaintext, sealed.plaintext)

with check("gcs-sign-and-verify"):
    key, message = KEYS["sign"], VALUES["other-scripts"].encode()
    signature = kms.sign(
        models.SignRequest(key_id=key, message=message, message_type="RAW")
    ).signature

    def verify(text):
        return kms.verify(
            models.VerifyRequest(
                key_id=key, message=text, message_type="RAW", signature=signature
            )
        ).value

    equal((verify(message), verify(b"other")), (True, False))
    # Not KMS's own word for it.
    pem = kms.get_public_key(models.GetPublicKeyRequest(key_id=key)).public_key
    public = serialization.load_pem_public_key(pem.encode())
    public.verify(signature, message, ec.ECDSA(hashes.SHA256()))

with check("gcs-missing-key"):
    refused(
        "Forbidden.KeyNotFound",
        404,
        lambda: kms.encrypt(
            models.EncryptRequest(
                key_id="key-hzz00000000000000000000", plaintext=b"x"
            )
        ),
    )

with check("gcs-missing-secret"):
    refused(
        "Forbidden.ResourceNotFound", 404, lambda: get(kms, "suite/instance/nowhere")
    )

with check("gcs-deleted-key"):
    stranger = client(made("deleted"))
    refused(
        "InvalidAccessKeyId.NotFound", 404, lambda: get(stranger, "suite/instance/json")
    )

with check("gcs-from-an-address-that-no-rule-allows"):
    stranger = client(made("elsewhere"))
    refused(
        "Forbidden.NoPermission", 403, lambda: get(stranger, "suite/instance/json")
    )

with check("gcs-wrong-password"), raises(crypto.Error):
    client(made("own"), password="Wrong-password-1")

with check("gcs-another-key-under-this-id"):
    with open(made("own")[0]) as own, open(made("elsewhere")[0]) as other:
        mixed = json.load(other) | {"KeyId": json.load(own)["KeyId"]}
    stranger = client(made("own"), client_key_content=json.dumps(mixed))
    refused("SignatureNotMatch", 401, lambda: get(stranger, "suite/instance/json"))

finish()
