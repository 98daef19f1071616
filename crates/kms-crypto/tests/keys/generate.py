"""Writes the cases of this folder; see README.md."""

import json
import os
import struct
import subprocess
import tempfile

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

HERE = os.path.dirname(os.path.abspath(__file__))
MESSAGE = b"a message made elsewhere"
DER = serialization.Encoding.DER
PEM = serialization.Encoding.PEM


def halves(key):
    return {
        "pkcs8": key.private_bytes(
            DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).hex(),
        "public": key.public_key()
        .public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode(),
    }


def of_rsa(bits):
    key = rsa.generate_private_key(65537, bits)
    public = key.public_key()

    def oaep(digest):
        how = padding.OAEP(padding.MGF1(digest), digest, None)
        return public.encrypt(MESSAGE, how).hex()

    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    return halves(key) | {
        "encrypted": {
            "RSAES_OAEP_SHA_1": oaep(hashes.SHA1()),
            "RSAES_OAEP_SHA_256": oaep(hashes.SHA256()),
        },
        "signed": {
            "RSA_PSS_SHA_256": key.sign(MESSAGE, pss, hashes.SHA256()).hex(),
            "RSA_PKCS1_SHA_256": key.sign(MESSAGE, padding.PKCS1v15(), hashes.SHA256()).hex(),
        },
    }


def of_ec(curve):
    key = ec.generate_private_key(curve)
    return halves(key) | {
        "encrypted": {},
        "signed": {"ECDSA_SHA_256": key.sign(MESSAGE, ec.ECDSA(hashes.SHA256())).hex()},
    }


def of_sm2():
    with tempfile.TemporaryDirectory() as folder:

        def openssl(*words):
            return subprocess.run(
                ("openssl",) + words, cwd=folder, check=True, capture_output=True
            ).stdout

        with open(os.path.join(folder, "message"), "wb") as file:
            file.write(MESSAGE)
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "key")
        openssl("pkey", "-in", "key", "-pubout", "-out", "public")
        return {
            "pkcs8": openssl("pkcs8", "-topk8", "-nocrypt", "-in", "key", "-outform", "DER").hex(),
            "public": openssl("pkey", "-in", "key", "-pubout").decode(),
            "encrypted": {
                "SM2PKE": openssl(
                    "pkeyutl", "-encrypt", "-pubin", "-inkey", "public", "-in", "message"
                ).hex()
            },
            "signed": {
                "SM2DSA": openssl(
                    *"pkeyutl -sign -inkey key -in message -rawin -digest sm3".split(),
                    "-pkeyopt",
                    "distid:1234567812345678",
                ).hex()
            },
        }


def blob():
    version = "2ab1a983-7072-4bbc-a582-584b5bd8f0e1"
    key, nonce = bytes(range(32)), bytes(range(100, 112))
    facts = ["kms/ciphertext/1", version, "Aliyun_AES_256", "context", "app", "db", "é", ""]
    bound = b"".join(struct.pack(">Q", len(fact.encode())) + fact.encode() for fact in facts)
    text = AESGCM(key).encrypt(nonce, MESSAGE, bound)
    return {
        "key": key.hex(),
        "version": version,
        "context": {"é": "", "app": "db"},
        "blob": (version.encode() + b"\x01" + nonce + text).hex(),
    }


def write(name, content):
    with open(os.path.join(HERE, name), "w") as file:
        json.dump(content, file, indent=1, ensure_ascii=False)
        file.write("\n")


write(
    "elsewhere.json",
    {
        "RSA_2048": of_rsa(2048),
        "RSA_3072": of_rsa(3072),
        "RSA_4096": of_rsa(4096),
        "EC_P256": of_ec(ec.SECP256R1()),
        "EC_P256K": of_ec(ec.SECP256K1()),
        "EC_SM2": of_sm2(),
    },
)
write("blob.json", blob())
