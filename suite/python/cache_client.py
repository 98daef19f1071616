"""The secrets client with a cache, aliyun-secret-manager-client, with a ClientKey: V1 calls signed
by RSA on the shared gateway, the instance's own protocol on the other."""

import json
import logging
import os

from alibaba_cloud_secretsmanager_client.secret_manager_cache_client_builder import (
    SecretManagerCacheClientBuilder,
)
from aliyunsdkcore.acs_exception.exceptions import ServerException
from OpenSSL import crypto

from checks import check, equal, finish, raises
from values import CANARY, VALUES

REGION = "cn-hangzhou"
FOLDER = os.environ["SUITE_FOLDER"]
DEV = (os.environ["KMS_CLIENT_KEY_FILE"], os.environ["KMS_CLIENT_KEY_PASSWORD_FILE"])
OWN = (f"{FOLDER}/own.json", f"{FOLDER}/own_Password.txt")
DELETED = (f"{FOLDER}/deleted.json", f"{FOLDER}/deleted_Password.txt")

# It logs each refusal with its stack.
logging.getLogger("CacheClient").addHandler(logging.NullHandler())


def configured(variables):
    """It finds its settings in the environment."""
    for name in (
        "credentials_type",
        "client_key_private_key_path",
        "client_key_password_from_file_path",
        "cache_client_region_id",
        "cache_client_dkms_config_info",
    ):
        os.environ.pop(name, None)
    os.environ.update(variables)
    return SecretManagerCacheClientBuilder.new_client()


def shared(files):
    # Over TLS, whose certificate it does not look at with a ClientKey.
    region = {"regionId": REGION, "endpoint": os.environ["KMS_TLS_ENDPOINT"]}
    return configured(
        {
            "credentials_type": "client_key",
            "client_key_private_key_path": files[0],
            "client_key_password_from_file_path": files[1],
            "cache_client_region_id": json.dumps([region]),
        }
    )


def instance(files, **changes):
    settings = {
        "regionId": REGION,
        "endpoint": os.environ["KMS_INSTANCE_ENDPOINT"],
        "clientKeyFile": files[0],
        "passwordFromFilePath": files[1],
        "ignoreSslCerts": False,
        "caFilePath": os.environ["KMS_CA_FILE"],
    }
    return configured({"cache_client_dkms_config_info": json.dumps([settings | changes])})


def refused(code, status, call):
    with raises(ServerException) as caught:
        call()
    equal((caught.error.error_code, caught.error.http_status), (code, status))


found = {}
for gateway, connect in (("shared", shared), ("instance", instance)):
    for who, files in (("dev", DEV), ("own", OWN)):
        kms = connect(files)
        for kind, value in (VALUES | {"canary": CANARY}).items():
            with check(f"cache-{gateway}-{who}-reads-{kind}"):
                info = kms.get_secret_info(f"suite/{gateway}/{kind}")
                equal((info.secret_value, info.version_id), (value, "v1"))
                found[info.secret_name] = info.secret_value
        kms.close()

    with check(f"cache-{gateway}-missing-secret"):
        kms = connect(OWN)
        refused(
            "Forbidden.ResourceNotFound",
            404,
            lambda: kms.get_secret_value(f"suite/{gateway}/nowhere"),
        )
        kms.close()

    with check(f"cache-{gateway}-deleted-key"):
        kms = connect(DELETED)
        refused(
            "InvalidAccessKeyId.NotFound",
            404,
            lambda: kms.get_secret_value(f"suite/{gateway}/json"),
        )
        kms.close()

# Our own client reads the same, and compares.
with open(f"{FOLDER}/shared.json", "w", encoding="utf-8") as file:
    only = {name: value for name, value in found.items() if "/shared/" in name}
    json.dump(only, file)

with check("cache-shared-wrong-password"), raises(crypto.Error):
    wrong = f"{FOLDER}/wrong_Password.txt"
    with open(wrong, "w", encoding="ascii") as file:
        file.write("Wrong-password-1")
    shared((OWN[0], wrong))

finish()
