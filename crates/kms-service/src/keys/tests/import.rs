use kms_crypto::ForeignKey;
use kms_types::{EncryptionAlgorithm, Secret, WrappingKeySpec};

use super::*;

/// What GetParametersForImport offers.
struct Offer {
    public_key: Vec<u8>,
    token: String,
}

async fn offer(stand: &Stand, key: &str) -> Offer {
    let params = [
        ("KeyId", key),
        ("WrappingAlgorithm", "RSAES_OAEP_SHA_256"),
        ("WrappingKeySpec", "RSA_2048"),
    ];
    let answer = stand.call("GetParametersForImport", &params).await.unwrap();
    Offer {
        public_key: bytes(&answer["PublicKey"]),
        token: text(&answer["ImportToken"]),
    }
}

fn wrap(offer: &Offer, material: &[u8]) -> String {
    let key = ForeignKey::parse(WrappingKeySpec::Rsa2048, &offer.public_key).unwrap();
    let secret = Secret::new(material.to_vec());
    let algorithm = EncryptionAlgorithm::RsaesOaepSha256;
    BASE64_STANDARD.encode(key.encrypt(algorithm, &secret).unwrap())
}

async fn import(
    stand: &Stand,
    key: &str,
    material: &[u8],
    expires: &str,
) -> Result<Value, ErrorCode> {
    let offer = offer(stand, key).await;
    let params = [
        ("KeyId", key),
        ("EncryptedKeyMaterial", &wrap(&offer, material)),
        ("ImportToken", &offer.token),
        ("KeyMaterialExpireUnix", expires),
    ];
    stand.call("ImportKeyMaterial", &params).await
}

const OURS: [u8; 32] = [7; 32];
const OTHER: [u8; 32] = [8; 32];

async fn external(stand: &Stand) -> String {
    let made = stand.key(&[("Origin", "EXTERNAL")]).await;
    assert_eq!(made["KeyState"], "PendingImport");
    text(&made["KeyId"])
}

#[tokio::test]
async fn a_key_works_with_the_material_that_its_owner_brings() {
    let stand = Stand::new().await;
    let key = external(&stand).await;
    let waits = stand.encrypt(&key, "hello").await;
    assert_eq!(waits, Err(ErrorCode::KeyPendingImport));
    import(&stand, &key, &OURS, "0").await.unwrap();
    assert_eq!(stand.described(&key).await["KeyState"], "Enabled");
    let blob = stand.encrypt(&key, "hello").await.unwrap();
    assert_eq!(stand.decrypt(&blob).await.as_deref(), Ok("hello"));
    stand.on("DeleteKeyMaterial", &key).await.unwrap();
    assert_eq!(stand.described(&key).await["KeyState"], "PendingImport");
    let waits = stand.decrypt(&blob).await;
    assert_eq!(waits, Err(ErrorCode::KeyPendingImport));
    let other = import(&stand, &key, &OTHER, "0").await;
    assert_eq!(other, Err(ErrorCode::InvalidParameter));
    import(&stand, &key, &OURS, "").await.unwrap();
    assert_eq!(stand.decrypt(&blob).await.as_deref(), Ok("hello"));
}

#[tokio::test]
async fn material_goes_when_its_time_is_over_swept_or_not() {
    let stand = Stand::new().await;
    let key = external(&stand).await;
    // A minute from when these tests begin.
    let end = "1735891217";
    import(&stand, &key, &OURS, end).await.unwrap();
    let described = stand.described(&key).await;
    assert_eq!(described["MaterialExpireTime"], "2025-01-03T08:00:17Z");
    let blob = stand.encrypt(&key, "hello").await.unwrap();
    stand.pass(59);
    assert_eq!(stand.decrypt(&blob).await.as_deref(), Ok("hello"));
    assert_eq!(stand.service.sweep_keys().await.unwrap(), 0);
    stand.pass(1);
    let over = stand.decrypt(&blob).await;
    assert_eq!(over, Err(ErrorCode::KeyPendingImport));
    assert_eq!(stand.service.sweep_keys().await.unwrap(), 1);
    assert_eq!(stand.service.sweep_keys().await.unwrap(), 0);
    let described = stand.described(&key).await;
    assert_eq!(described["KeyState"], "PendingImport");
    assert_eq!(described["MaterialExpireTime"], "");
    let late = import(&stand, &key, &OURS, end).await;
    assert_eq!(late, Err(ErrorCode::InvalidParameter));
    import(&stand, &key, &OURS, "0").await.unwrap();
    assert_eq!(stand.decrypt(&blob).await.as_deref(), Ok("hello"));
}

#[tokio::test]
async fn a_token_is_good_for_its_own_key_and_a_day() {
    let stand = Stand::new().await;
    let (key, other) = (external(&stand).await, external(&stand).await);
    let offer = offer(&stand, &key).await;
    let wrapped = wrap(&offer, &OURS);
    let with = async |key: &str, token: &str| {
        let params = [
            ("KeyId", key),
            ("EncryptedKeyMaterial", wrapped.as_str()),
            ("ImportToken", token),
        ];
        stand.call("ImportKeyMaterial", &params).await
    };
    for (key, token) in [(&other, offer.token.as_str()), (&key, "AAAA")] {
        let refused = with(key, token).await;
        assert_eq!(refused, Err(ErrorCode::InvalidParameter));
    }
    stand.pass(DAY);
    let late = with(&key, &offer.token).await;
    assert_eq!(late, Err(ErrorCode::InvalidParameter));
}

#[tokio::test]
async fn keys_of_the_service_import_nothing() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    let params = [
        ("KeyId", key.as_str()),
        ("WrappingAlgorithm", "RSAES_OAEP_SHA_256"),
        ("WrappingKeySpec", "RSA_2048"),
    ];
    let refused = stand.call("GetParametersForImport", &params).await;
    assert_eq!(refused, Err(ErrorCode::UnsupportedOperation));
    let refused = stand.on("DeleteKeyMaterial", &key).await;
    assert_eq!(refused, Err(ErrorCode::UnsupportedOperation));
    let key = external(&stand).await;
    let refused = stand.on("CreateKeyVersion", &key).await;
    assert_eq!(refused, Err(ErrorCode::KeyPendingImport));
    import(&stand, &key, &OURS, "").await.unwrap();
    let refused = stand.on("CreateKeyVersion", &key).await;
    assert_eq!(refused, Err(ErrorCode::UnsupportedOperation));
}

#[tokio::test]
async fn a_key_taken_back_from_deletion_waits_for_material_that_it_has_not() {
    let stand = Stand::new().await;
    let key = external(&stand).await;
    for (has_material, wanted) in [(false, "PendingImport"), (true, "Enabled")] {
        if has_material {
            import(&stand, &key, &OURS, "").await.unwrap();
        }
        let params = [("KeyId", key.as_str()), ("PendingWindowInDays", "7")];
        stand.call("ScheduleKeyDeletion", &params).await.unwrap();
        stand.on("CancelKeyDeletion", &key).await.unwrap();
        assert_eq!(stand.described(&key).await["KeyState"], wanted);
    }
}
