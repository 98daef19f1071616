use super::*;

/// SHA-256 of "hello".
const DIGEST: &str = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";

async fn pair(stand: &Stand, spec: &str, usage: &str) -> (String, String) {
    let key = stand.key(&[("KeySpec", spec), ("KeyUsage", usage)]).await;
    (text(&key["KeyId"]), text(&key["PrimaryKeyVersion"]))
}

#[tokio::test]
async fn every_pair_signs_by_its_algorithms() {
    let stand = Stand::new().await;
    for (spec, algorithm) in [
        ("RSA_2048", "RSA_PSS_SHA_256"),
        ("RSA_2048", "RSA_PKCS1_SHA_256"),
        ("EC_P256", "ECDSA_SHA_256"),
        ("EC_P256K", "ECDSA_SHA_256"),
        ("EC_SM2", "SM2DSA"),
    ] {
        let (key, version) = pair(&stand, spec, "SIGN/VERIFY").await;
        let base = [
            ("KeyId", key.as_str()),
            ("KeyVersionId", version.as_str()),
            ("Algorithm", algorithm),
            ("Digest", DIGEST),
        ];
        let signed = stand.call("AsymmetricSign", &base).await.unwrap();
        assert_eq!(signed["KeyId"], key.as_str());
        assert_eq!(signed["KeyVersionId"], version.as_str());
        let value = text(&signed["Value"]);
        let mut params = base.to_vec();
        params.push(("Value", value.as_str()));
        let right = stand.call("AsymmetricVerify", &params).await.unwrap();
        assert_eq!(right["Value"], true, "{spec} {algorithm}");
        params[3].1 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        let wrong = stand.call("AsymmetricVerify", &params).await.unwrap();
        assert_eq!(wrong["Value"], false, "{spec} {algorithm}");
    }
}

#[tokio::test]
async fn digests_of_another_length_and_foreign_algorithms_are_refused() {
    let stand = Stand::new().await;
    let (key, version) = pair(&stand, "EC_P256", "SIGN/VERIFY").await;
    for (algorithm, digest, code) in [
        ("ECDSA_SHA_256", "AAAA", ErrorCode::InvalidParameter),
        ("RSA_PSS_SHA_256", DIGEST, ErrorCode::UnsupportedOperation),
        ("ROT13", DIGEST, ErrorCode::InvalidParameter),
    ] {
        let params = [
            ("KeyId", key.as_str()),
            ("KeyVersionId", version.as_str()),
            ("Algorithm", algorithm),
            ("Digest", digest),
        ];
        let refused = stand.call("AsymmetricSign", &params).await;
        assert_eq!(refused, Err(code), "{algorithm} {digest}");
    }
}

#[tokio::test]
async fn a_pair_encrypts_only_if_it_is_for_that() {
    let stand = Stand::new().await;
    for (spec, algorithm) in [
        ("RSA_2048", "RSAES_OAEP_SHA_1"),
        ("RSA_2048", "RSAES_OAEP_SHA_256"),
        ("EC_SM2", "SM2PKE"),
    ] {
        let (key, version) = pair(&stand, spec, "ENCRYPT/DECRYPT").await;
        let base = [
            ("KeyId", key.as_str()),
            ("KeyVersionId", version.as_str()),
            ("Algorithm", algorithm),
        ];
        let mut params = base.to_vec();
        params.push(("Plaintext", "SGVsbG8="));
        let made = stand.call("AsymmetricEncrypt", &params).await.unwrap();
        let blob = text(&made["CiphertextBlob"]);
        let mut params = base.to_vec();
        params.push(("CiphertextBlob", blob.as_str()));
        let opened = stand.call("AsymmetricDecrypt", &params).await.unwrap();
        assert_eq!(opened["Plaintext"], "SGVsbG8=", "{spec} {algorithm}");
    }
    let (key, version) = pair(&stand, "RSA_2048", "SIGN/VERIFY").await;
    let params = [
        ("KeyId", key.as_str()),
        ("KeyVersionId", version.as_str()),
        ("Algorithm", "RSAES_OAEP_SHA_256"),
        ("Plaintext", "SGVsbG8="),
    ];
    let refused = stand.call("AsymmetricEncrypt", &params).await;
    assert_eq!(refused, Err(ErrorCode::UnsupportedOperation));
}

#[tokio::test]
async fn public_halves_are_shown_of_pairs_alone() {
    let stand = Stand::new().await;
    let (key, version) = pair(&stand, "EC_P256", "SIGN/VERIFY").await;
    let params = [("KeyId", key.as_str()), ("KeyVersionId", version.as_str())];
    let shown = stand.call("GetPublicKey", &params).await.unwrap();
    let pem = text(&shown["PublicKey"]);
    assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\n"), "{pem}");
    let symmetric = stand.key(&[]).await;
    let (id, version) = (
        text(&symmetric["KeyId"]),
        text(&symmetric["PrimaryKeyVersion"]),
    );
    let params = [("KeyId", id.as_str()), ("KeyVersionId", version.as_str())];
    let refused = stand.call("GetPublicKey", &params).await;
    assert_eq!(refused, Err(ErrorCode::UnsupportedOperation));
}

#[tokio::test]
async fn a_version_of_another_key_is_not_found() {
    let stand = Stand::new().await;
    let (key, _) = pair(&stand, "EC_P256", "SIGN/VERIFY").await;
    let (_, other) = pair(&stand, "EC_P256", "SIGN/VERIFY").await;
    let params = [
        ("KeyId", key.as_str()),
        ("KeyVersionId", other.as_str()),
        ("Algorithm", "ECDSA_SHA_256"),
        ("Digest", DIGEST),
    ];
    let refused = stand.call("AsymmetricSign", &params).await;
    assert_eq!(refused, Err(ErrorCode::KeyVersionNotFound));
}

#[tokio::test]
async fn codes_are_made_and_verified() {
    let stand = Stand::new().await;
    for (name, length) in [
        ("HMAC_SHA_224", 28),
        ("HMAC_SHA_256", 32),
        ("HMAC_SHA_384", 48),
        ("HMAC_SHA_512", 64),
        ("HMAC_SM3", 32),
    ] {
        let key = stand.key_id(&[("KeySpec", name)]).await;
        let base = [
            ("KeyId", key.as_str()),
            ("Algorithm", name),
            ("Message", "SGVsbG8="),
        ];
        let made = stand.call("GenerateMac", &base).await.unwrap();
        assert_eq!(made["Algorithm"], name);
        assert_eq!(bytes(&made["Mac"]).len(), length);
        let mac = text(&made["Mac"]);
        let mut params = base.to_vec();
        params.push(("Mac", mac.as_str()));
        let right = stand.call("VerifyMac", &params).await.unwrap();
        assert_eq!(right["Value"], true);
        params[2].1 = "AAAA";
        let wrong = stand.call("VerifyMac", &params).await.unwrap();
        assert_eq!(wrong["Value"], false);
    }
    let key = stand.key_id(&[("KeySpec", "HMAC_SM3")]).await;
    let params = [
        ("KeyId", key.as_str()),
        ("Algorithm", "HMAC_SHA_256"),
        ("Message", "AAAA"),
    ];
    let refused = stand.call("GenerateMac", &params).await;
    assert_eq!(refused, Err(ErrorCode::UnsupportedOperation));
}
