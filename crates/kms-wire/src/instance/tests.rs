use std::{collections::BTreeMap, fs, path::PathBuf};

use kms_types::ErrorCode;
use proptest::prelude::*;
use prost::Message;

use super::{Api, Claim, Unsigned, error_body, message, sign};
use crate::{
    ApiError, request, response,
    sign::tests::{OTHER_PUBLIC_KEY, Sent, client_key},
};

const KEY_ID: &str = "KAAP.5b1c1d8e-7a7e-4d5e-9a3e-0c9b3f6a2d11";

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests/instance", name]
        .iter()
        .collect()
}

fn public_key() -> Vec<u8> {
    fs::read(file("../sign/client-key.pub.der")).unwrap()
}

fn claim(sent: &Sent) -> Result<Claim, ApiError> {
    sent.with_raw(Claim::parse)
}

#[test]
fn golden_requests() {
    for case in ["get-secret-value", "generate-random", "empty-body"] {
        let text = |name: &str| fs::read_to_string(file(case).join(name)).unwrap();
        let sent = Sent::read(&fs::read(file(case).join("request.http")).unwrap());
        let claim = claim(&sent).unwrap();
        assert_eq!(claim.api.as_str(), text("api.txt"));
        assert_eq!(claim.key_id.as_str(), KEY_ID);
        assert_eq!(claim.timestamp.to_string(), "2024-01-02T03:04:05Z");
        assert_eq!(claim.string_to_sign, text("signed.txt"), "{case}");
        claim.verify(&public_key()).unwrap();
        let refused = claim.verify(&OTHER_PUBLIC_KEY).unwrap_err();
        assert_eq!(refused.code, ErrorCode::SignatureNotMatch);

        let made = sign(
            &Unsigned {
                api: claim.api,
                host: "kst-hzz1.cryptoservice.kms.aliyuncs.com",
                user_agent: "kms/0",
                now: claim.timestamp,
                body: &sent.body,
            },
            &client_key(KEY_ID),
        )
        .unwrap();
        for (name, value) in &made.headers {
            if name != "user-agent" {
                assert_eq!(sent.header(name), Some(value.as_bytes()), "{case}: {name}");
            }
        }
        assert_eq!(made.body, sent.body);
    }
}

#[test]
fn golden_messages() {
    let text = fs::read_to_string(file("messages.json")).unwrap();
    let golden: BTreeMap<String, String> = serde_json::from_str(&text).unwrap();
    let mut checked = Vec::new();
    macro_rules! check {
        ($golden:literal $name:ident $fields:tt) => {
            let built = message::$name $fields;
            let wanted = hex::decode(&golden[$golden]).unwrap();
            assert_eq!(hex::encode(built.encode_to_vec()), golden[$golden], $golden);
            assert!(message::$name::decode(wanted.as_slice()).unwrap() == built, $golden);
            checked.push($golden);
        };
    }
    let s = |text: &str| text.to_owned();
    let b = |text: &str| text.as_bytes().to_owned();
    check!("Error" Error { status_code: 7, error_code: s("ErrorCode"), error_message: s("ErrorMessage"), request_id: s("RequestId") });
    check!("GetSecretValueRequest" GetSecretValueRequest { secret_name: s("SecretName"), version_stage: s("VersionStage"), version_id: s("VersionId"), fetch_extended_config: true });
    check!("GetSecretValueResponse" GetSecretValueResponse {
        secret_name: s("SecretName"), secret_type: s("SecretType"), secret_data: s("SecretData"), secret_data_type: s("SecretDataType"),
        version_stages: vec![s("one"), s("two")], version_id: s("VersionId"), create_time: s("CreateTime"), request_id: s("RequestId"),
        last_rotation_date: s("LastRotationDate"), next_rotation_date: s("NextRotationDate"), extended_config: s("ExtendedConfig"),
        automatic_rotation: s("AutomaticRotation"), rotation_interval: s("RotationInterval")
    });
    check!("EncryptRequest" EncryptRequest { key_id: s("KeyId"), plaintext: b("Plaintext"), algorithm: s("Algorithm"), aad: b("Aad"), iv: b("Iv"), padding_mode: s("PaddingMode") });
    check!("AdvanceEncryptRequest" EncryptRequest { key_id: s("KeyId"), plaintext: b("Plaintext"), algorithm: s("Algorithm"), aad: b("Aad"), iv: b("Iv"), padding_mode: s("PaddingMode") });
    check!("EncryptResponse" EncryptResponse { key_id: s("KeyId"), ciphertext_blob: b("CiphertextBlob"), iv: b("Iv"), request_id: s("RequestId"), algorithm: s("Algorithm"), padding_mode: s("PaddingMode"), key_version_id: s("") });
    check!("AdvanceEncryptResponse" EncryptResponse { key_id: s("KeyId"), ciphertext_blob: b("CiphertextBlob"), iv: b("Iv"), request_id: s("RequestId"), algorithm: s("Algorithm"), padding_mode: s("PaddingMode"), key_version_id: s("KeyVersionId") });
    check!("DecryptRequest" DecryptRequest { ciphertext_blob: b("CiphertextBlob"), key_id: s("KeyId"), algorithm: s("Algorithm"), aad: b("Aad"), iv: b("Iv"), padding_mode: s("PaddingMode") });
    check!("AdvanceDecryptRequest" DecryptRequest { ciphertext_blob: b("CiphertextBlob"), key_id: s("KeyId"), algorithm: s("Algorithm"), aad: b("Aad"), iv: b("Iv"), padding_mode: s("PaddingMode") });
    check!("DecryptResponse" DecryptResponse { key_id: s("KeyId"), plaintext: b("Plaintext"), request_id: s("RequestId"), algorithm: s("Algorithm"), padding_mode: s("PaddingMode"), key_version_id: s("") });
    check!("AdvanceDecryptResponse" DecryptResponse { key_id: s("KeyId"), plaintext: b("Plaintext"), request_id: s("RequestId"), algorithm: s("Algorithm"), padding_mode: s("PaddingMode"), key_version_id: s("KeyVersionId") });
    check!("GenerateDataKeyRequest" GenerateDataKeyRequest { key_id: s("KeyId"), algorithm: s("Algorithm"), number_of_bytes: 7, aad: b("Aad") });
    check!("AdvanceGenerateDataKeyRequest" AdvanceGenerateDataKeyRequest { key_id: s("KeyId"), number_of_bytes: 7, aad: b("Aad") });
    check!("GenerateDataKeyResponse" GenerateDataKeyResponse { key_id: s("KeyId"), iv: b("Iv"), plaintext: b("Plaintext"), ciphertext_blob: b("CiphertextBlob"), request_id: s("RequestId"), algorithm: s("Algorithm"), key_version_id: s("") });
    check!("AdvanceGenerateDataKeyResponse" GenerateDataKeyResponse { key_id: s("KeyId"), iv: b("Iv"), plaintext: b("Plaintext"), ciphertext_blob: b("CiphertextBlob"), request_id: s("RequestId"), algorithm: s("Algorithm"), key_version_id: s("KeyVersionId") });
    check!("SignRequest" SignRequest { key_id: s("KeyId"), digest: b("Digest"), algorithm: s("Algorithm"), message: b("Message"), message_type: s("MessageType") });
    check!("SignResponse" SignResponse { key_id: s("KeyId"), signature: b("Signature"), request_id: s("RequestId"), algorithm: s("Algorithm"), message_type: s("MessageType") });
    check!("VerifyRequest" VerifyRequest { key_id: s("KeyId"), digest: b("Digest"), signature: b("Signature"), algorithm: s("Algorithm"), message: b("Message"), message_type: s("MessageType") });
    check!("VerifyResponse" VerifyResponse { key_id: s("KeyId"), value: true, request_id: s("RequestId"), algorithm: s("Algorithm"), message_type: s("MessageType") });
    check!("GenerateRandomRequest" GenerateRandomRequest { length: 7 });
    check!("GenerateRandomResponse" GenerateRandomResponse { random: b("Random"), request_id: s("RequestId") });
    check!("GetPublicKeyRequest" GetPublicKeyRequest { key_id: s("KeyId") });
    check!("GetPublicKeyResponse" GetPublicKeyResponse { key_id: s("KeyId"), public_key: s("PublicKey"), request_id: s("RequestId") });
    check!("GenerateDataKeyPairRequest" GenerateDataKeyPairRequest { key_id: s("KeyId"), algorithm: s("Algorithm"), key_pair_spec: s("KeyPairSpec"), key_format: s("KeyFormat"), aad: b("Aad") });
    check!("GenerateDataKeyPairWithoutPlaintextRequest" GenerateDataKeyPairRequest { key_id: s("KeyId"), algorithm: s("Algorithm"), key_pair_spec: s("KeyPairSpec"), key_format: s("KeyFormat"), aad: b("Aad") });
    check!("AdvanceGenerateDataKeyPairRequest" AdvanceGenerateDataKeyPairRequest { key_id: s("KeyId"), key_pair_spec: s("KeyPairSpec"), key_format: s("KeyFormat"), aad: b("Aad") });
    check!("AdvanceGenerateDataKeyPairWithoutPlaintextRequest" AdvanceGenerateDataKeyPairRequest { key_id: s("KeyId"), key_pair_spec: s("KeyPairSpec"), key_format: s("KeyFormat"), aad: b("Aad") });
    check!("GenerateDataKeyPairResponse" GenerateDataKeyPairResponse { key_id: s("KeyId"), iv: b("Iv"), key_pair_spec: s("KeyPairSpec"), private_key_plaintext: b("PrivateKeyPlaintext"), private_key_ciphertext_blob: b("PrivateKeyCiphertextBlob"), public_key: b("PublicKey"), request_id: s("RequestId"), algorithm: s("Algorithm"), key_version_id: s("") });
    check!("AdvanceGenerateDataKeyPairResponse" GenerateDataKeyPairResponse { key_id: s("KeyId"), iv: b("Iv"), key_pair_spec: s("KeyPairSpec"), private_key_plaintext: b("PrivateKeyPlaintext"), private_key_ciphertext_blob: b("PrivateKeyCiphertextBlob"), public_key: b("PublicKey"), request_id: s("RequestId"), algorithm: s("Algorithm"), key_version_id: s("KeyVersionId") });
    check!("GenerateDataKeyPairWithoutPlaintextResponse" GenerateDataKeyPairWithoutPlaintextResponse { key_id: s("KeyId"), iv: b("Iv"), key_pair_spec: s("KeyPairSpec"), private_key_ciphertext_blob: b("PrivateKeyCiphertextBlob"), public_key: b("PublicKey"), request_id: s("RequestId"), algorithm: s("Algorithm"), key_version_id: s("") });
    check!("AdvanceGenerateDataKeyPairWithoutPlaintextResponse" GenerateDataKeyPairWithoutPlaintextResponse { key_id: s("KeyId"), iv: b("Iv"), key_pair_spec: s("KeyPairSpec"), private_key_ciphertext_blob: b("PrivateKeyCiphertextBlob"), public_key: b("PublicKey"), request_id: s("RequestId"), algorithm: s("Algorithm"), key_version_id: s("KeyVersionId") });
    for name in golden.keys() {
        assert!(checked.contains(&name.as_str()), "{name}");
    }
}

#[test]
fn what_is_spoilt_is_refused() {
    use ErrorCode::{
        ApiNameInvalid, ApiVersionInvalid, InvalidHeader, MissingParameter, SignatureNotMatch,
    };
    let good = Sent::read(&fs::read(file("get-secret-value/request.http")).unwrap());
    let verdict = |sent: &Sent| claim(sent)?.verify(&public_key());
    verdict(&good).unwrap();
    for (name, value, code) in [
        ("x-kms-acccesskeyid", "KAAP.other", SignatureNotMatch),
        ("x-kms-acccesskeyid", "not an id", SignatureNotMatch),
        ("x-kms-acccesskeyid", "", MissingParameter),
        ("x-kms-apiname", "Encrypt", SignatureNotMatch),
        ("x-kms-apiname", "Explode", ApiNameInvalid),
        ("x-kms-apiversion", "dkms-gcs-0.3", ApiVersionInvalid),
        ("x-kms-signaturemethod", "HMAC", InvalidHeader),
        ("date", "2024-01-02T03:04:05Z", InvalidHeader),
        ("date", "Tue, 02 Jan 2024 03:04:06 GMT", SignatureNotMatch),
        ("content-sha256", "00", SignatureNotMatch),
        ("content-type", "text/plain", SignatureNotMatch),
        ("authorization", "Basic x", SignatureNotMatch),
        ("authorization", "Bearer x", SignatureNotMatch),
        ("authorization", "", MissingParameter),
    ] {
        let mut sent = good.clone();
        *sent.header_mut(name) = value.as_bytes().to_owned();
        assert_eq!(verdict(&sent).unwrap_err().code, code, "{name}: {value}");
    }
    let mut sent = good.clone();
    sent.push("x-kms-more", "1");
    assert_eq!(verdict(&sent).unwrap_err().code, SignatureNotMatch);
    let mut sent = good.clone();
    sent.push("x-kms-apiname", "Encrypt");
    assert_eq!(verdict(&sent).unwrap_err().code, MissingParameter);
    let mut sent = good.clone();
    sent.body.push(0);
    assert_eq!(verdict(&sent).unwrap_err().code, SignatureNotMatch);
    let mut sent = good;
    "GET".clone_into(&mut sent.method);
    assert_eq!(
        verdict(&sent).unwrap_err().code,
        ErrorCode::UnsupportedHttpMethod
    );
}

#[test]
fn a_request_is_the_same_on_both_gateways() {
    let request = request::GetSecretValue {
        secret_name: "app/db".parse().unwrap(),
        version_id: Some("v1".parse().unwrap()),
        version_stage: None,
        fetch_extended_config: true,
        dry_run: false,
    };
    let message = message::GetSecretValueRequest::from(&request);
    assert_eq!(message.version_stage, "");
    assert_eq!(request::GetSecretValue::try_from(&message), Ok(request));
    let empty = message::GetSecretValueRequest::default();
    let refused = request::GetSecretValue::try_from(&empty).unwrap_err();
    assert_eq!(refused.code, ErrorCode::MissingParameter);
}

#[test]
fn an_answer_is_the_same_on_both_gateways() {
    let text = fs::read_to_string(file("../response/GetSecretValue.json")).unwrap();
    let answer: response::GetSecretValue = serde_json::from_str(&text).unwrap();
    let message = message::GetSecretValueResponse::from(&answer);
    assert!(!format!("{message:?}").contains("密码"), "{message:?}");
    let again = response::GetSecretValue::from(message);
    assert_eq!(
        serde_json::to_string(&again).unwrap(),
        serde_json::to_string(&answer).unwrap()
    );
    assert_eq!(again.request_id, answer.request_id);
}

#[test]
fn a_refusal_is_a_message() {
    let id = "0d2d3a0e-5c1f-4b3a-9a52-6f0c8f7a1b2c".parse().unwrap();
    let body = error_body(&ApiError::new(ErrorCode::SignatureNotMatch, "No."), id);
    let wanted = message::Error {
        status_code: 401,
        error_code: "SignatureNotMatch".to_owned(),
        error_message: "No.".to_owned(),
        request_id: id.to_string(),
    };
    assert_eq!(message::Error::decode(body.as_slice()), Ok(wanted));
}

proptest! {
    #[test]
    fn what_is_signed_is_believed(body in prop::collection::vec(any::<u8>(), 0..64), at in 0..Api::ALL.len(), seconds in 0_i64..4_000_000_000) {
        let made = sign(
            &Unsigned {
                api: Api::ALL[at],
                host: "h",
                user_agent: "u",
                now: jiff::Timestamp::from_second(seconds).unwrap(),
                body: &body,
            },
            &client_key("KAAP.1"),
        )
        .unwrap();
        let claim = claim(&Sent::from(&made)).unwrap();
        claim.verify(&public_key()).unwrap();
        prop_assert_eq!(claim.timestamp.as_second(), seconds);
        prop_assert_eq!(claim.api, Api::ALL[at]);
    }

    #[test]
    fn decoding_never_panics(body in prop::collection::vec(any::<u8>(), 0..64)) {
        let _unread = message::GetSecretValueRequest::decode(body.as_slice());
        let _unread = message::GetSecretValueResponse::decode(body.as_slice());
        let _unread = message::EncryptRequest::decode(body.as_slice());
        let _unread = message::VerifyRequest::decode(body.as_slice());
        let _unread = message::Error::decode(body.as_slice());
    }
}
