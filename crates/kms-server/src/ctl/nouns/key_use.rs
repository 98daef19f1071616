//! What is done with keys.

use super::owned::KEY_ID;
use crate::ctl::table::{Arg, Kind, Show, Step, Verb};

const CONTEXT: Arg = Arg::opt(
    "context",
    "EncryptionContext",
    "What the ciphertext is bound to; said again to decrypt",
)
.kind(Kind::Object);

const KEY_VERSION: Arg = Arg::opt(
    "key-version",
    "KeyVersionId",
    "Its version [default: the only one]",
);

const SIGNATURE_ALGORITHM: Arg = Arg::opt(
    "algorithm",
    "Algorithm",
    "RSA_PSS_SHA_256, RSA_PKCS1_SHA_256, ECDSA_SHA_256 or SM2DSA",
)
.needed();

const ENCRYPTION_ALGORITHM: Arg = Arg::opt(
    "algorithm",
    "Algorithm",
    "RSAES_OAEP_SHA_256, RSAES_OAEP_SHA_1 or SM2PKE",
)
.needed();

const MAC_ALGORITHM: Arg = Arg::opt(
    "algorithm",
    "Algorithm",
    "HMAC_SHA_256, HMAC_SHA_384, HMAC_SHA_512 or HMAC_SM3",
)
.needed();

pub(super) const VERBS: &[Verb] = &[
    Verb::kms("encrypt", "Encrypt", "Encrypts standard input; prints base64")
        .args(&[KEY_ID, CONTEXT, Arg::stream("Plaintext", Kind::Bytes)])
        .show(Show::Text("/CiphertextBlob"))
        .examples(
            "\
Up to 6,144 bytes; for more, encrypt a data key (`ctl key data-key`) and use that.

  printf %s hello | kms-server ctl key encrypt alias/app --context app=web > hello.enc",
        ),
    Verb::kms("decrypt", "Decrypt", "Decrypts base64 of standard input; prints what was encrypted")
        .args(&[CONTEXT, Arg::stream("CiphertextBlob", Kind::Base64)])
        .show(Show::Decode("/Plaintext"))
        .examples("  kms-server ctl key decrypt --context app=web < hello.enc"),
    Verb::kms("re-encrypt", "ReEncrypt", "Decrypts and encrypts again under another key, inside KMS")
        .args(&[
            Arg::at("key", "DestinationKeyId", "The new key"),
            Arg::opt("from-context", "SourceEncryptionContext", "What it is bound to now")
                .kind(Kind::Object),
            Arg::opt("context", "DestinationEncryptionContext", "What it is bound to then")
                .kind(Kind::Object),
            Arg::stream("CiphertextBlob", Kind::Base64),
        ])
        .show(Show::Text("/CiphertextBlob")),
    Verb::kms("data-key", "GenerateDataKey", "Makes a data key; prints it in base64, plain and encrypted")
        .args(&[
            KEY_ID,
            CONTEXT,
            Arg::opt("bytes", "NumberOfBytes", "So many bytes, 1 to 1024"),
            Arg::opt("spec", "KeySpec", "AES_256 or AES_128 [default: AES_256]"),
        ])
        .show(Show::Exports(&[
            ("KMS_DATA_KEY", "/Plaintext"),
            ("KMS_DATA_KEY_ENCRYPTED", "/CiphertextBlob"),
        ]))
        .examples(
            "\
Lines that a shell takes: keep the encrypted one beside the data, forget the plain one.

  eval \"$(kms-server ctl key data-key alias/app)\"",
        ),
    Verb::kms(
        "data-key-encrypted",
        "GenerateDataKeyWithoutPlaintext",
        "Makes a data key that nobody sees; prints it encrypted",
    )
    .args(&[
        KEY_ID,
        CONTEXT,
        Arg::opt("bytes", "NumberOfBytes", "So many bytes, 1 to 1024"),
        Arg::opt("spec", "KeySpec", "AES_256 or AES_128 [default: AES_256]"),
    ])
    .show(Show::Text("/CiphertextBlob")),
    Verb::kms("sign", "AsymmetricSign", "Signs the SHA-256 of standard input; prints base64")
        .args(&[
            KEY_ID,
            SIGNATURE_ALGORITHM,
            KEY_VERSION,
            Arg::stream("Digest", Kind::Digest),
        ])
        .step(Step::KeyVersion)
        .show(Show::Text("/Value"))
        .examples(
            "  kms-server ctl key sign alias/release --algorithm ECDSA_SHA_256 --file app.tar > app.sig",
        ),
    Verb::kms("verify", "AsymmetricVerify", "Says whether a signature of standard input is right")
        .args(&[
            KEY_ID,
            SIGNATURE_ALGORITHM,
            KEY_VERSION,
            Arg::opt("signature", "Value", "The signature in base64, or @FILE")
                .kind(Kind::Document)
                .needed(),
            Arg::stream("Digest", Kind::Digest),
        ])
        .step(Step::KeyVersion)
        .show(Show::Verdict("/Value"))
        .examples(
            "\
  kms-server ctl key verify alias/release --algorithm ECDSA_SHA_256 --signature @app.sig \\
    --file app.tar",
        ),
    Verb::kms("public-key", "GetPublicKey", "Prints the public half of a key in PEM")
        .args(&[KEY_ID, KEY_VERSION])
        .step(Step::KeyVersion)
        .show(Show::Text("/PublicKey")),
    Verb::kms("asymmetric-encrypt", "AsymmetricEncrypt", "Encrypts standard input under a public key; prints base64")
        .args(&[
            KEY_ID,
            ENCRYPTION_ALGORITHM,
            KEY_VERSION,
            Arg::stream("Plaintext", Kind::Bytes),
        ])
        .step(Step::KeyVersion)
        .show(Show::Text("/CiphertextBlob")),
    Verb::kms("asymmetric-decrypt", "AsymmetricDecrypt", "Decrypts base64 of standard input with a private key")
        .args(&[
            KEY_ID,
            ENCRYPTION_ALGORITHM,
            KEY_VERSION,
            Arg::stream("CiphertextBlob", Kind::Base64),
        ])
        .step(Step::KeyVersion)
        .show(Show::Decode("/Plaintext")),
    Verb::kms("mac", "GenerateMac", "Makes a message authentication code of standard input; prints base64")
        .args(&[KEY_ID, MAC_ALGORITHM, Arg::stream("Message", Kind::Bytes)])
        .show(Show::Text("/Mac")),
    Verb::kms("verify-mac", "VerifyMac", "Says whether a message authentication code of standard input is right")
        .args(&[
            KEY_ID,
            MAC_ALGORITHM,
            Arg::opt("mac", "Mac", "The code in base64, or @FILE")
                .kind(Kind::Document)
                .needed(),
            Arg::stream("Message", Kind::Bytes),
        ])
        .show(Show::Verdict("/Value")),
];
