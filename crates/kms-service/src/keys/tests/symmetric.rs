use super::*;

#[tokio::test]
async fn what_was_encrypted_is_decrypted_without_naming_the_key() {
    let stand = Stand::new().await;
    for spec in [
        "Aliyun_AES_256",
        "Aliyun_AES_192",
        "Aliyun_AES_128",
        "Aliyun_SM4",
    ] {
        let key = stand.key(&[("KeySpec", spec)]).await;
        let id = text(&key["KeyId"]);
        let params = [("KeyId", id.as_str()), ("Plaintext", "SGVsbG8=")];
        let made = stand.call("Encrypt", &params).await.unwrap();
        assert_eq!(made["KeyId"], key["KeyId"]);
        assert_eq!(made["KeyVersionId"], key["PrimaryKeyVersion"]);
        let blob = text(&made["CiphertextBlob"]);
        let version = text(&key["PrimaryKeyVersion"]);
        assert!(bytes(&made["CiphertextBlob"]).starts_with(version.as_bytes()));
        let opened = stand
            .call("Decrypt", &[("CiphertextBlob", &blob)])
            .await
            .unwrap();
        assert_eq!(opened["Plaintext"], "SGVsbG8=", "{spec}");
        assert_eq!(opened["KeyId"], key["KeyId"]);
        assert_eq!(opened["KeyVersionId"], key["PrimaryKeyVersion"]);
    }
}

#[tokio::test]
async fn a_ciphertext_opens_in_its_context_alone() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    let context = r#"{"app":"shop","env":"Ünï"}"#;
    let params = [
        ("KeyId", key.as_str()),
        ("Plaintext", "SGVsbG8="),
        ("EncryptionContext", context),
    ];
    let made = stand.call("Encrypt", &params).await.unwrap();
    let blob = text(&made["CiphertextBlob"]);
    for (given, wanted) in [
        (r#"{"env":"Ünï","app":"shop"}"#, true),
        (r#"{"app":"shop"}"#, false),
        (r#"{"app":"shop","env":"Uni"}"#, false),
        ("", false),
    ] {
        let params = [
            ("CiphertextBlob", blob.as_str()),
            ("EncryptionContext", given),
        ];
        let opened = stand.call("Decrypt", &params).await;
        if wanted {
            assert_eq!(opened.unwrap()["Plaintext"], "SGVsbG8=");
        } else {
            assert_eq!(opened, Err(ErrorCode::InvalidParameter), "{given}");
        }
    }
}

#[tokio::test]
async fn a_text_has_one_to_6144_bytes() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    let most = "x".repeat(6144);
    let blob = stand.encrypt(&key, &most).await.unwrap();
    assert_eq!(stand.decrypt(&blob).await.unwrap(), most);
    let longer = stand.encrypt(&key, &"x".repeat(6145)).await;
    assert_eq!(longer, Err(ErrorCode::InvalidParameter));
}

#[tokio::test]
async fn what_is_no_ciphertext_of_ours_is_refused() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    let blob = stand.encrypt(&key, "hello").await.unwrap();
    let mut changed = BASE64_STANDARD.decode(&blob).unwrap();
    *changed.last_mut().unwrap() ^= 1;
    let changed = BASE64_STANDARD.encode(changed);
    for rubbish in ["AAAA", "%%%", changed.as_str()] {
        let opened = stand.decrypt(rubbish).await;
        assert_eq!(opened, Err(ErrorCode::InvalidParameter), "{rubbish}");
    }
    let mut unknown = BASE64_STANDARD.decode(&blob).unwrap();
    unknown[..36].copy_from_slice(b"00000000-0000-4000-8000-000000000000");
    let opened = stand.decrypt(&BASE64_STANDARD.encode(unknown)).await;
    assert_eq!(opened, Err(ErrorCode::KeyNotFound));
}

#[tokio::test]
async fn a_dry_run_always_ends_in_a_refusal() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    let dry = |key: &str| {
        vec![
            ("KeyId".to_owned(), key.to_owned()),
            ("Plaintext".to_owned(), "SGVsbG8=".to_owned()),
            ("DryRun".to_owned(), "true".to_owned()),
        ]
    };
    for (key, code) in [
        (key.as_str(), ErrorCode::DryRunOperation),
        ("no-such-key", ErrorCode::KeyNotFound),
    ] {
        let params = dry(key);
        let params: Vec<(&str, &str)> = params
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(stand.call("Encrypt", &params).await, Err(code));
    }
    stand.on("DisableKey", &key).await.unwrap();
    let params = dry(&key);
    let params: Vec<(&str, &str)> = params
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let refused = stand.call("Encrypt", &params).await;
    assert_eq!(refused, Err(ErrorCode::KeyDisabled));
}

#[tokio::test]
async fn a_recipient_is_refused_by_name() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    let blob = stand.encrypt(&key, "hello").await.unwrap();
    let params = [("CiphertextBlob", blob.as_str()), ("Recipient", "{}")];
    let refused = stand.call("Decrypt", &params).await;
    assert_eq!(refused, Err(ErrorCode::UnsupportedOperation));
}

#[tokio::test]
async fn a_text_moves_from_one_key_to_another() {
    let stand = Stand::new().await;
    let (one, two) = (stand.key_id(&[]).await, stand.key_id(&[]).await);
    let blob = stand.encrypt(&one, "hello").await.unwrap();
    let params = [
        ("CiphertextBlob", blob.as_str()),
        ("DestinationKeyId", two.as_str()),
        ("DestinationEncryptionContext", r#"{"a":"b"}"#),
    ];
    let moved = stand.call("ReEncrypt", &params).await.unwrap();
    assert_eq!(moved["KeyId"], two.as_str());
    let blob = text(&moved["CiphertextBlob"]);
    let params = [
        ("CiphertextBlob", blob.as_str()),
        ("EncryptionContext", r#"{"a":"b"}"#),
    ];
    let opened = stand.call("Decrypt", &params).await.unwrap();
    assert_eq!(plain(&opened["Plaintext"]), "hello");
    assert_eq!(opened["KeyId"], two.as_str());
}

#[tokio::test]
async fn other_kinds_of_keys_do_not_encrypt() {
    let stand = Stand::new().await;
    for params in [
        [("KeySpec", "EC_P256"), ("KeyUsage", "SIGN/VERIFY")],
        [("KeySpec", "RSA_2048"), ("KeyUsage", "ENCRYPT/DECRYPT")],
        [
            ("KeySpec", "HMAC_SHA_256"),
            ("KeyUsage", "GENERATE/VERIFY_MAC"),
        ],
    ] {
        let key = stand.key_id(&params).await;
        let refused = stand.encrypt(&key, "hello").await;
        assert_eq!(refused, Err(ErrorCode::UnsupportedOperation), "{params:?}");
    }
}
