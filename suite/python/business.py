"""The business API of the suite refuses as the cloud does: an AccessKey that is not there, one that is
disabled, one with another secret. And it answers one that is good."""

import os

from alibabacloud_ram20150501 import models as ram_models
from alibabacloud_ram20150501.client import Client as Ram
from alibabacloud_sts20150401.client import Client as Sts
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config

from checks import check, equal, finish, raises

USER = "suite-business"


def config(key_id, secret, endpoint):
    return Config(
        access_key_id=key_id, access_key_secret=secret, endpoint=endpoint, protocol="http"
    )


def call(key, secret=None):
    here = config(key.access_key_id, secret or key.access_key_secret, os.environ["BUSINESS"])
    return Sts(here).get_caller_identity().body.arn


def refused(code, status, key, secret=None):
    with raises(ClientException) as caught:
        call(key, secret)
    equal((caught.error.code, caught.error.status_code), (code, status))


ram = Ram(
    config(
        os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        os.environ["KMS_ENDPOINT"],
    )
)
ram.create_user(ram_models.CreateUserRequest(user_name=USER))
made = ram.create_access_key(ram_models.CreateAccessKeyRequest(user_name=USER))
key = made.body.access_key

with check("business-answers"):
    equal(call(key).endswith(f":user/{USER}"), True)

with check("business-wrong-secret"):
    refused("SignatureDoesNotMatch", 400, key, "not" + key.access_key_secret)

with check("business-disabled-key"):
    ram.update_access_key(
        ram_models.UpdateAccessKeyRequest(
            user_name=USER, user_access_key_id=key.access_key_id, status="Inactive"
        )
    )
    refused("InvalidAccessKeyId.Inactive", 400, key)

with check("business-deleted-key"):
    ram.delete_access_key(
        ram_models.DeleteAccessKeyRequest(
            user_name=USER, user_access_key_id=key.access_key_id
        )
    )
    refused("InvalidAccessKeyId.NotFound", 404, key)

finish()
