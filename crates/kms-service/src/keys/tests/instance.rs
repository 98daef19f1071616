use kms_wire::instance::{Answer, Request, message};

use super::*;
use crate::{Caller, Gateway};

const INSTANCE: &str = "kst-one";

impl Stand {
    /// Makes an access point whose clients may use all keys in the instance; one of them.
    async fn key_user(&self, resources: &str) -> Caller {
        self.instance(INSTANCE).await;
        let policy = [
            ("Name", "crypto"),
            ("KmsInstance", INSTANCE),
            (
                "Permissions",
                r#"["RbacPermission/Template/CryptoServiceKeyUser"]"#,
            ),
            ("Resources", resources),
        ];
        self.call("CreatePolicy", &policy).await.unwrap();
        let point = [("Name", "crypto"), ("Policies", r#"["crypto"]"#)];
        self.call("CreateApplicationAccessPoint", &point)
            .await
            .unwrap();
        let key = self.client_key("crypto").await;
        let gateway = Gateway::Instance(INSTANCE.parse().unwrap());
        self.client(&key, &gateway).await.unwrap()
    }

    async fn ask(&self, caller: &Caller, request: Request) -> Result<Answer, ErrorCode> {
        let answer = self.service.call_instance(caller, request).await;
        answer.map_err(|error| error.code)
    }
}

fn encrypt(key: &str) -> message::EncryptRequest {
    message::EncryptRequest {
        key_id: key.to_owned(),
        plaintext: b"hello".to_vec(),
        algorithm: String::new(),
        aad: b"aad".to_vec(),
        iv: Vec::new(),
        padding_mode: String::new(),
    }
}

fn decrypt(key: &str, blob: &[u8], iv: &[u8], aad: &[u8]) -> message::DecryptRequest {
    message::DecryptRequest {
        ciphertext_blob: blob.to_vec(),
        key_id: key.to_owned(),
        algorithm: String::new(),
        aad: aad.to_vec(),
        iv: iv.to_vec(),
        padding_mode: String::new(),
    }
}

#[tokio::test]
async fn a_client_encrypts_and_decrypts_in_its_instance() {
    let stand = Stand::new().await;
    let caller = stand.key_user(r#"["key/*"]"#).await;
    let key = stand.key(&[("DKMSInstanceId", INSTANCE)]).await;
    let id = text(&key["KeyId"]);
    for advanced in [false, true] {
        let asked = encrypt(&id);
        let made = if advanced {
            stand.ask(&caller, Request::AdvanceEncrypt(asked)).await
        } else {
            stand.ask(&caller, Request::Encrypt(asked)).await
        };
        let (Answer::Encrypt(made) | Answer::AdvanceEncrypt(made)) = made.unwrap() else {
            panic!("another answer");
        };
        assert_eq!(made.key_id, id);
        assert_eq!(made.key_version_id, text(&key["PrimaryKeyVersion"]));
        assert_eq!(made.algorithm, "AES_GCM");
        assert_eq!(made.iv.len(), 12);
        let blob = &made.ciphertext_blob;
        let wrong_iv = [0; 12];
        for (key, iv, aad, wanted) in [
            (id.as_str(), made.iv.as_slice(), b"aad".as_slice(), true),
            ("", &[], b"aad", true),
            (&id, &made.iv, b"other", false),
            (&id, &wrong_iv, b"aad", false),
        ] {
            let asked = decrypt(key, blob, iv, aad);
            let opened = if advanced {
                stand.ask(&caller, Request::AdvanceDecrypt(asked)).await
            } else {
                stand.ask(&caller, Request::Decrypt(asked)).await
            };
            match (wanted, opened) {
                (true, Ok(Answer::Decrypt(opened) | Answer::AdvanceDecrypt(opened))) => {
                    assert_eq!(opened.plaintext, b"hello");
                    assert_eq!(opened.key_id, id);
                }
                (false, opened) => {
                    assert_eq!(opened.err(), Some(ErrorCode::InvalidParameter));
                }
                (true, other) => panic!("{other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn what_the_instance_does_not_do_is_refused_by_name() {
    let stand = Stand::new().await;
    let caller = stand.key_user(r#"["key/*"]"#).await;
    let key = stand.key_id(&[("DKMSInstanceId", INSTANCE)]).await;
    let mut iv = encrypt(&key);
    iv.iv = vec![0; 12];
    let mut mode = encrypt(&key);
    mode.algorithm = "AES_CBC".to_owned();
    let mut padding = encrypt(&key);
    padding.padding_mode = "PKCS7_PADDING".to_owned();
    for asked in [iv, mode, padding] {
        let refused = stand.ask(&caller, Request::Encrypt(asked)).await;
        assert_eq!(refused.err(), Some(ErrorCode::UnsupportedOperation));
    }
    let nameless = stand.ask(&caller, Request::Encrypt(encrypt(""))).await;
    assert_eq!(nameless.err(), Some(ErrorCode::MissingParameter));
}

#[tokio::test]
async fn a_client_uses_the_keys_that_its_policy_names_and_no_others() {
    let stand = Stand::new().await;
    stand.instance(INSTANCE).await;
    let named = stand.key_id(&[("DKMSInstanceId", INSTANCE)]).await;
    let other = stand.key_id(&[("DKMSInstanceId", INSTANCE)]).await;
    let outside = stand.key_id(&[]).await;
    let resources = format!(r#"["key/{named}","key/{outside}"]"#);
    let caller = stand.key_user(&resources).await;
    for (key, code) in [
        (named.as_str(), None),
        (&other, Some(ErrorCode::NoPermission)),
        ("no-such-key", Some(ErrorCode::NoPermission)),
        (&outside, Some(ErrorCode::KeyNotFound)),
    ] {
        let answer = stand.ask(&caller, Request::Encrypt(encrypt(key))).await;
        assert_eq!(answer.err(), code, "{key}");
    }
}

#[tokio::test]
async fn messages_and_digests_are_signed_and_verified() {
    let stand = Stand::new().await;
    let caller = stand.key_user(r#"["key/*"]"#).await;
    let params = [("KeySpec", "EC_P256"), ("DKMSInstanceId", INSTANCE)];
    let key = stand.key_id(&params).await;
    let digest = BASE64_STANDARD
        .decode("LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=")
        .unwrap();
    for (digest, message, kind, said) in [
        (&[][..], &b"hello"[..], "", "RAW"),
        (&[], b"hello", "RAW", "RAW"),
        (&[], &digest, "DIGEST", "DIGEST"),
        (&digest, &[], "", "DIGEST"),
    ] {
        let asked = message::SignRequest {
            key_id: key.clone(),
            digest: digest.to_vec(),
            algorithm: String::new(),
            message: message.to_vec(),
            message_type: kind.to_owned(),
        };
        let signed = stand.ask(&caller, Request::Sign(asked)).await.unwrap();
        let Answer::Sign(signed) = signed else {
            panic!("another answer");
        };
        assert_eq!(signed.algorithm, "ECDSA_SHA_256");
        assert_eq!(signed.message_type, said);
        // Each is a signature of the same digest.
        let asked = message::VerifyRequest {
            key_id: key.clone(),
            digest: Vec::new(),
            signature: signed.signature.clone(),
            algorithm: "ECDSA_SHA_256".to_owned(),
            message: b"hello".to_vec(),
            message_type: "RAW".to_owned(),
        };
        let verified = stand.ask(&caller, Request::Verify(asked)).await.unwrap();
        assert!(matches!(verified, Answer::Verify(answer) if answer.value));
    }
    let asked = message::GetPublicKeyRequest { key_id: key };
    let shown = stand.ask(&caller, Request::GetPublicKey(asked)).await;
    let Ok(Answer::GetPublicKey(shown)) = shown else {
        panic!("another answer");
    };
    assert!(shown.public_key.starts_with("-----BEGIN PUBLIC KEY-----"));
}

#[tokio::test]
async fn data_keys_and_pairs_are_made_and_decrypt() {
    let stand = Stand::new().await;
    let caller = stand.key_user(r#"["key/*"]"#).await;
    let key = stand.key_id(&[("DKMSInstanceId", INSTANCE)]).await;
    let asked = message::AdvanceGenerateDataKeyRequest {
        key_id: key.clone(),
        number_of_bytes: 24,
        aad: Vec::new(),
    };
    let request = Request::AdvanceGenerateDataKey(asked);
    let Ok(Answer::AdvanceGenerateDataKey(made)) = stand.ask(&caller, request).await else {
        panic!("another answer");
    };
    assert_eq!(made.plaintext.len(), 24);
    let asked = decrypt(&key, &made.ciphertext_blob, &made.iv, b"");
    let opened = stand.ask(&caller, Request::Decrypt(asked)).await;
    let Ok(Answer::Decrypt(opened)) = opened else {
        panic!("another answer");
    };
    assert_eq!(opened.plaintext, made.plaintext);

    let asked = message::GenerateDataKeyPairRequest {
        key_id: key.clone(),
        algorithm: String::new(),
        key_pair_spec: "EC_P256".to_owned(),
        key_format: "PEM".to_owned(),
        aad: Vec::new(),
    };
    let request = Request::GenerateDataKeyPair(asked);
    let Ok(Answer::GenerateDataKeyPair(made)) = stand.ask(&caller, request).await else {
        panic!("another answer");
    };
    assert!(
        made.private_key_plaintext
            .starts_with(b"-----BEGIN PRIVATE KEY-----")
    );
    assert!(made.public_key.starts_with(b"-----BEGIN PUBLIC KEY-----"));
    let blob = &made.private_key_ciphertext_blob;
    let asked = decrypt(&key, blob, &made.iv, b"");
    let opened = stand.ask(&caller, Request::Decrypt(asked)).await;
    let Ok(Answer::Decrypt(opened)) = opened else {
        panic!("another answer");
    };
    assert_eq!(opened.plaintext, made.private_key_plaintext);

    let asked = message::AdvanceGenerateDataKeyPairRequest {
        key_id: key,
        key_pair_spec: "EC_SM2".to_owned(),
        key_format: "DER".to_owned(),
        aad: Vec::new(),
    };
    let request = Request::AdvanceGenerateDataKeyPairWithoutPlaintext(asked);
    let made = stand.ask(&caller, request).await;
    let Ok(Answer::AdvanceGenerateDataKeyPairWithoutPlaintext(made)) = made else {
        panic!("another answer");
    };
    assert!(!made.private_key_ciphertext_blob.is_empty());
}

#[tokio::test]
async fn random_bytes_are_1_to_1024() {
    let stand = Stand::new().await;
    let caller = stand.key_user(r#"["key/*"]"#).await;
    for length in [1, 1024] {
        let asked = message::GenerateRandomRequest { length };
        let made = stand.ask(&caller, Request::GenerateRandom(asked)).await;
        let Ok(Answer::GenerateRandom(made)) = made else {
            panic!("another answer");
        };
        assert_eq!(made.random.len(), usize::try_from(length).unwrap());
    }
    for length in [-1, 0, 1025] {
        let asked = message::GenerateRandomRequest { length };
        let refused = stand.ask(&caller, Request::GenerateRandom(asked)).await;
        assert_eq!(refused.err(), Some(ErrorCode::InvalidParameter));
    }
}
