"""Stands in for a cluster's issuer of ServiceAccount tokens: an RSA key of its own, the two
documents by which others find it, and tokens as the kubelet projects them.

`issuer.py serve FOLDER` makes a key, listens on a free port, writes FOLDER/issuer, and serves
until it is ended. `issuer.py token FOLDER SUBJECT AUDIENCE SECONDS FILE` puts a token into a
file, in one step.
"""

import base64
import http.server
import json
import os
import pathlib
import sys
import threading
import time

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

DISCOVERY = "/.well-known/openid-configuration"
KEYS = "/openid/v1/jwks"


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Issuer:
    def __init__(self, url, key, key_id="suite-1"):
        self.url, self.key, self.key_id = url, key, key_id

    def documents(self):
        numbers = self.key.public_key().public_numbers()

        def number(value):
            return base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))

        return {
            DISCOVERY: {
                "issuer": self.url,
                "jwks_uri": self.url + KEYS,
                "response_types_supported": ["id_token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            },
            KEYS: {
                "keys": [
                    {
                        "use": "sig",
                        "kty": "RSA",
                        "kid": self.key_id,
                        "alg": "RS256",
                        "n": number(numbers.n),
                        "e": number(numbers.e),
                    }
                ]
            },
        }

    def token(self, subject, audience, seconds, **changes):
        now = int(time.time())
        namespace, _, account = subject.removeprefix("system:serviceaccount:").partition(":")
        claims = {
            "aud": [audience],
            "exp": now + seconds,
            "iat": now,
            "iss": self.url,
            "jti": base64url(os.urandom(12)),
            "kubernetes.io": {
                "namespace": namespace,
                "serviceaccount": {"name": account},
            },
            "nbf": now,
            "sub": subject,
        }
        header = {"alg": "RS256", "kid": self.key_id}
        parts = [
            base64url(json.dumps(part, separators=(",", ":")).encode())
            for part in (header, claims | changes)
        ]
        signed = ".".join(parts)
        signature = self.key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{base64url(signature)}"


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def serve(key):
    """The issuer, and its server, which listens already."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            document = issuer.documents().get(self.path)
            body = json.dumps(document).encode()
            self.send_response(404 if document is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = Issuer(f"http://127.0.0.1:{server.server_port}", key)
    return issuer, server


def serve_beside(key):
    """The issuer, served by a thread until the program ends."""
    issuer, server = serve(key)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return issuer


def replace(path, text):
    """As the kubelet does it: a reader sees the old content or the new."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text)
    beside.chmod(0o640)
    beside.replace(path)


def main(command, folder, *arguments):
    folder = pathlib.Path(folder)
    if command == "serve":
        key = new_key()
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        replace(folder / "issuer.pem", pem.decode())
        issuer, server = serve(key)
        replace(folder / "issuer", issuer.url)
        server.serve_forever()
    if command == "token":
        subject, audience, seconds, file = arguments
        pem = (folder / "issuer.pem").read_bytes()
        key = serialization.load_pem_private_key(pem, None)
        issuer = Issuer((folder / "issuer").read_text(), key)
        replace(pathlib.Path(file), issuer.token(subject, audience, int(seconds)))


if __name__ == "__main__":
    main(*sys.argv[1:])
