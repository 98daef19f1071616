use super::*;

#[tokio::test]
async fn a_data_key_has_the_length_that_is_asked_for() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    for (more, length) in [
        (vec![], 32),
        (vec![("KeySpec", "AES_256")], 32),
        (vec![("KeySpec", "AES_128")], 16),
        (vec![("NumberOfBytes", "1")], 1),
        (vec![("NumberOfBytes", "1024")], 1024),
        (vec![("NumberOfBytes", "7"), ("KeySpec", "AES_256")], 7),
    ] {
        let mut params = vec![("KeyId", key.as_str())];
        params.extend(more);
        let made = stand.call("GenerateDataKey", &params).await.unwrap();
        let data_key = bytes(&made["Plaintext"]);
        assert_eq!(data_key.len(), length, "{params:?}");
        let blob = text(&made["CiphertextBlob"]);
        let opened = stand
            .call("Decrypt", &[("CiphertextBlob", &blob)])
            .await
            .unwrap();
        assert_eq!(opened["Plaintext"], made["Plaintext"]);
    }
    for number in ["0", "1025", "-1", "x"] {
        let params = [("KeyId", key.as_str()), ("NumberOfBytes", number)];
        let refused = stand.call("GenerateDataKey", &params).await;
        assert_eq!(refused, Err(ErrorCode::InvalidParameter), "{number}");
    }
}

#[tokio::test]
async fn two_data_keys_are_not_the_same() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    let one = stand.on("GenerateDataKey", &key).await.unwrap();
    let two = stand.on("GenerateDataKey", &key).await.unwrap();
    assert_ne!(one["Plaintext"], two["Plaintext"]);
}

#[tokio::test]
async fn a_data_key_can_be_had_without_seeing_it() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    let made = stand
        .on("GenerateDataKeyWithoutPlaintext", &key)
        .await
        .unwrap();
    assert_eq!(made.get("Plaintext"), None);
    let blob = text(&made["CiphertextBlob"]);
    let opened = stand
        .call("Decrypt", &[("CiphertextBlob", &blob)])
        .await
        .unwrap();
    assert_eq!(bytes(&opened["Plaintext"]).len(), 32);
}

#[tokio::test]
async fn a_data_key_leaves_under_the_callers_public_key() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    // A key pair of our own stands for the caller's: what it decrypts was for it.
    let pair = stand
        .key(&[("KeySpec", "RSA_2048"), ("KeyUsage", "ENCRYPT/DECRYPT")])
        .await;
    let (pair, version) = (text(&pair["KeyId"]), text(&pair["PrimaryKeyVersion"]));
    let params = [("KeyId", pair.as_str()), ("KeyVersionId", version.as_str())];
    let public = stand.call("GetPublicKey", &params).await.unwrap();
    let der: String = text(&public["PublicKey"])
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    let wrapping = [
        ("PublicKeyBlob", der.as_str()),
        ("WrappingKeySpec", "RSA_2048"),
        ("WrappingAlgorithm", "RSAES_OAEP_SHA_256"),
    ];
    let mut params = vec![("KeyId", key.as_str())];
    params.extend(wrapping);
    let made = stand
        .call("GenerateAndExportDataKey", &params)
        .await
        .unwrap();
    let blob = text(&made["CiphertextBlob"]);
    let mut params = vec![("CiphertextBlob", blob.as_str())];
    params.extend(wrapping);
    let again = stand.call("ExportDataKey", &params).await.unwrap();
    let plain = stand
        .call("Decrypt", &[("CiphertextBlob", &blob)])
        .await
        .unwrap();
    for exported in [&made, &again] {
        let exported = text(&exported["ExportedDataKey"]);
        let params = [
            ("KeyId", pair.as_str()),
            ("KeyVersionId", version.as_str()),
            ("Algorithm", "RSAES_OAEP_SHA_256"),
            ("CiphertextBlob", exported.as_str()),
        ];
        let opened = stand.call("AsymmetricDecrypt", &params).await.unwrap();
        assert_eq!(opened["Plaintext"], plain["Plaintext"]);
    }
    let mut wrong = params;
    wrong.retain(|(name, _)| *name != "WrappingAlgorithm");
    wrong.push(("WrappingAlgorithm", "SM2PKE"));
    let refused = stand.call("ExportDataKey", &wrong).await;
    assert_eq!(refused, Err(ErrorCode::InvalidParameter));
}
