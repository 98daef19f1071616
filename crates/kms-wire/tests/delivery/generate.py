"""Writes oss.json, s3.json and sls.json: requests as the official SDKs sign them.

Run once with the packages oss2 2.19.1, botocore 1.44.8 and aliyun-log-python-sdk 0.9.52. Nothing
is sent: the SDKs' clocks are stopped and what they would send is caught.
"""

import base64
import datetime
import hashlib
import json
import pathlib

import aliyun.log.auth
import botocore.auth
import oss2
import oss2.auth
from aliyun.log import LogClient, LogItem, PutLogsRequest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from oss2.credentials import StaticCredentialsProvider

HERE = pathlib.Path(__file__).parent
NOW = datetime.datetime(2026, 11, 29, 4, 5, 6)


class Stopped(datetime.datetime):
    @classmethod
    def utcnow(cls):
        return cls(*NOW.timetuple()[:6])


class Caught(Exception):
    pass


def oss():
    oss2.auth.datetime = Stopped
    cases = []
    for name, bucket, region, key, token, headers, body in [
        ("plain", "audit-archive", "cn-hangzhou", "AliyunLogs/Config/1/a.json", None, {}, b"{}"),
        ("token", "audit-archive", "cn-hangzhou", "a.json", "CAISexample+/=", {}, b'{"a":1}'),
        (
            "odd-name",
            "b-1",
            "ap-southeast-1",
            "a b/\u00e4+%~/c=d&e.json",
            None,
            {"x-oss-server-side-encryption": "AES256"},
            b"\x00\x01",
        ),
        (
            "kms",
            "b-1",
            "cn-beijing",
            "x",
            "t",
            {"x-oss-server-side-encryption": "KMS"},
            b"",
        ),
    ]:
        provider = StaticCredentialsProvider("LTAI5tExampleOss", "oss-example-secret", token)
        digest = base64.b64encode(hashlib.md5(body).digest()).decode()
        said = {"Content-Type": "application/json", "Content-MD5": digest, **headers}
        request = oss2.http.Request(
            "PUT", f"https://{bucket}.oss-{region}.aliyuncs.com/x", body, {}, dict(said),
            region=region, product="oss",
        )
        oss2.ProviderAuthV4(provider)._sign_request(request, bucket, key)
        sent = {k.lower(): v for k, v in request.headers.items()}
        for own in ("accept-encoding", "user-agent"):
            sent.pop(own, None)
        cases.append({
            "name": name, "bucket": bucket, "region": region, "key": key, "token": token,
            "encryption": headers.get("x-oss-server-side-encryption"),
            "body": body.hex(), "headers": sent,
        })
    return cases


def s3():
    botocore.auth.get_current_datetime = lambda: NOW
    cases = []
    for name, host, path, bucket, region, key, token, encryption, body in [
        ("host", "audit.s3.eu-central-1.amazonaws.com", "/Config/1/a.json", None, "eu-central-1",
         "Config/1/a.json", None, None, b"{}"),
        ("path", "127.0.0.1:9000", "/audit/a%20b/%C3%A4%2B%25~/c%3Dd%26e.json", "audit", "us-east-1",
         "a b/\u00e4+%~/c=d&e.json", None, "AES256", b"\x00\x01"),
        ("token", "s3.internal", "/b/x", "b", "us-east-1", "x", "t+/=", "aws:kms", b""),
    ]:
        headers = {"Content-Type": "application/json"}
        if encryption:
            headers["x-amz-server-side-encryption"] = encryption
        request = AWSRequest("PUT", f"https://{host}{path}", headers, body)
        credentials = Credentials("ExampleS3", "s3-example-secret", token)
        auth = botocore.auth.S3SigV4Auth(credentials, "s3", region)
        auth.add_auth(request)
        cases.append({
            "name": name, "host": host, "path": path, "bucket": bucket, "region": region,
            "key": key, "token": token, "encryption": encryption, "body": body.hex(),
            "headers": {k.lower(): v for k, v in request.headers.items()},
        })
    return cases


def sls():
    aliyun.log.auth.datetime = Stopped
    cases = []
    for name, topic, token, contents in [
        ("plain", "NonCompliantNotification", None, [("accountId", "1"), ("annotation", '{"a":"b"}')]),
        ("token", "", "CAISexample+/=", [("k", "\u00e4"), ("", "")]),
        ("long", "t", None, [("k", "v" * 300)]),
    ]:
        client = LogClient(
            "https://cn-hangzhou.log.aliyuncs.com", "LTAI5tExampleSls", "sls-example-secret", token,
            source="kms-server",
        )

        def caught(method, url, params, body, headers, *_more):
            cases.append({
                "name": name, "url": url, "method": method, "topic": topic, "token": token,
                "contents": contents, "body": body.hex(),
                "headers": {k.lower(): v for k, v in headers.items()
                            if k.lower() not in ("content-length", "user-agent")},
            })
            raise Caught

        client._sendRequest = caught
        seconds = int(NOW.replace(tzinfo=datetime.timezone.utc).timestamp())
        item = LogItem(seconds, contents, 7_000_000)
        request = PutLogsRequest("audit", "findings", topic, "kms-server", [item], compress=False)
        try:
            client.put_logs(request)
        except Caught:
            pass
    return cases


for name, cases in [("oss", oss()), ("s3", s3()), ("sls", sls())]:
    text = json.dumps(cases, indent=1, ensure_ascii=False, sort_keys=True)
    (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")
