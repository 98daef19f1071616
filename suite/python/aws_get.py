"""A program written for the AWS Secrets Manager Agent's GET route; its port and the name of its
token's header are all that changed. ResponseType 1."""

import json
import os
import urllib.error
import urllib.parse
import urllib.request

from checks import check, equal, finish, raises, token
from values import CANARY

URL = os.environ["KMS_AGENT"]


def get_secret(secret_id, headers=None, **choice):
    """As its README shows: the token from its file, the id in the query."""
    if headers is None:
        headers = {"X-KMS-Token": token()}
    query = urllib.parse.urlencode({"secretId": secret_id, **choice})
    request = urllib.request.Request(
        f"{URL}/secretsmanager/get?{query}", headers=headers
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())


def refused(status, call):
    with raises(urllib.error.HTTPError) as caught:
        call()
    equal(caught.error.code, status)
    return json.loads(caught.error.read())


with check("aws-read"):
    answer = get_secret("agent-test")
    equal(json.loads(answer["SecretString"]), {"k3": "v3"})
    equal((answer["Name"], answer["VersionId"]), ("agent-test", "v2"))
    equal(answer["VersionStages"], ["ACSCurrent"])
    equal(sorted(answer), sorted(
        ["ARN", "Name", "VersionId", "SecretString", "VersionStages", "CreatedDate"]
    ))

with check("aws-read-by-path"):
    request = urllib.request.Request(
        f"{URL}/v1/agent-test", headers={"X-KMS-Token": token()}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        equal(json.loads(answer.read())["SecretString"], '{"k3":"v3"}')

with check("aws-read-version"):
    answer = get_secret("suite/aws/two", versionId="one")
    equal((answer["SecretString"], answer["VersionId"]), ("first", "one"))

with check("aws-read-stage"):
    answer = get_secret("suite/aws/two", versionStage="ACSPrevious")
    equal((answer["SecretString"], answer["VersionId"]), ("first", "one"))
    equal(get_secret("suite/aws/two")["SecretString"], "second")

with check("aws-binary"):
    answer = get_secret("suite/aws/binary")
    equal(answer["SecretBinary"], "AAECf4D/")
    equal("SecretString" in answer, False)

with check("aws-canary"):
    equal(get_secret("suite/canary")["SecretString"], CANARY)

with check("aws-miss"):
    body = refused(404, lambda: get_secret("nowhere"))
    equal("__type" in body, True)

with check("aws-without-token"):
    refused(403, lambda: get_secret("agent-test", headers={}))

with check("aws-wrong-token"):
    refused(403, lambda: get_secret("agent-test", headers={"X-KMS-Token": "wrong"}))

with check("aws-forwarded"):
    refused(
        400,
        lambda: get_secret(
            "agent-test",
            headers={"X-KMS-Token": token(), "X-Forwarded-For": "10.0.0.1"},
        ),
    )

finish()
