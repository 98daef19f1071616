"""Stores what the programs that ask the agent will read."""

import os

from alibabacloud_kms20160120 import models
from alibabacloud_kms20160120.client import Client
from alibabacloud_tea_openapi.models import Config

from values import CANARY

SECRETS = {
    "suite/deep/json": '{"name":"秘密","id":12345678901234567890,"ratio":1.10000000000000000001}',
    "suite/deep/text": 'no <json> & "nothing"',
    "suite/aws/two": "first",
    "suite/canary": CANARY,
}

kms = Client(
    Config(
        access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        endpoint=os.environ["KMS_ENDPOINT"],
        protocol="http",
    )
)
for name, value in SECRETS.items():
    kms.create_secret(
        models.CreateSecretRequest(
            secret_name=name, version_id="one", secret_data=value
        )
    )
kms.put_secret_value(
    models.PutSecretValueRequest(
        secret_name="suite/aws/two", version_id="two", secret_data="second"
    )
)
kms.create_secret(
    models.CreateSecretRequest(
        secret_name="suite/aws/binary",
        version_id="one",
        secret_data="AAECf4D/",
        secret_data_type="binary",
    )
)
