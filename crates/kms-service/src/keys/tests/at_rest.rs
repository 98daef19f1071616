use std::fs;

use super::*;
use crate::stand::Log;

/// Text that occurs nowhere by chance.
const CANARY: &str = "canary-5d0e7b1c93f8426a-plain";

/// Nothing of a text, a data key or a signed message is in a file, the log or an answer's
/// `Debug`.
#[tokio::test]
async fn no_file_and_no_log_holds_a_text_or_a_data_key() {
    let stand = Stand::new().await;
    let (log, guard) = Log::start();
    let key = stand.key_id(&[("Description", "findme")]).await;
    let blob = stand.encrypt(&key, CANARY).await.unwrap();
    stand.decrypt(&blob).await.unwrap();
    let wrong = [
        ("CiphertextBlob", blob.as_str()),
        ("EncryptionContext", r#"{"a":"b"}"#),
    ];
    stand.call("Decrypt", &wrong).await.unwrap_err();
    let made = stand.on("GenerateDataKey", &key).await.unwrap();
    let data_key = bytes(&made["Plaintext"]);
    let mac = stand.key_id(&[("KeySpec", "HMAC_SM3")]).await;
    let message = BASE64_STANDARD.encode(CANARY);
    let params = [
        ("KeyId", mac.as_str()),
        ("Algorithm", "HMAC_SM3"),
        ("Message", message.as_str()),
    ];
    stand.call("GenerateMac", &params).await.unwrap();
    drop(guard);

    let encoded = text(&made["Plaintext"]);
    let secrets = [
        CANARY.as_bytes(),
        message.as_bytes(),
        &data_key,
        encoded.as_bytes(),
    ];
    let holds = |content: &[u8], secret: &[u8]| {
        content.windows(secret.len()).any(|window| window == secret)
    };
    let logged = log.read();
    let mut looked_at = 0;
    for entry in fs::read_dir(stand.dir.path().join("data")).unwrap() {
        let content = fs::read(entry.unwrap().path()).unwrap();
        for secret in secrets {
            assert!(!holds(&content, secret));
        }
        // That descriptions are found shows that the search works.
        looked_at += usize::from(holds(&content, b"findme"));
    }
    assert_ne!(looked_at, 0);
    for secret in secrets {
        assert!(!holds(&logged, secret));
    }
}

#[tokio::test]
async fn material_put_in_each_others_place_does_not_open() {
    let stand = Stand::new().await;
    let (one, two) = (stand.key(&[]).await, stand.key(&[]).await);
    let version = |key: &Value| text(&key["PrimaryKeyVersion"]).parse().unwrap();
    let mut tx = stand
        .parts
        .store
        .begin(kms_store::Mode::Write)
        .await
        .unwrap();
    let other = tx
        .key_versions()
        .find(&version(&two))
        .await
        .unwrap()
        .unwrap();
    tx.key_versions()
        .set_material(&version(&one), other.sealed.as_ref())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let refused = stand.encrypt(&text(&one["KeyId"]), "hello").await;
    assert_eq!(refused, Err(ErrorCode::InternalFailure));
}
