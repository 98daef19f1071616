"""What an administrator does for the agent's identities, with the official SDKs: roles and who may
have them, temporary credentials, ClientKeys, and a look at whether those that ended are refused.

`identities.py COMMAND ARGUMENTS…`; credentials and keys go into files, never to the output.
"""

import datetime
import json
import os
import pathlib
import sys

from alibabacloud_ims20190815 import models as ims_models
from alibabacloud_ims20190815.client import Client as Ims
from alibabacloud_kms20160120 import models as kms_models
from alibabacloud_kms20160120.client import Client as Kms
from alibabacloud_ram20150501 import models as ram_models
from alibabacloud_ram20150501.client import Client as Ram
from alibabacloud_sts20150401 import models as sts_models
from alibabacloud_sts20150401.client import Client as Sts
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config

from checks import check, equal, finish, raises
from values import CLIENT_KEY_PASSWORD

SECRET = "suite/identities"
# What the roles may do.
READER = {"policy_type": "System", "policy_name": "AliyunKMSSecretUserAccess"}


def config(**changes):
    settings = {
        "access_key_id": os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        "access_key_secret": os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        "endpoint": os.environ["KMS_ENDPOINT"],
        "protocol": "http",
    }
    return Config(**(settings | changes))


def account():
    return Sts(config()).get_caller_identity().body.account_id


def write(file, content):
    """In one step, so that a reader sees the old file or the new."""
    path = pathlib.Path(file)
    beside = path.with_name(path.name + ".new")
    beside.touch(0o600)
    beside.write_text(content)
    beside.replace(path)


def create_role(name, **statement):
    document = {
        "Version": "1",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", **statement}],
    }
    Ram(config()).create_role(
        ram_models.CreateRoleRequest(
            role_name=name, assume_role_policy_document=json.dumps(document)
        )
    )
    Ram(config()).attach_policy_to_role(
        ram_models.AttachPolicyToRoleRequest(role_name=name, **READER)
    )


def secret():
    """The one that the agents are asked for; it lives in the instance, so both gateways have it."""
    Kms(config()).create_secret(
        kms_models.CreateSecretRequest(
            secret_name=SECRET,
            version_id="v1",
            secret_data="for whom it may concern",
            dkmsinstance_id=os.environ["KMS_INSTANCE_ID"],
        )
    )


def cluster(issuer, name, role, subject, file):
    """A cluster as an identity provider, and a role for one of its service accounts. The number
    of the account goes into a file."""
    own = account()
    Ims(config()).create_oidcprovider(
        ims_models.CreateOIDCProviderRequest(
            oidcprovider_name=name, issuer_url=issuer, client_ids="sts.aliyuncs.com"
        )
    )
    create_role(
        role,
        Principal={"Federated": [f"acs:ram::{own}:oidc-provider/{name}"]},
        Condition={
            "StringEquals": {
                "oidc:iss": [issuer],
                "oidc:aud": ["sts.aliyuncs.com"],
                "oidc:sub": [subject],
            }
        },
    )
    write(file, own)


def roles(*names):
    """For everybody of the account."""
    own = account()
    for name in names:
        create_role(name, Principal={"RAM": [f"acs:ram::{own}:root"]})


def again(*names):
    """Deletes roles, which ends their sessions, and makes them anew as they were."""
    ram = Ram(config())
    for name in names:
        was = ram.get_role(ram_models.GetRoleRequest(role_name=name)).body.role
        ram.detach_policy_from_role(
            ram_models.DetachPolicyFromRoleRequest(role_name=name, **READER)
        )
        ram.delete_role(ram_models.DeleteRoleRequest(role_name=name))
        ram.create_role(
            ram_models.CreateRoleRequest(
                role_name=name,
                assume_role_policy_document=was.assume_role_policy_document,
            )
        )
        ram.attach_policy_to_role(
            ram_models.AttachPolicyToRoleRequest(role_name=name, **READER)
        )


def assume(role, file):
    answer = Sts(config()).assume_role(
        sts_models.AssumeRoleRequest(
            role_arn=f"acs:ram::{account()}:role/{role}", role_session_name="suite"
        )
    )
    write(file, json.dumps(answer.body.credentials.to_map()))


def access_point():
    """One that may read all secrets, on both gateways."""
    kms = Kms(config())
    gateways = {"suite-shared": "shared", "suite-instance": os.environ["KMS_INSTANCE_ID"]}
    for name, gateway in gateways.items():
        kms.create_policy(
            kms_models.CreatePolicyRequest(
                name=name,
                kms_instance=gateway,
                permissions='["RbacPermission/Template/CryptoServiceSecretUser"]',
                resources='["secret/*"]',
            )
        )
    kms.create_application_access_point(
        kms_models.CreateApplicationAccessPointRequest(
            name="suite-agent",
            authentication_method="ClientKey",
            policies=json.dumps(list(gateways)),
        )
    )


def client_key(file, minutes=None):
    """A ClientKey of the access point; good for so many minutes."""
    times = {}
    if minutes is not None:
        now = datetime.datetime.now(datetime.timezone.utc)
        ends = now + datetime.timedelta(minutes=int(minutes))
        times = {
            "not_before": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "not_after": ends.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
    made = Kms(config()).create_client_key(
        kms_models.CreateClientKeyRequest(
            aap_name="suite-agent", password=CLIENT_KEY_PASSWORD, **times
        )
    ).body
    content = {"KeyId": made.client_key_id, "PrivateKeyData": made.private_key_data}
    write(file, json.dumps(content))


def delete_client_key(file):
    key = json.loads(pathlib.Path(file).read_text())["KeyId"]
    Kms(config()).delete_client_key(
        kms_models.DeleteClientKeyRequest(client_key_id=key)
    )


def ended(*files):
    """The server itself refuses what these files hold."""
    for file in files:
        credentials = json.loads(pathlib.Path(file).read_text())
        kms = Kms(
            config(
                access_key_id=credentials["AccessKeyId"],
                access_key_secret=credentials["AccessKeySecret"],
                security_token=credentials["SecurityToken"],
            )
        )
        with check(f"refused-{pathlib.Path(file).stem}"):
            with raises(ClientException) as caught:
                kms.get_secret_value(
                    kms_models.GetSecretValueRequest(secret_name=SECRET)
                )
            found = (caught.error.code, caught.error.status_code)
            equal(found, ("InvalidSecurityToken.Expired", 400))
    finish()


COMMANDS = {
    "secret": secret,
    "cluster": cluster,
    "roles": roles,
    "again": again,
    "assume": assume,
    "access-point": access_point,
    "client-key": client_key,
    "delete-client-key": delete_client_key,
    "ended": ended,
}
COMMANDS[sys.argv[1]](*sys.argv[2:])
