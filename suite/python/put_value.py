"""`put_value.py NAME VERSION VALUE`: gives a secret another value, through the SDK."""

import os
import sys

from alibabacloud_kms20160120 import models
from alibabacloud_kms20160120.client import Client
from alibabacloud_tea_openapi.models import Config

name, version, value = sys.argv[1:]
Client(
    Config(
        access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        endpoint=os.environ["KMS_ENDPOINT"],
        protocol="http",
    )
).put_secret_value(
    models.PutSecretValueRequest(
        secret_name=name, version_id=version, secret_data=value
    )
)
