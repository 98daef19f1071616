"""Writes the cases of this folder with the official package alibabacloud-dkms-gcs; see README.md."""

import base64
import hashlib
import json
import os

os.environ["PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION"] = "python"
from openapi_credential.client import Client as Credential
from openapi_credential.models import Config
from openapi_util.client import Client as util
from openapi_util.protobuf import api_pb2

HERE = os.path.dirname(os.path.abspath(__file__))
KEY_ID = "KAAP.5b1c1d8e-7a7e-4d5e-9a3e-0c9b3f6a2d11"


def message(name):
    """Every field filled: text and bytes with the field's own name, numbers with 7."""
    kind = getattr(api_pb2, name)
    made = kind()
    for field in kind.DESCRIPTOR.fields:
        if field.label == field.LABEL_REPEATED:
            getattr(made, field.name).extend(["one", "two"])
        else:
            value = {
                field.TYPE_STRING: field.name,
                field.TYPE_BYTES: field.name.encode(),
                field.TYPE_INT32: 7,
                field.TYPE_BOOL: True,
            }[field.type]
            setattr(made, field.name, value)
    return made.SerializeToString()


def request(case, api, body):
    key = base64.b64encode(open(os.path.join(HERE, "../sign/client-key.der"), "rb").read()).decode()
    credential = Credential(Config(type="rsa_key_pair", access_key_id=KEY_ID, private_key=key))
    headers = {
        "accept": "application/x-protobuf",
        "host": "kst-hzz1.cryptoservice.kms.aliyuncs.com",
        "date": "Tue, 02 Jan 2024 03:04:05 GMT",
        "user-agent": util.get_user_agent(None),
        "x-kms-apiversion": "dkms-gcs-0.2",
        "x-kms-apiname": api,
        "x-kms-signaturemethod": "RSA_PKCS1_SHA_256",
        "x-kms-acccesskeyid": credential.get_access_key_id(),
        "content-type": "application/x-protobuf",
        "content-length": util.get_content_length(body),
        "content-sha256": hashlib.sha256(body).hexdigest().upper(),
    }
    signed = util.get_string_to_sign("POST", "/", headers, {})
    headers["authorization"] = credential.get_signature(signed)
    head = ["POST / HTTP/1.1"] + [f"{name}: {value}" for name, value in headers.items()]
    folder = os.path.join(HERE, case)
    os.makedirs(folder, exist_ok=True)
    for name, data in (
        ("request.http", ("\r\n".join(head) + "\r\n\r\n").encode() + body),
        ("signed.txt", signed.encode()),
        ("api.txt", api.encode()),
    ):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)


names = [name for name in api_pb2.DESCRIPTOR.message_types_by_name
         if not name.startswith(("Kms", "Hmac", "Hash"))]
with open(os.path.join(HERE, "messages.json"), "w") as file:
    json.dump({name: message(name).hex() for name in names}, file, indent=1)
    file.write("\n")

request("get-secret-value", "GetSecretValue",
        api_pb2.GetSecretValueRequest(SecretName="app/db", VersionStage="ACSCurrent",
                                      FetchExtendedConfig=True).SerializeToString())
request("generate-random", "GenerateRandom", api_pb2.GenerateRandomRequest(Length=32).SerializeToString())
request("empty-body", "GetPublicKey", b"")
