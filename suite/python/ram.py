"""Users, AccessKeys, groups and policies by the SDK of RAM: made, joined, attached, listed, taken
apart again. Each action that the server knows is called once at least."""

import json
import os

from alibabacloud_ram20150501 import models
from alibabacloud_ram20150501.client import Client as Ram
from alibabacloud_sts20150401.client import Client as Sts
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config

from checks import check, equal, finish, raises

ENDPOINT = os.environ["KMS_ENDPOINT"]
USER, GROUP, ROLE, POLICY = "suite-user", "suite-group", "suite-ram", "suite-policy"
TEXT = "für \"alle\" & <jeden>"


def config(key_id, secret):
    return Config(
        access_key_id=key_id,
        access_key_secret=secret,
        endpoint=ENDPOINT,
        protocol="http",
    )


def document(action):
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "1", "Statement": [statement]}, indent=2)


def call(action, **params):
    """The body of the answer; the request is found as the SDK names it."""
    words = "".join(word.capitalize() for word in action.split("_"))
    words = words.replace("Mfad", "MFAD").replace("Mfai", "MFAI")
    request = getattr(models, words + "Request")(**params)
    return getattr(ram, action)(request).body


def refused(code, status, action, **params):
    with raises(ClientException) as caught:
        call(action, **params)
    equal((caught.error.code, caught.error.status_code), (code, status))


def identity(key):
    return Sts(config(key.access_key_id, key.access_key_secret)).get_caller_identity()


ram = Ram(
    config(
        os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    )
)

with check("ram-user"):
    made = call(
        "create_user",
        user_name=USER,
        display_name="Suite",
        email="suite@example.com",
        mobile_phone="86-18600008888",
        comments=TEXT,
    ).user
    equal((made.user_name, made.comments), (USER, TEXT))
    call("update_user", user_name=USER, new_display_name="Suite 2")
    got = call("get_user", user_name=USER).user
    equal((got.user_id, got.display_name), (made.user_id, "Suite 2"))
    first = call("list_users", max_items=1)
    equal((len(first.users.user), first.is_truncated), (1, True))
    rest = call("list_users", marker=first.marker).users.user
    equal(USER in [user.user_name for user in rest], True)

with check("ram-refuses-a-user-that-is-there-or-misspelt"):
    refused("EntityAlreadyExists.User", 409, "create_user", user_name=USER)
    refused("EntityNotExist.User", 404, "get_user", user_name="nobody")
    refused("InvalidParameter.UserName.InvalidChars", 400, "get_user", user_name="a b")
    refused("InvalidParameter.UserName.Length", 400, "get_user", user_name="a" * 65)

with check("ram-access-keys"):
    key = call("create_access_key", user_name=USER).access_key
    equal(identity(key).body.arn.endswith(f":user/{USER}"), True)
    other = call("create_access_key", user_name=USER).access_key
    refused("LimitExceeded.User.AccessKey", 409, "create_access_key", user_name=USER)
    named = {"user_name": USER, "user_access_key_id": key.access_key_id}
    used = call("get_access_key_last_used", **named).access_key_last_used
    equal(used.last_used_date.endswith("Z"), True)
    call("update_access_key", status="Inactive", **named)
    with raises(ClientException) as caught:
        identity(key)
    equal(caught.error.code, "InvalidAccessKeyId.Inactive")
    listed = call("list_access_keys", user_name=USER).access_keys.access_key
    equal(
        {one.access_key_id: one.status for one in listed},
        {key.access_key_id: "Inactive", other.access_key_id: "Active"},
    )
    for one in listed:
        call(
            "delete_access_key",
            user_name=USER,
            user_access_key_id=one.access_key_id,
        )
    refused("EntityNotExist.User.AccessKey", 404, "delete_access_key", **named)

with check("ram-groups"):
    made = call("create_group", group_name=GROUP, comments=TEXT).group
    equal(call("get_group", group_name=GROUP).group.group_id, made.group_id)
    listed = call("list_groups").groups.group
    equal(GROUP in [group.group_name for group in listed], True)
    call("add_user_to_group", user_name=USER, group_name=GROUP)
    renamed = {"group_name": GROUP, "new_group_name": f"{GROUP}-2"}
    changed = call("update_group", new_comments="<2>", **renamed).group
    equal((changed.group_id, changed.comments), (made.group_id, "<2>"))
    call("update_group", group_name=f"{GROUP}-2", new_group_name=GROUP)
    users = call("list_users_for_group", group_name=GROUP).users.user
    equal([user.user_name for user in users], [USER])
    groups = call("list_groups_for_user", user_name=USER).groups.group
    equal([group.group_name for group in groups], [GROUP])
    refused("DeleteConflict.Group.User", 409, "delete_group", group_name=GROUP)
    refused("DeleteConflict.User.Group", 409, "delete_user", user_name=USER)

with check("ram-policy-versions"):
    made = call(
        "create_policy",
        policy_name=POLICY,
        policy_document=document("kms:GetSecretValue"),
        description=TEXT,
    ).policy
    equal((made.policy_type, made.default_version), ("Custom", "v1"))
    named = {"policy_name": POLICY, "policy_type": "Custom"}
    for action in ("kms:Decrypt", "kms:Encrypt"):
        call(
            "create_policy_version",
            policy_name=POLICY,
            policy_document=document(action),
            set_as_default=action == "kms:Encrypt",
        )
    call("update_policy_description", policy_name=POLICY, new_description="<2>")
    got = call("get_policy", **named)
    equal((got.policy.default_version, got.policy.description), ("v3", "<2>"))
    equal(got.default_policy_version.policy_document, document("kms:Encrypt"))
    call("set_default_policy_version", policy_name=POLICY, version_id="v2")
    version = call("get_policy_version", version_id="v2", **named).policy_version
    equal(version.is_default_version, True)
    equal(version.policy_document, document("kms:Decrypt"))
    listed = call("list_policy_versions", **named).policy_versions.policy_version
    equal([one.version_id for one in listed], ["v3", "v2", "v1"])
    call("delete_policy_version", policy_name=POLICY, version_id="v1")
    refused(
        "DeleteConflict.Policy.Version.Default",
        409,
        "delete_policy_version",
        policy_name=POLICY,
        version_id="v2",
    )

with check("ram-refuses-a-policy-that-is-none"):
    refused(
        "MalformedPolicyDocument",
        400,
        "create_policy",
        policy_name="suite-odd",
        policy_document="{}",
    )
    refused("InvalidParameter.PolicyType", 400, "list_policies", policy_type="Mine")

with check("ram-system-policies"):
    listed = call("list_policies", policy_type="System").policies.policy
    known = [policy.policy_name for policy in listed]
    equal({"AdministratorAccess", "AliyunKMSFullAccess"} <= set(known), True)
    own = call("list_policies", policy_type="Custom").policies.policy
    equal(POLICY in [policy.policy_name for policy in own], True)

with check("ram-attachments"):
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": ["ecs.aliyuncs.com"]},
    }
    trust = json.dumps({"Version": "1", "Statement": [trust]})
    call("create_role", role_name=ROLE, assume_role_policy_document=trust)
    holders = [
        ("user", {"user_name": USER}, "User"),
        ("group", {"group_name": GROUP}, "Group"),
        ("role", {"role_name": ROLE}, "Role"),
    ]
    for kind, holder, name in holders:
        call(f"attach_policy_to_{kind}", **named, **holder)
        refused(
            f"EntityAlreadyExists.{name}.Policy",
            409,
            f"attach_policy_to_{kind}",
            **named,
            **holder,
        )
        listed = call(f"list_policies_for_{kind}", **holder).policies.policy
        equal([policy.policy_name for policy in listed], [POLICY])
    entities = call("list_entities_for_policy", **named)
    equal([user.user_name for user in entities.users.user], [USER])
    equal([group.group_name for group in entities.groups.group], [GROUP])
    equal([role.role_name for role in entities.roles.role], [ROLE])
    equal(call("get_policy", **named).policy.attachment_count, 3)
    refused("DeleteConflict.Role.Policy", 409, "delete_role", role_name=ROLE)
    for kind, holder, name in holders:
        call(f"detach_policy_from_{kind}", **named, **holder)
        refused(
            f"EntityNotExist.{name}.Policy",
            404,
            f"detach_policy_from_{kind}",
            **named,
            **holder,
        )

with check("ram-all-goes-again"):
    call("attach_policy_to_user", user_name=USER, **named)
    refused("DeleteConflict.Policy.User", 409, "delete_policy", policy_name=POLICY)
    call("delete_policy", policy_name=POLICY, cascading_delete=True)
    refused("EntityNotExist.Policy", 404, "get_policy", **named)
    call("delete_role", role_name=ROLE)
    call("remove_user_from_group", user_name=USER, group_name=GROUP)
    # What Terraform's provider does before it deletes a user.
    for action, what in [
        ("get_login_profile", "LoginProfile"),
        ("delete_login_profile", "LoginProfile"),
        ("get_user_mfainfo", "MFADevice"),
        ("unbind_mfadevice", "MFADevice"),
    ]:
        refused(f"EntityNotExist.User.{what}", 404, action, user_name=USER)
    call("delete_group", group_name=GROUP)
    call("delete_user", user_name=USER)
    refused("EntityNotExist.User", 404, "get_user", user_name=USER)

finish()
