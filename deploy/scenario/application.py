"""What a business program does: reads a hosted AccessKey by its name with the official client, and asks
STS who that is. Prints the AccessKey's id; ends with 3, and the code, if KMS refuses.

`application.py shared|instance HOST:PORT SECRET STS-URL`, in the folder of the ClientKey's files.
"""

import json
import logging
import os
import sys

from alibaba_cloud_secretsmanager_client.secret_manager_cache_client_builder import (
    SecretManagerCacheClientBuilder,
)
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest

REGION = "cn-hangzhou"
KEY, PASSWORD, CA = "clientKey.json", "clientKey_Password.txt", "PrivateKmsCA.pem"


def settings(gateway, place):
    if gateway == "shared":
        return {
            "credentials_type": "client_key",
            "client_key_private_key_path": KEY,
            "client_key_password_from_file_path": PASSWORD,
            "cache_client_region_id": json.dumps([{"regionId": REGION, "endpoint": place}]),
        }
    return {
        "cache_client_dkms_config_info": json.dumps(
            [
                {
                    "regionId": REGION,
                    "endpoint": place,
                    "clientKeyFile": KEY,
                    "passwordFromFilePath": PASSWORD,
                    "ignoreSslCerts": False,
                    "caFilePath": CA,
                }
            ]
        )
    }


def whoami(key, sts):
    scheme, host = sts.split("://")
    request = CommonRequest(domain=host, version="2015-04-01", action_name="GetCallerIdentity")
    request.set_method("POST")
    request.set_accept_format("json")
    # The SDK compares by identity.
    request.set_protocol_type("http" if scheme == "http" else "https")
    client = AcsClient(key["AccessKeyId"], key["AccessKeySecret"], REGION, auto_retry=False)
    return json.loads(client.do_action_with_exception(request))["Arn"]


def main():
    gateway, place, name, sts = sys.argv[1:]
    logging.disable()
    os.environ.update(settings(gateway, place))
    try:
        client = SecretManagerCacheClientBuilder.new_client()
        key = json.loads(client.get_secret_value(name))
    except ServerException as error:
        print(error.error_code, flush=True)
        os._exit(3)
    assert whoami(key, sts).endswith("user/" + name.rsplit("/", 1)[1])
    print(key["AccessKeyId"], flush=True)
    # The client's threads would wait for their next turn.
    os._exit(0)


if __name__ == "__main__":
    main()
