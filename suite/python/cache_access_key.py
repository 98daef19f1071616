"""The secrets clients with a cache, with an AccessKey: aliyun-secret-manager-client (`1`), and its
successor (`2`), which signs with V3. They read what sdk_v3.py has made."""

import importlib
import json
import logging
import os
import sys

from checks import check, equal, finish, raises
from values import VALUES

KEY_ID = os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"]
KEY_SECRET = os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]
PLACE = {"regionId": "cn-hangzhou", "endpoint": os.environ["KMS_TLS_ENDPOINT"]}


def first(secret):
    """Finds its settings in the environment, and does not look at the certificate."""
    os.environ.update(
        credentials_type="ak",
        credentials_access_key_id=KEY_ID,
        credentials_access_secret=secret,
        cache_client_region_id=json.dumps([PLACE]),
    )
    return Builder.new_client()


def second(secret):
    """Takes the SDK's own settings, for the environment's know no authority but the cloud's."""
    config = importlib.import_module("alibabacloud_tea_openapi.models").Config(
        access_key_id=KEY_ID,
        access_key_secret=secret,
        protocol="https",
        region_id=PLACE["regionId"],
        endpoint=PLACE["endpoint"],
        ca=os.environ["KMS_CA_FILE"],
    )
    service = importlib.import_module(
        f"{PACKAGE}.service.default_secret_manager_client_builder"
    )
    settings = service.DefaultSecretManagerClientBuilder().add_config(config)
    return Builder.new_cache_client_builder(settings.build()).build()


WHO, PACKAGE, client, (module, kind, CODE), WRONG_SECRET = {
    "1": (
        "cache-v1",
        "alibaba_cloud_secretsmanager_client",
        first,
        ("aliyunsdkcore.acs_exception.exceptions", "ServerException", "error_code"),
        "InvalidAccessKeySecret",
    ),
    "2": (
        "cache-v2",
        "alibabacloud_secretsmanager_client_v2",
        second,
        ("Tea.exceptions", "TeaException", "code"),
        "SignatureDoesNotMatch",
    ),
}[sys.argv[1]]

Refusal = getattr(importlib.import_module(module), kind)
Builder = importlib.import_module(
    f"{PACKAGE}.secret_manager_cache_client_builder"
).SecretManagerCacheClientBuilder

# They log each refusal with its stack.
for name in ("CacheClient", "SecretsManagerClientV2"):
    logging.getLogger(name).addHandler(logging.NullHandler())


def refused(code, secret):
    kms = client(secret)
    with raises(Refusal) as caught:
        kms.get_secret_value("suite/nowhere")
    equal(getattr(caught.error, CODE), code)
    kms.close()


kms = client(KEY_SECRET)
for kind, value in VALUES.items():
    # sdk_v3.py has deleted this one.
    if kind != "lines":
        with check(f"{WHO}-reads-{kind}"):
            info = kms.get_secret_info(f"suite/v3/{kind}")
            equal((info.secret_value, info.version_id), (value, "v1"))
kms.close()

with check(f"{WHO}-missing-secret"):
    refused("Forbidden.ResourceNotFound", KEY_SECRET)

with check(f"{WHO}-wrong-secret-of-the-accesskey"):
    refused(WRONG_SECRET, "not" + KEY_SECRET)

finish()
