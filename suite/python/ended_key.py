"""ClientKeys whose end has come, by the SDK of the instance gateway, which itself does not look at
their dates: the server refuses them. The files are the arguments."""

import os
import pathlib
import sys

from openapi.models import Config
from sdk.client import Client
from sdk.models import GetSecretValueRequest
from Tea.exceptions import TeaException

from checks import check, equal, finish, raises
from values import CLIENT_KEY_PASSWORD

for file in sys.argv[1:]:
    with check(f"refused-{pathlib.Path(file).stem}"):
        kms = Client(
            Config(
                protocol="https",
                endpoint=os.environ["KMS_INSTANCE_ENDPOINT"],
                client_key_file=file,
                password=CLIENT_KEY_PASSWORD,
                ca_file_path=os.environ["KMS_CA_FILE"],
            )
        )
        with raises(TeaException) as caught:
            kms.get_secret_value(GetSecretValueRequest(secret_name="suite/identities"))
        found = (caught.error.code, caught.error.data["httpCode"])
        equal(found, ("InvalidAccessKeyId.Inactive", 400))

finish()
