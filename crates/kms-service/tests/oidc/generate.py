"""Writes the cases of this folder with PyJWT and cryptography; see README.md."""

import base64
import json
import os

import jwt
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

HERE = os.path.dirname(os.path.abspath(__file__))
NOW = 1735891157  # 2025-01-03T07:59:17Z
ISSUER = "https://issuer.example/c1"
CLIENTS = ["sts.aliyuncs.com", "app"]
SUBJECT = "system:serviceaccount:default:app"

CLAIMS = {"iss": ISSUER, "sub": SUBJECT, "aud": "sts.aliyuncs.com", "iat": NOW - 60, "nbf": NOW - 60, "exp": NOW + 3540}


def b64(data):
    if isinstance(data, (dict, list)):
        data = json.dumps(data, separators=(",", ":"))
    if isinstance(data, str):
        data = data.encode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def number(value, size=None):
    size = size or (value.bit_length() + 7) // 8
    return b64(value.to_bytes(size, "big"))


def rsa_jwk(key, kid, **more):
    public = key.public_key().public_numbers()
    return {"kty": "RSA", "kid": kid, "n": number(public.n), "e": number(public.e), **more}


def ec_jwk(key, kid, **more):
    public = key.public_key().public_numbers()
    size = (key.curve.key_size + 7) // 8
    name = {256: "P-256", 384: "P-384"}[key.curve.key_size]
    return {"kty": "EC", "crv": name, "kid": kid, "x": number(public.x, size), "y": number(public.y, size), **more}


RSA = rsa.generate_private_key(65537, 2048)
RSA2 = rsa.generate_private_key(65537, 3072)
OTHER = rsa.generate_private_key(65537, 2048)
WEAK = rsa.generate_private_key(65537, 1024)
P256 = ec.generate_private_key(ec.SECP256R1())
P384 = ec.generate_private_key(ec.SECP384R1())

numbers = RSA.public_key().public_numbers()
KEYS = [
    {"kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": b64(bytes(32))},
    {"kty": "oct", "kid": "shared", "k": b64(b"a shared secret of some length..")},
    {"kty": "RSA", "kid": "half", "e": "AQAB"},
    "not an object",
    rsa_jwk(RSA, "rsa", use="sig", alg="RS256", x5c=["bm90IGxvb2tlZCBhdA"], more={"is": "ignored"}),
    rsa_jwk(RSA2, "any"),
    rsa_jwk(RSA2, "enc", use="enc"),
    rsa_jwk(RSA2, "ops", key_ops=["encrypt"]),
    rsa_jwk(RSA2, "rs384", alg="RS384"),
    rsa_jwk(WEAK, "weak"),
    ec_jwk(P256, "p256", use="sig", key_ops=["verify"]),
    ec_jwk(P384, "p384"),
    # The same name twice: either may have signed.
    rsa_jwk(OTHER, "twice"),
    ec_jwk(P256, "twice"),
    # No point of the curve.
    {"kty": "EC", "crv": "P-256", "kid": "off", "x": b64(bytes(31) + b"\1"), "y": b64(bytes(31) + b"\1")},
    # Wrong curve for the length.
    {**ec_jwk(P384, "long"), "crv": "P-256"},
    # A leading zero, as some write numbers.
    {**rsa_jwk(RSA2, "zero"), "n": b64(b"\0" + RSA2.public_key().public_numbers().n.to_bytes(384, "big"))},
]

cases = []


def case(name, token, answer="ok", later=0):
    made = {"name": name, "token": token, "answer": answer}
    if later:
        made["later"] = later
    cases.append(made)


def signed(key, alg, kid, claims=None, header=None):
    headers = {"kid": kid} if kid is not None else {}
    headers.update(header or {})
    return jwt.encode(claims or CLAIMS, key, algorithm=alg, headers=headers)


def raw(header, payload, sign=None):
    """A token of parts that no library would write, signed by RS256 with the key `rsa`."""
    text = f"{header if isinstance(header, str) else b64(header)}.{payload if isinstance(payload, str) else b64(payload)}"
    signature = (sign or (lambda data: RSA.sign(data, padding.PKCS1v15(), hashes.SHA256())))(text.encode())
    return f"{text}.{b64(signature)}"


def with_claims(**changes):
    claims = {**CLAIMS, **changes}
    return {name: value for name, value in claims.items() if value is not None}


def claims(name, answer="ok", later=0, **changes):
    changed = with_claims(**changes)
    # The library does not write claims of wrong types.
    case(name, signed(RSA, "RS256", "rsa", changed) if answer == "ok" else raw(HEADER, changed), answer, later)


FAIL = "AuthenticationFail.OIDCToken."
INVALID, EXPIRED, SIGNATURE, AUDIENCE = (FAIL + end for end in ["Invalid", "Expired", "InvalidSignature", "AudienceNotMatch"])
HEADER = {"alg": "RS256", "kid": "rsa"}

# What is believed.
for alg in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]:
    case(f"{alg} by a key without alg", signed(RSA2, alg, "any"))
case("RS256 by a key of RS256", signed(RSA, "RS256", "rsa"))
case("RS384 by a key of RS384", signed(RSA2, "RS384", "rs384"))
case("ES256", signed(P256, "ES256", "p256"))
case("ES384", signed(P384, "ES384", "p384"))
case("one of two keys of a name: RSA", signed(OTHER, "RS256", "twice"))
case("one of two keys of a name: EC", signed(P256, "ES256", "twice"))
case("a modulus with a leading zero", signed(RSA2, "RS256", "zero"))
case("no kid, and one key that can have signed", signed(P384, "ES384", None))
case("without typ", signed(RSA, "RS256", "rsa", header={"typ": None}))
case("a key in the header is not looked at", signed(RSA, "RS256", "rsa", header={"jwk": rsa_jwk(OTHER, "x"), "jku": "https://evil.example/", "x5u": "https://evil.example/"}))
claims("one of two clients", aud=["someone", "app"])
claims("times with fractions", iat=NOW - 60.5, nbf=NOW - 60.25, exp=NOW + 3540.75)
claims("without nbf", nbf=None)
claims("claims that nobody asked for", **{"kubernetes.io": {"namespace": "default", "sub": "x"}, "email": "a@b.example"})

# Times, with 30 seconds for clocks that differ.
claims("a second before its end", later=3540 + 29)
claims("at its end", EXPIRED, later=3540 + 30)
claims("long over", EXPIRED, later=86400 * 400)
claims("not yet, but nearly", nbf=NOW + 30)
claims("not yet", INVALID, nbf=NOW + 31)
claims("issued in a moment", iat=NOW + 30)
claims("issued in the future", INVALID, iat=NOW + 31)
claims("issued 12 hours ago", iat=NOW - 43200 - 30, exp=NOW + 86400)
claims("issued longer ago", EXPIRED, iat=NOW - 43200 - 31, exp=NOW + 86400)
claims("no end", INVALID, exp=None)
claims("never issued", INVALID, iat=None)
for name, value in [("text", str(NOW + 60)), ("null", 0), ("a list", [NOW + 60]), ("true", True), ("an object", {}), ("beyond all time", 10**18)]:
    claims(f"its end is {name}", EXPIRED if value == 0 else INVALID, exp=value)
claims("its end is negative", EXPIRED, exp=-5)
payload = json.dumps(CLAIMS, separators=(",", ":"))
case("its end is 1e400", raw(HEADER, b64(payload.replace(str(NOW + 3540), "1e400"))), INVALID)
case("its end is NaN", raw(HEADER, b64(payload.replace(str(NOW + 3540), "NaN"))), INVALID)

# Whose and for whom.
claims("another issuer", INVALID, iss="https://evil.example")
claims("the issuer with a slash behind", INVALID, iss=ISSUER + "/")
claims("the issuer in capitals", INVALID, iss=ISSUER.upper())
claims("a list of issuers", INVALID, iss=[ISSUER])
claims("no issuer", INVALID, iss=None)
claims("another client", AUDIENCE, aud="kubernetes")
claims("a client that begins alike", AUDIENCE, aud="app2")
claims("a client in capitals", AUDIENCE, aud="APP")
claims("other clients", AUDIENCE, aud=["a", "b"])
claims("an empty list of clients", AUDIENCE, aud=[])
claims("no client", INVALID, aud=None)
claims("a client that is a number", INVALID, aud=7)
claims("clients that are not all text", INVALID, aud=["app", 7])
claims("nobody", INVALID, sub=None)
claims("an empty subject", INVALID, sub="")
claims("a subject that is a number", INVALID, sub=7)

# Who signed.
case("alg none", f'{b64({"alg": "none", "kid": "rsa"})}.{b64(CLAIMS)}.', INVALID)
case("alg none with a signature", raw({"alg": "none", "kid": "rsa"}, CLAIMS), INVALID)
for alg in ["None", "NONE", "nOnE", "rs256", "RS1", "", "EdDSA", "ES512", "ES256K", "RSA-OAEP", "dir"]:
    case(f"alg {alg!r}", raw({"alg": alg, "kid": "rsa"}, CLAIMS), INVALID)
case("alg a list", raw({"alg": ["RS256"], "kid": "rsa"}, CLAIMS), INVALID)
case("no alg", raw({"kid": "rsa"}, CLAIMS), INVALID)
pem = RSA.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
der = RSA.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def mac(secret):
    def sign(data):
        code = hmac.HMAC(secret, hashes.SHA256())
        code.update(data)
        return code.finalize()

    return sign


for name, secret in [("PEM", pem), ("DER", der), ("modulus", numbers.n.to_bytes(256, "big"))]:
    case(f"HS256 with the public key as its secret: {name}", raw({"alg": "HS256", "kid": "rsa"}, CLAIMS, mac(secret)), INVALID)
case("HS256 with the secret in the key set", raw({"alg": "HS256", "kid": "shared"}, CLAIMS, mac(b"a shared secret of some length..")), INVALID)
case("another key", signed(OTHER, "RS256", "rsa"), SIGNATURE)
case("another key of EC", signed(ec.generate_private_key(ec.SECP256R1()), "ES256", "p256"), SIGNATURE)
case("a key in the header, which signed", signed(OTHER, "RS256", "rsa", header={"jwk": rsa_jwk(OTHER, "rsa")}), SIGNATURE)
case("a kid that nobody has", signed(RSA, "RS256", "unknown"), SIGNATURE)
case("a kid that is a path", signed(RSA, "RS256", "../../dev/null"), SIGNATURE)
case("an empty kid", signed(RSA, "RS256", ""), SIGNATURE)
case("a kid that is a number", raw({"alg": "RS256", "kid": 1}, CLAIMS), INVALID)
case("no kid, and several keys that can have signed", signed(RSA, "RS256", None), SIGNATURE)
case("a key of another algorithm", signed(RSA2, "RS256", "rs384"), SIGNATURE)
case("PS256 by a key of RS256", signed(RSA, "PS256", "rsa"), SIGNATURE)
case("a key that is for encryption", signed(RSA2, "RS256", "enc"), SIGNATURE)
case("a key that may not verify", signed(RSA2, "RS256", "ops"), SIGNATURE)
case("a key of 1024 bits", signed(WEAK, "RS256", "weak"), SIGNATURE)
case("RS256 by the name of a key of EC", signed(RSA, "RS256", "p256"), SIGNATURE)
case("ES256 by the name of a key of RSA", signed(P256, "ES256", "rsa"), SIGNATURE)
case("ES384 by the name of a key of P-256", signed(P384, "ES384", "p256"), SIGNATURE)
case("a key that is no point", signed(P256, "ES256", "off"), SIGNATURE)
case("a point of another curve", signed(P384, "ES384", "long"), SIGNATURE)
case("ES256 in DER", raw({"alg": "ES256", "kid": "p256"}, CLAIMS, lambda data: P256.sign(data, ec.ECDSA(hashes.SHA256()))), SIGNATURE)
case("ES256 of zeros", raw({"alg": "ES256", "kid": "p256"}, CLAIMS, lambda data: bytes(64)), SIGNATURE)
case("RS256 of zeros", raw(HEADER, CLAIMS, lambda data: bytes(256)), SIGNATURE)
case("RS256 of nothing", raw(HEADER, CLAIMS, lambda data: b""), INVALID)
case("PSS with another salt", raw({"alg": "PS256", "kid": "any"}, CLAIMS, lambda data: RSA2.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 0), hashes.SHA256())), SIGNATURE)

# Parts that were changed, or are none.
good = signed(RSA, "RS256", "rsa")
header, body, signature = good.split(".")
case("other claims under the signature", f"{header}.{b64(with_claims(sub='admin'))}.{signature}", SIGNATURE)
case("another header over the signature", f"{b64({'alg': 'RS256', 'kid': 'rsa', 'x': 1})}.{body}.{signature}", SIGNATURE)
case("a signature cut short", good[:-2], SIGNATURE)
case("a signature with more behind it", good + "AAAA", SIGNATURE)
case("a signature in standard base64", f"{header}.{body}.{base64.b64encode(base64.urlsafe_b64decode(signature + '==')).decode()}", INVALID)
case("claims cut short", f"{header}.{body[:-8]}.{signature}", INVALID)
for name, token in [
    ("nothing", "....."), ("two parts", f"{header}.{body}"), ("four parts", f"{good}.{signature}"), ("five parts", f"{good}.{body}.{header}"),
    ("no header", f".{body}.{signature}"), ("no claims", f"{header}..{signature}"), ("no signature", f"{header}.{body}."),
    ("two signatures", json.dumps({"payload": body, "signatures": [{"protected": header, "signature": signature}, {"protected": header, "signature": signature}]})),
    ("JSON", json.dumps({"payload": body, "protected": header, "signature": signature})),
    ("a space before", " " + good), ("a line feed behind", good + "\n"), ("a space between", f"{header}. {body}.{signature}"),
    ("Bearer before", "Bearer " + good), ("in quotes", f'"{good}"'), ("padding", f"{header}==.{body}.{signature}"),
    ("base64 once more", b64(good)), ("no base64", "a!b.c#d.e$f"), ("letters beyond ASCII", "ключ.ключ.ключ"), ("a NUL", good + "\0"),
]:
    case(name, token, INVALID)
for name, text in [
    ("a list", "[]"), ("text", '"text"'), ("null", "null"), ("cut short", payload[:-1]), ("with more behind", payload + "{}"), ("XML", "<claims/>"),
    ("deeply nested", '{"a":' * 500 + "1" + "}" * 500),
]:
    case(f"claims that are {name}", raw(HEADER, b64(text)), INVALID)
    case(f"a header that is {name}", raw(b64(text), CLAIMS), INVALID)
case("claims that are no UTF-8", raw(HEADER, b64(payload.encode().replace(b"app", b"\xff\xfe"))), INVALID)
for name, first, second in [
    ("sub", f'"sub":"{SUBJECT}"', '"sub":"admin"'),
    ("iss", f'"iss":"{ISSUER}"', '"iss":"https://evil.example"'),
    ("aud", '"aud":"sts.aliyuncs.com"', '"aud":["x"]'),
    ("exp", f'"exp":{NOW + 3540}', f'"exp":{NOW + 999999}'),
]:
    assert first in payload
    case(f"{name} twice", raw(HEADER, b64(payload.replace(first, f"{second},{first}"))), INVALID)
case("sub twice, once in escapes", raw(HEADER, b64(payload.replace('"sub":', '"s\\u0075b":"admin","sub":'))), INVALID)
case("alg twice", raw(b64('{"alg":"none","alg":"RS256","kid":"rsa"}'), CLAIMS), INVALID)
case("kid twice", raw(b64('{"alg":"RS256","kid":"any","kid":"rsa"}'), CLAIMS), INVALID)
case("crit", signed(RSA, "RS256", "rsa", header={"crit": ["exp"], "exp": NOW}), INVALID)
case("crit and b64", raw({"alg": "RS256", "kid": "rsa", "b64": False, "crit": ["b64"]}, CLAIMS), INVALID)
case("an empty crit", raw({"alg": "RS256", "kid": "rsa", "crit": []}, CLAIMS), INVALID)

# The library that wrote the good ones believes them, too.
for entry in cases:
    if entry["answer"] == "ok" and "kid" in jwt.get_unverified_header(entry["token"]):
        kid, alg = (jwt.get_unverified_header(entry["token"])[name] for name in ["kid", "alg"])
        found = [jwt.PyJWK(key) for key in KEYS if isinstance(key, dict) and key["kid"] == kid and key["kty"] == {"E": "EC"}.get(alg[0], "RSA")]
        jwt.decode(entry["token"], found[0].key, algorithms=[alg], audience=CLIENTS, issuer=ISSUER, options={"verify_exp": False, "verify_iat": False, "verify_nbf": False})


def write(name, value):
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as out:
        out.write(value + "\n")


write("jwks.json", json.dumps({"keys": KEYS}, indent=1))
lines = ",\n    ".join(json.dumps(entry, ensure_ascii=False) for entry in cases)
write("cases.json", f'{{\n  "now": "2025-01-03T07:59:17Z",\n  "issuer": "{ISSUER}",\n  "clients": {json.dumps(CLIENTS)},\n  "subject": "{SUBJECT}",\n  "cases": [\n    {lines}\n  ]\n}}')
