"""A RAM user whose AccessKey KMS hosts and rotates, and the access point that hands it out."""

import json
import os
import pathlib
import secrets
import string
import time

USER = "app-robot"
ROLE = "AliyunKMSManagedRAMCrendentialsRole"
NAME = f"acs/ram/user/{USER}"
RIGHTS = ("ListAccessKeys", "CreateAccessKey", "DeleteAccessKey", "UpdateAccessKey")


def host(stage, owner):
    stage.step("the role that KMS rotates with", lambda: role(stage, owner))
    stage.step("a RAM user with an AccessKey", lambda: _user(stage, owner))
    stage.step("a key in the instance", lambda: _key(stage, owner))
    stage.step("the AccessKey is hosted", lambda: _hosted(stage, owner))


def role(stage, owner):
    """Once for an account."""
    made = stage.facts.setdefault("roles", set())
    if owner in made:
        return ROLE
    made.add(owner)
    trust = {
        "Version": "1",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": ["kms.aliyuncs.com"]},
            }
        ],
    }
    rights = {
        "Version": "1",
        "Statement": [
            {"Effect": "Allow", "Action": [f"ram:{one}" for one in RIGHTS], "Resource": "*"}
        ],
    }
    stage.call(owner, "CreateRole", RoleName=ROLE, AssumeRolePolicyDocument=trust)
    stage.call(owner, "ram.CreatePolicy", PolicyName=f"{ROLE}Policy", PolicyDocument=rights)
    stage.call(
        owner,
        "AttachPolicyToRole",
        RoleName=ROLE,
        PolicyName=f"{ROLE}Policy",
        PolicyType="Custom",
    )
    return ROLE


def user_with_key(stage, owner, user):
    stage.call(owner, "CreateUser", UserName=user)
    return stage.call(owner, "CreateAccessKey", UserName=user)["AccessKey"]


def _user(stage, owner):
    key = user_with_key(stage, owner, USER)
    stage.facts["access_key"] = key
    return key["AccessKeyId"]


def _key(stage, owner):
    made = stage.call(
        owner, "CreateKey", DKMSInstanceId=stage.facts["instance"], KeySpec="Aliyun_AES_256"
    )
    stage.facts["key"] = made["KeyMetadata"]["KeyId"]
    return stage.facts["key"]


def hosted(stage, owner, user, key, **more):
    keys = {
        "AccessKeys": [
            {"AccessKeyId": key["AccessKeyId"], "AccessKeySecret": key["AccessKeySecret"]}
        ]
    }
    return stage.call(
        owner,
        "CreateSecret",
        secret=("SecretData", json.dumps(keys)),
        SecretName="$Auto",
        SecretType="RAMCredentials",
        VersionId="v1",
        ExtendedConfig={"SecretSubType": "RamUserAccessKey", "UserName": user, "CustomData": {}},
        EnableAutomaticRotation="true",
        RotationInterval="30d",
        **more,
    )["SecretName"]


def _hosted(stage, owner):
    name = hosted(
        stage,
        owner,
        USER,
        stage.facts["access_key"],
        DKMSInstanceId=stage.facts["instance"],
        EncryptionKeyId=stage.facts["key"],
    )
    assert name == NAME, name
    return name


def open_access_point(stage, owner):
    stage.step("a network rule for each way in", lambda: _rules(stage, owner))
    stage.step("a policy for each way in", lambda: _policies(stage, owner))
    stage.step("an access point with both", lambda: _access_point(stage, owner))
    stage.step("its ClientKey, in files of 0600", lambda: _client_key(stage, owner))


def _rules(stage, owner):
    for name, kind in (("private", "Private"), ("public", "Public")):
        stage.call(
            owner, "CreateNetworkRule", Name=name, Type=kind, SourcePrivateIp=["127.0.0.0/24"]
        )


def _policies(stage, owner):
    template = "RbacPermission/Template/"
    for name, scope, permissions, resources in (
        (
            "by-instance",
            stage.facts["instance"],
            ("CryptoServiceKeyUser", "CryptoServiceSecretUser"),
            (f"secret/{NAME}", f"key/{stage.facts['key']}"),
        ),
        ("by-shared-gateway", "shared", ("SecretUser",), (f"secret/{NAME}",)),
    ):
        rule = "public" if scope == "shared" else "private"
        stage.call(
            owner,
            "CreatePolicy",
            Name=name,
            KmsInstance=scope,
            Permissions=[template + one for one in permissions],
            Resources=list(resources),
            AccessControlRules={"NetworkRules": [rule]},
        )


def _access_point(stage, owner):
    stage.call(
        owner,
        "CreateApplicationAccessPoint",
        Name="app",
        AuthenticationMethod="ClientKey",
        Policies=["by-shared-gateway", "by-instance"],
    )


def _client_key(stage, owner):
    letters = string.ascii_letters + string.digits
    password = "".join(secrets.choice(letters) for _ in range(30)) + "1a"
    made = stage.call(owner, "CreateClientKey", secret=("Password", password), AapName="app")
    key = {"KeyId": made["ClientKeyId"], "PrivateKeyData": made["PrivateKeyData"]}
    files = {"clientKey.json": json.dumps(key), "clientKey_Password.txt": password}
    files["PrivateKmsCA.pem"] = stage.facts["ca"]
    for name, content in files.items():
        path = pathlib.Path(stage.folder / name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(content)
    return made["ClientKeyId"]


def rotate(stage, owner):
    """As after a leak: at once, and the old key goes when a short window ends."""
    stage.step("the AccessKey is rotated", lambda: rotated(stage, owner, NAME))


def rotated(stage, owner, name):
    before = keys_of(stage, owner, name)
    version = f"r{secrets.token_hex(4)}"
    stage.call(owner, "RotateSecret", SecretName=name, VersionId=version, RotationWindow="2s")
    for _ in range(600):
        state = stage.call(owner, "DescribeSecret", SecretName=name)["LatestRotation"]
        if state["State"] != "InProgress":
            break
        time.sleep(0.1)
    assert state["State"] == "Succeeded", state
    after = keys_of(stage, owner, name)
    assert len(after) == 1 and after != before, (before, after)
    return f"{before[0]} is now {after[0]}"


def keys_of(stage, owner, name):
    user = name.rsplit("/", 1)[1]
    listed = stage.call(owner, "ListAccessKeys", UserName=user)["AccessKeys"]["AccessKey"]
    return [one["AccessKeyId"] for one in listed]
