"""Roles by the SDKs of RAM, IMS and STS: made, assumed by a user and by the token of a service
account, used, narrowed, ended."""

import json
import os

import issuer
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
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkkms.request.v20160120.GetSecretValueRequest import GetSecretValueRequest

from checks import check, equal, finish, raises

ENDPOINT = os.environ["KMS_ENDPOINT"]
PROVIDER = "suite-issuer"
AUDIENCE = "sts.aliyuncs.com"
SUBJECT = "system:serviceaccount:shop:app"
# What the roles may do.
READER = {"policy_type": "System", "policy_name": "AliyunKMSSecretUserAccess"}


def config(**changes):
    settings = {
        "access_key_id": os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        "access_key_secret": os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        "endpoint": ENDPOINT,
        "protocol": "http",
    }
    return Config(**(settings | changes))


def temporary(credentials, **changes):
    return config(
        access_key_id=credentials.access_key_id,
        access_key_secret=credentials.access_key_secret,
        security_token=credentials.security_token,
        **changes,
    )


def refused(code, status, call):
    with raises(ClientException) as caught:
        call()
    equal((caught.error.code, caught.error.status_code), (code, status))


def assume(role, **choice):
    return sts.assume_role(
        sts_models.AssumeRoleRequest(
            role_arn=f"acs:ram::{account}:role/{role}",
            role_session_name="suite",
            **choice,
        )
    ).body


def assume_with(token, role="suite-pod"):
    """As a pod does: without an AccessKey."""
    nobody = Sts(Config(endpoint=ENDPOINT, protocol="http"))
    return nobody.assume_role_with_oidc(
        sts_models.AssumeRoleWithOIDCRequest(
            role_arn=f"acs:ram::{account}:role/{role}",
            oidcprovider_arn=f"acs:ram::{account}:oidc-provider/{PROVIDER}",
            oidctoken=token,
            role_session_name="suite",
        )
    ).body


def get(client, name):
    return client.get_secret_value(
        kms_models.GetSecretValueRequest(secret_name=name)
    ).body.secret_data


def trust(**statement):
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", **statement}
    return json.dumps({"Version": "1", "Statement": [statement]})


def create_role(name, document):
    """One that may read secrets."""
    role = ram.create_role(
        ram_models.CreateRoleRequest(
            role_name=name,
            assume_role_policy_document=document,
            description=f"für {name}",
        )
    ).body.role
    ram.attach_policy_to_role(
        ram_models.AttachPolicyToRoleRequest(role_name=name, **READER)
    )
    return role


ram, ims, sts, kms = Ram(config()), Ims(config()), Sts(config()), Kms(config())
account = sts.get_caller_identity().body.account_id
cluster = issuer.serve_beside(issuer.new_key())
for name in ("one", "two"):
    kms.create_secret(
        kms_models.CreateSecretRequest(
            secret_name=f"suite/roles/{name}", version_id="v1", secret_data=name
        )
    )

with check("ram-create-role"):
    document = trust(Principal={"RAM": [f"acs:ram::{account}:root"]})
    made = create_role("suite-app", document)
    equal(made.arn, f"acs:ram::{account}:role/suite-app")
    equal((made.role_name, made.max_session_duration), ("suite-app", 3600))
    equal(json.loads(made.assume_role_policy_document), json.loads(document))

with check("ram-get-update-list-roles"):
    ram.update_role(
        ram_models.UpdateRoleRequest(
            role_name="suite-app", new_max_session_duration=7200
        )
    )
    got = ram.get_role(ram_models.GetRoleRequest(role_name="suite-app")).body.role
    equal((got.max_session_duration, got.description), (7200, "für suite-app"))
    listed = ram.list_roles(ram_models.ListRolesRequest()).body
    equal("suite-app" in [role.role_name for role in listed.roles.role], True)

with check("ram-refuses-a-role-that-is-there"):
    refused(
        "EntityAlreadyExists.Role", 409, lambda: create_role("suite-app", document)
    )

with check("ram-refuses-a-document-that-is-none"):
    refused(
        "MalformedPolicyDocument", 400, lambda: create_role("suite-odd", "{}")
    )

with check("sts-assume-role"):
    session = assume("suite-app", duration_seconds=900)
    equal(
        session.assumed_role_user.arn, f"acs:ram::{account}:role/suite-app/suite"
    )
    equal(session.credentials.access_key_id.startswith("STS."), True)

with check("sts-token-signs-v3"):
    equal(get(Kms(temporary(session.credentials)), "suite/roles/one"), "one")

with check("sts-token-signs-v1-and-v4"):
    for algorithm in ({"signature_algorithm": "v2"}, {"signature_version": "v4"}):
        client = Kms(temporary(session.credentials, **algorithm))
        equal(get(client, "suite/roles/one"), "one")

with check("sts-token-in-the-older-sdk"):
    own = session.credentials
    old = AcsClient(
        region_id="cn-hangzhou",
        credential=StsTokenCredential(
            own.access_key_id, own.access_key_secret, own.security_token
        ),
    )
    request = GetSecretValueRequest()
    request.set_endpoint(ENDPOINT)
    request.set_protocol_type("http")
    request.set_SecretName("suite/roles/one")
    equal(json.loads(old.do_action_with_exception(request))["SecretData"], "one")
    old._signer._credential.sts_token = "wrong"
    with raises(ServerException) as caught:
        old.do_action_with_exception(request)
    equal(caught.error.http_status, 400)

with check("sts-caller-identity-of-a-session"):
    body = Sts(temporary(session.credentials)).get_caller_identity().body
    equal(body.identity_type, "AssumedRoleUser")
    equal(body.arn, f"acs:ram::{account}:role/suite-app/suite")

with check("sts-token-of-another-session"):
    other = assume("suite-app").credentials
    mixed = assume("suite-app").credentials
    mixed.security_token = other.security_token
    refused(
        "InvalidSecurityToken.MismatchWithAccessKey",
        400,
        lambda: get(Kms(temporary(mixed)), "suite/roles/one"),
    )

with check("sts-token-missing-and-malformed"):
    bare = config(
        access_key_id=session.credentials.access_key_id,
        access_key_secret=session.credentials.access_key_secret,
    )
    refused(
        "MissingSecurityToken", 400, lambda: get(Kms(bare), "suite/roles/one")
    )
    mixed.security_token = "CAIS-not-a-token"
    refused(
        "InvalidSecurityToken.Malformed",
        400,
        lambda: get(Kms(temporary(mixed)), "suite/roles/one"),
    )

with check("sts-session-policy-narrows"):
    statement = {
        "Effect": "Allow",
        "Action": "kms:GetSecretValue",
        "Resource": "acs:kms:*:*:secret/suite/roles/one",
    }
    policy = json.dumps({"Version": "1", "Statement": [statement]})
    narrow = Kms(temporary(assume("suite-app", policy=policy).credentials))
    equal(get(narrow, "suite/roles/one"), "one")
    refused("Forbidden.NoPermission", 403, lambda: get(narrow, "suite/roles/two"))

with check("sts-role-that-is-none-or-trusts-others"):
    refused("EntityNotExist.Role", 404, lambda: assume("suite-none"))
    create_role("suite-ecs", trust(Principal={"Service": ["ecs.aliyuncs.com"]}))
    refused("NoPermission", 403, lambda: assume("suite-ecs"))

with check("sts-session-has-its-roles-rights-alone"):
    session = Kms(temporary(assume("suite-app").credentials))
    equal(get(session, "suite/roles/two"), "two")
    put = kms_models.PutSecretValueRequest(
        secret_name="suite/roles/two", version_id="v2", secret_data="three"
    )
    refused("Forbidden.NoPermission", 403, lambda: session.put_secret_value(put))
    sts_of_session = Sts(temporary(assume("suite-app").credentials))
    again = sts_models.AssumeRoleRequest(
        role_arn=f"acs:ram::{account}:role/suite-app", role_session_name="again"
    )
    refused("NoPermission", 403, lambda: sts_of_session.assume_role(again))

with check("sts-longer-than-the-role-allows"):
    refused(
        "InvalidParameter.DurationSeconds",
        400,
        lambda: assume("suite-app", duration_seconds=7201),
    )

with check("ims-oidc-provider"):
    made = ims.create_oidcprovider(
        ims_models.CreateOIDCProviderRequest(
            oidcprovider_name=PROVIDER, issuer_url=cluster.url, client_ids=AUDIENCE
        )
    ).body.oidcprovider
    equal(made.arn, f"acs:ram::{account}:oidc-provider/{PROVIDER}")
    got = ims.get_oidcprovider(
        ims_models.GetOIDCProviderRequest(oidcprovider_name=PROVIDER)
    ).body.oidcprovider
    equal((got.issuer_url, got.client_ids), (cluster.url, AUDIENCE))
    listed = ims.list_oidcproviders(ims_models.ListOIDCProvidersRequest()).body
    names = [one.oidcprovider_name for one in listed.oidcproviders.oidcprovider]
    equal(PROVIDER in names, True)

with check("sts-assume-role-with-oidc"):
    create_role(
        "suite-pod",
        trust(
            Principal={"Federated": [f"acs:ram::{account}:oidc-provider/{PROVIDER}"]},
            Condition={
                "StringEquals": {
                    "oidc:iss": [cluster.url],
                    "oidc:aud": [AUDIENCE],
                    "oidc:sub": [SUBJECT],
                }
            },
        ),
    )
    session = assume_with(cluster.token(SUBJECT, AUDIENCE, 3600))
    equal(
        session.assumed_role_user.arn, f"acs:ram::{account}:role/suite-pod/suite"
    )
    equal(session.oidctoken_info.subject, SUBJECT)
    equal(session.oidctoken_info.issuer, cluster.url)
    equal(get(Kms(temporary(session.credentials)), "suite/roles/two"), "two")

with check("sts-oidc-token-of-another-service-account"):
    stranger = "system:serviceaccount:shop:other"
    refused(
        "AuthenticationFail.NoPermission",
        401,
        lambda: assume_with(cluster.token(stranger, AUDIENCE, 3600)),
    )

with check("sts-oidc-token-for-another-audience"):
    refused(
        "AuthenticationFail.OIDCToken.AudienceNotMatch",
        401,
        lambda: assume_with(cluster.token(SUBJECT, "vault", 3600)),
    )

with check("sts-oidc-token-ended"):
    refused(
        "AuthenticationFail.OIDCToken.Expired",
        401,
        lambda: assume_with(cluster.token(SUBJECT, AUDIENCE, -3600)),
    )

with check("sts-oidc-token-by-another-key"):
    forger = issuer.Issuer(cluster.url, issuer.new_key(), cluster.key_id)
    refused(
        "AuthenticationFail.OIDCToken.InvalidSignature",
        401,
        lambda: assume_with(forger.token(SUBJECT, AUDIENCE, 3600)),
    )

with check("sts-oidc-role-for-users-only"):
    refused(
        "AuthenticationFail.NoPermission",
        401,
        lambda: assume_with(cluster.token(SUBJECT, AUDIENCE, 3600), "suite-app"),
    )

with check("ram-delete-role-ends-its-sessions"):
    session = assume("suite-app").credentials
    equal(get(Kms(temporary(session)), "suite/roles/one"), "one")
    ram.detach_policy_from_role(
        ram_models.DetachPolicyFromRoleRequest(role_name="suite-app", **READER)
    )
    ram.delete_role(ram_models.DeleteRoleRequest(role_name="suite-app"))
    create_role("suite-app", document)
    with raises(ClientException) as caught:
        get(Kms(temporary(session)), "suite/roles/one")
    equal(caught.error.code.startswith("InvalidSecurityToken."), True)
    equal(get(Kms(temporary(assume("suite-app").credentials)), "suite/roles/one"), "one")

with check("ims-delete-oidc-provider"):
    ims.delete_oidcprovider(
        ims_models.DeleteOIDCProviderRequest(oidcprovider_name=PROVIDER)
    )
    refused(
        "EntityNotExist.OIDCProvider",
        404,
        lambda: ims.get_oidcprovider(
            ims_models.GetOIDCProviderRequest(oidcprovider_name=PROVIDER)
        ),
    )

finish()
