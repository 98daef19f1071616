"""What an administrator does for hosted AccessKeys, with the official SDKs.

`hosted.py COMMAND ARGUMENTS…`; no half of an AccessKey is ever shown but its id.
"""

import json
import os
import sys
import time

from alibabacloud_kms20160120 import models as kms_models
from alibabacloud_kms20160120.client import Client as Kms
from alibabacloud_ram20150501 import models as ram_models
from alibabacloud_ram20150501.client import Client as Ram
from alibabacloud_tea_openapi.client import Client as OpenApi
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params
from alibabacloud_tea_util.models import RuntimeOptions

# KMS's own spelling.
ROLE = "AliyunKMSManagedRAMCrendentialsRole"
POLICY = "AliyunKMSManagedRAMCrendentialsRolePolicy"
TRUST = {
    "Version": "1",
    "Statement": [
        {
            "Action": "sts:AssumeRole",
            "Effect": "Allow",
            "Principal": {"Service": ["kms.aliyuncs.com"]},
        }
    ],
}
RIGHTS = {
    "Version": "1",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "ram:ListAccessKeys",
                "ram:CreateAccessKey",
                "ram:DeleteAccessKey",
                "ram:UpdateAccessKey",
            ],
            "Resource": "*",
        }
    ],
}


def config():
    return Config(
        access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        endpoint=os.environ["KMS_ENDPOINT"],
        protocol="http",
    )


def name(user):
    return f"acs/ram/user/{user}"


def unless_there(call):
    try:
        call()
    except ClientException as error:
        if not error.code.startswith("EntityAlreadyExist"):
            raise


def role():
    """KMS may replace AccessKeys of this account."""
    ram = Ram(config())
    unless_there(
        lambda: ram.create_policy(
            ram_models.CreatePolicyRequest(
                policy_name=POLICY, policy_document=json.dumps(RIGHTS)
            )
        )
    )
    unless_there(
        lambda: ram.create_role(
            ram_models.CreateRoleRequest(
                role_name=ROLE, assume_role_policy_document=json.dumps(TRUST)
            )
        )
    )
    unless_there(
        lambda: ram.attach_policy_to_role(
            ram_models.AttachPolicyToRoleRequest(
                policy_type="Custom", policy_name=POLICY, role_name=ROLE
            )
        )
    )


def host(interval, *users):
    """RAM users with an AccessKey each, hosted in the instance, which both gateways read."""
    ram, kms = Ram(config()), Kms(config())
    for user in users:
        ram.create_user(ram_models.CreateUserRequest(user_name=user))
        made = ram.create_access_key(ram_models.CreateAccessKeyRequest(user_name=user))
        key = made.body.access_key
        data = {"AccessKeyId": key.access_key_id, "AccessKeySecret": key.access_key_secret}
        created = kms.create_secret(
            kms_models.CreateSecretRequest(
                secret_name="$Auto",
                secret_type="RAMCredentials",
                secret_data_type="text",
                secret_data=json.dumps({"AccessKeys": [data]}),
                version_id="v1",
                extended_config={
                    "SecretSubType": "RamUserAccessKey",
                    "UserName": user,
                    "CustomData": {},
                },
                dkmsinstance_id=os.environ["KMS_INSTANCE_ID"],
                enable_automatic_rotation=interval != "never",
                rotation_interval=None if interval == "never" else interval,
            )
        ).body
        assert created.secret_name == name(user), created.secret_name
        print(user, key.access_key_id)


def keys(*users):
    """The AccessKeys that RAM has: `USER ID STATUS…`."""
    ram = Ram(config())
    for user in users:
        listed = ram.list_access_keys(
            ram_models.ListAccessKeysRequest(user_name=user)
        ).body
        found = listed.access_keys.access_key
        print(user, *(f"{key.access_key_id}:{key.status}" for key in found))


def settle(interval, *users):
    """Sets the interval, which is refused while a rotation runs: waits for its end."""
    kms = Kms(config())
    for user in users:
        patiently(
            lambda: kms.update_secret_rotation_policy(
                kms_models.UpdateSecretRotationPolicyRequest(
                    secret_name=name(user),
                    enable_automatic_rotation=True,
                    rotation_interval=interval,
                )
            )
        )


def rotate(window, *users):
    """Replaces the AccessKeys now; the old ones stay good for so long."""
    how = Params(
        action="RotateSecret",
        version="2016-01-20",
        protocol="HTTP",
        pathname="/",
        method="POST",
        auth_type="AK",
        style="RPC",
        req_body_type="formData",
        body_type="json",
    )
    for user in users:
        query = {
            "SecretName": name(user),
            "VersionId": f"suite-{time.time_ns()}",
            "RotationWindow": window,
        }
        OpenApi(config()).call_api(how, OpenApiRequest(query=query), RuntimeOptions())


def patiently(call, seconds=60):
    end = time.monotonic() + seconds
    while True:
        try:
            return call()
        except ClientException as error:
            if not error.code.startswith("Rejected") or time.monotonic() > end:
                raise
        time.sleep(0.2)


COMMANDS = {
    "role": role,
    "host": host,
    "keys": keys,
    "settle": settle,
    "rotate": rotate,
}
COMMANDS[sys.argv[1]](*sys.argv[2:])
