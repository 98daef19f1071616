"""Writes the cases of this folder with the signers of other people; see README.md."""

import base64
import hashlib
import hmac
import json
import os
from types import SimpleNamespace
from urllib.parse import quote, urlencode

from alibabacloud_gateway_pop.client import Client as GatewayPop
from alibabacloud_openapi_util.client import Client as openapi_util
from alibabacloud_tea_openapi.utils import Utils as tea_openapi
from aliyunsdkcore.auth.algorithm import sha_hmac256
from aliyunsdkcore.auth.composer import rpc_signature_composer as core

HERE = os.path.dirname(os.path.abspath(__file__))
HOST = "kms.cn-hangzhou.aliyuncs.com"
EMPTY = hashlib.sha256(b"").hexdigest()
FORM = "application/x-www-form-urlencoded"
CLIENT_KEY = "KAAP.5b1c1d8e-7a7e-4d5e-9a3e-0c9b3f6a2d11"
STS = "CAIS/token+of=an STS~session"
TEXT = "密码 é ☃ 😀 \"quoted\" back\\slash\ttab\nline"


def enc(text):
    return quote(text, safe="~", encoding="utf-8")


def pairs(params):
    return "&".join(f"{enc(k)}={enc(v)}" for k, v in params.items())


def write(case, request, signed, signature, call):
    folder = os.path.join(HERE, case)
    os.makedirs(folder, exist_ok=True)
    for name, data in (
        ("request.http", request),
        ("signed.txt", signed),
        ("signature.txt", signature.encode()),
        ("call.json", (json.dumps(call, ensure_ascii=False, indent=2) + "\n").encode()),
    ):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)


def http(method, target, headers, body=b""):
    head = [f"{method} {target} HTTP/1.1"] + [f"{k}: {v}" for k, v in headers]
    return ("\r\n".join(head) + "\r\n\r\n").encode() + body


def call(scheme, action, params, nonce, time, ours, token=None, version="2016-01-20", **more):
    return {
        "scheme": scheme, "version": version, "action": action, "host": HOST,
        "access_key_id": CLIENT_KEY if scheme == "rpc-rsa" else "testid", "access_key_secret": "testsecret",
        "security_token": token, "timestamp": time, "nonce": nonce,
        "provider": more.get("provider", ""), "params": params, "format": more.get("format", "Json"),
        "ours": ours,
    }


def rpc(case, params, *, action="GetSecretValue", method="POST", token=None, extra=None,
        query=pairs, form_names=(), ours=False, fmt="JSON", empty_type=False, rsa=False):
    """V1: string to sign by aliyun-python-sdk-core, signature by alibabacloud-openapi-util."""
    nonce, time = "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf", "2024-01-02T03:04:05Z"
    every = {"Action": action, "Version": "2016-01-20", "Format": fmt, "AccessKeyId": "testid",
             "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0",
             "SignatureNonce": nonce, "Timestamp": time, **params, **(extra or {})}
    if empty_type:
        every["SignatureType"] = ""
    if rsa:
        every |= {"AccessKeyId": CLIENT_KEY, "SignatureMethod": "SHA256withRSA", "SignatureType": "PRIVATEKEY"}
    if token:
        every["SecurityToken"] = token
    compose = getattr(core, "__compose_string_to_sign")
    signed = compose(method, every)
    if rsa:
        key = open(os.path.join(HERE, "client-key.der"), "rb").read()
        signature = sha_hmac256.get_sign_string(signed, base64.b64encode(key).decode())
    else:
        signature = getattr(core, "__get_signature")(signed, "testsecret")
    if not rsa and "" not in every.values():  # openapi-util leaves empty values out
        assert signature == openapi_util.get_rpcsignature(every, method, "testsecret"), case
    every["Signature"] = signature
    if form_names == "all":
        form_names = tuple(every)
    form = {k: v for k, v in every.items() if k in form_names}
    rest = {k: v for k, v in every.items() if k not in form_names}
    headers = [("Host", HOST), ("x-acs-action", action), ("x-acs-version", "2016-01-20")]
    if form:
        headers.append(("Content-Type", FORM))
    target = "/?" + query(rest) if rest else "/"
    business = {**params, **(extra or {})}
    write(case, http(method, target, headers, pairs(form).encode()), signed.encode(), signature,
          call("rpc-rsa" if rsa else "rpc", action, business, nonce, time, ours, token,
               format=fmt.capitalize()))


class Recorder:
    """Keeps what a signer hashes: the canonical request."""

    def __init__(self, signer):
        self.signer, self.hash = signer, signer.hash

    def __call__(self, raw, kind):
        self.seen = raw
        return self.hash(raw, kind)


def acs3(case, params, *, signer=openapi_util, action="GetSecretValue", method="POST", token=None,
         headers=None, unsigned=None, form=None, ours=False, provider=""):
    """V3 by the signer given, which signs every header that it is shown."""
    nonce, time = "d410180a5abf7fe235dd9b74aca91fc0", "2024-01-02T03:04:05Z"
    body = pairs(form).encode() if form else b""
    payload = hashlib.sha256(body).hexdigest()
    shown = {"host": HOST, "x-acs-action": action, "x-acs-version": "2016-01-20",
             "x-acs-date": time, "x-acs-signature-nonce": nonce,
             "x-acs-content-sha256": payload, **(headers or {})}
    if token:
        shown |= {"x-acs-security-token": token, "x-acs-accesskey-id": "testid"}
    if provider:
        shown["x-acs-credentials-provider"] = provider
    if form:
        shown["content-type"] = FORM
    recorder = Recorder(signer)
    signer.hash = staticmethod(recorder)
    request = SimpleNamespace(method=method, pathname="/", query=params, headers=shown)
    authorization = signer.get_authorization(request, "ACS3-HMAC-SHA256", payload, "testid", "testsecret")
    signer.hash = staticmethod(recorder.hash)
    sent = [*shown.items(), *(unsigned or {}).items(), ("authorization", authorization)]
    target = "/?" + pairs(params) if params else "/"
    write(case, http(method, target, sent, body), recorder.seen,
          authorization.split("Signature=")[1],
          call("acs3", action, {**params, **(form or {})}, nonce, time, ours, token, provider=provider))


def acs4(case, params, *, region, token=None, action="GetSecretValue", form=None):
    """V4 by alibabacloud-gateway-pop."""
    nonce, time, date = "d410180a5abf7fe235dd9b74aca91fc0", "2024-01-02T03:04:05Z", "20240102"
    algorithm, gateway = "ACS4-HMAC-SHA256", GatewayPop()
    body = pairs(form).encode() if form else b""
    payload = hashlib.sha256(body).hexdigest()
    headers = {"host": HOST, "x-acs-version": "2016-01-20", "user-agent": "any", "x-acs-date": time,
               "x-acs-signature-nonce": nonce, "accept": "application/json", "x-acs-action": action}
    if form:
        headers["content-type"] = FORM
    headers |= {"x-acs-content-sha256": payload, "x-acs-credentials-provider": "static_ak"}
    if token:
        headers |= {"x-acs-accesskey-id": "testid", "x-acs-security-token": token}
    key = gateway.get_signingkey(algorithm, "testsecret", "Kms", region, date)
    authorization = gateway.get_authorization("/", "POST", params, headers, algorithm, payload,
                                              "testid", key, "Kms", region, date)
    names = gateway.get_signed_headers(headers)
    signed = "\n".join(["POST", "/", gateway.build_canonicalized_resource(params),
                        gateway.build_canonicalized_headers(headers), ";".join(names), payload])
    sent = [*headers.items(), ("Authorization", authorization)]
    target = "/?" + pairs(params) if params else "/"
    write(case, http("POST", target, sent, body), signed.encode(), authorization.split("Signature=")[1],
          call("acs4 " + region, action, {**params, **(form or {})}, nonce, time, True, token,
               provider="static_ak"))


def acs3_by_hand(case):
    """No signer at hand takes one header twice or trims; the rule of the documentation, written out."""
    lines = [("host", HOST), ("x-acs-action", "GetSecretValue"), ("x-acs-content-sha256", EMPTY),
             ("x-acs-custom", "a,b"), ("x-acs-date", "2024-01-02T03:04:05Z"),
             ("x-acs-signature-nonce", "n1"), ("x-acs-version", "2016-01-20")]
    names = ";".join(name for name, _ in lines)
    canonical = "POST\n/\nSecretName=x\n" + "".join(f"{k}:{v}\n" for k, v in lines) + f"\n{names}\n{EMPTY}"
    to_sign = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    signature = hmac.new(b"testsecret", to_sign.encode(), hashlib.sha256).hexdigest()
    sent = [("Host", HOST), ("x-acs-custom", "  b \t"), ("X-Acs-Action", "GetSecretValue"),
            ("x-acs-content-sha256", EMPTY), ("x-acs-date", "2024-01-02T03:04:05Z"),
            ("x-acs-signature-nonce", "n1"), ("x-acs-custom", "a"), ("x-acs-version", " 2016-01-20"),
            ("Authorization", f"ACS3-HMAC-SHA256 Credential=testid,SignedHeaders={names},Signature={signature}")]
    write(case, http("POST", "/?SecretName=x", sent), canonical.encode(), signature,
          call("acs3", "GetSecretValue", {"SecretName": "x"}, "n1", "2024-01-02T03:04:05Z", False))


reference = {"SecretName": "app/db*1~x y", "VersionStage": "ACSCurrent"}
create = {"SecretName": "app/db", "SecretData": TEXT, "VersionId": "v1", "Description": ""}
region = {"RegionId": "cn-hangzhou"}

rpc("rpc-reference", reference, ours=True)
rpc("rpc-sts", reference, token=STS, ours=True)
rpc("rpc-text", create, action="CreateSecret", ours=True)
rpc("rpc-python-core", reference, extra=region, empty_type=True)
rpc("rpc-xml", reference, extra=region, fmt="XML")
rpc("rpc-form", create, action="CreateSecret", fmt="json", form_names=tuple(create))
rpc("rpc-all-in-form", create, action="CreateSecret", form_names="all")
rpc("rpc-get", reference, method="GET")
rpc("rpc-java-plus", reference, query=urlencode)
rpc("rpc-long", {**create, "SecretData": "密" * 2000}, action="CreateSecret", ours=True, form_names="all")

rpc("rpc-client-key", reference, rsa=True, ours=True)
rpc("rpc-client-key-xml", reference, rsa=True, extra=region, fmt="XML")

acs4("acs4-reference", reference, region="cn-hangzhou")
acs4("acs4-sts", reference, region="center", token="CAIS/token+of=an-STS~session")
acs4("acs4-text", create, region="cn-hangzhou", action="CreateSecret")

acs3("acs3-reference", reference, ours=True)
acs3("acs3-sts", reference, token="CAIS/token+of=an-STS~session", ours=True, provider="default/env")
acs3("acs3-text", create, action="CreateSecret", ours=True, unsigned={"user-agent": "any"})
acs3("acs3-python", reference, signer=tea_openapi, provider="static_ak",
     headers={"accept": "application/json", "content-type": FORM,
              "user-agent": "AlibabaCloud (Linux; x86_64) Python/3.11.7 Core/0.4.6 TeaDSL/2"})
acs3("acs3-get", {"ClientKeyId": "KAAP.1"}, action="GetClientKey", method="GET", signer=tea_openapi, ours=True)
acs3("acs3-form", {"SecretName": "app/db"}, form={"SecretData": TEXT, "VersionId": "v 1"},
     action="PutSecretValue", signer=tea_openapi)
# The body's bytes are signed, and ours is sorted.
acs3("acs3-long", {}, form=dict(sorted({**create, "SecretData": "密" * 2000}.items())),
     action="CreateSecret", ours=True)
acs3("acs3-name-as-it-is", {"SecretName": "x", "ExtendedConfig.CustomData.#2#负责": "值"},
     action="UpdateSecret", signer=tea_openapi)
acs3_by_hand("acs3-header-twice")
