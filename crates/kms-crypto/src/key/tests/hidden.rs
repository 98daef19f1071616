//! Nothing of a key in what is printed.

use kms_types::{EncryptionAlgorithm, KeyFormat, KeySpec, WrappingAlgorithm, WrappingKeySpec};

use super::*;

const CANARY: &[u8] = b"canary-canary-canary-canary-cana";

/// As text, in hex and as the numbers that a list of bytes is printed with.
fn shows(printed: &str, bytes: &[u8]) -> bool {
    let numbers: Vec<String> = bytes.iter().map(u8::to_string).collect();
    let numbers = numbers.join(", ");
    printed.contains("canary")
        || printed.to_lowercase().contains(&hex::encode(bytes))
        || printed.contains(&numbers)
}

#[test]
fn no_debug_shows_a_key() {
    let material = KeyMaterial::import(KeySpec::Aes256, &Secret::new(CANARY.to_vec())).unwrap();
    let handle = material.handle().unwrap();
    let blob = handle
        .encrypt(&here().version, Binding::Nothing, CANARY)
        .unwrap();
    let opened = handle.decrypt(&blob, Binding::Nothing).unwrap();
    let pair = DataKeyPair::generate(KeySpec::EcP256, KeyFormat::Der).unwrap();
    let offer = ImportOffer::new(
        &keyring(),
        &here().account,
        &here().key,
        WrappingKeySpec::EcSm2,
        WrappingAlgorithm::Sm2Pke,
        now(),
    )
    .unwrap();
    let printed = format!("{material:?} {handle:?} {blob:?} {opened:?} {pair:?} {offer:?}");
    assert!(!shows(&printed, CANARY), "{printed}");
    assert!(!shows(&printed, &pair.private.expose()[..16]), "{printed}");
    assert_eq!(format!("{material:?}"), "KeyMaterial(Aliyun_AES_256)");
    assert_eq!(format!("{handle:?}"), "KeyHandle(Aliyun_AES_256)");
    assert_eq!(format!("{blob:?}"), format!("CiphertextBlob({VERSION})"));
    assert_eq!(format!("{pair:?}"), "DataKeyPair { .. }");
    // The check itself can fail.
    assert!(shows(&format!("{CANARY:?}"), CANARY));
    assert!(shows(&hex::encode_upper(CANARY), CANARY));
}

#[test]
fn no_error_shows_a_text() {
    let handle = imported(KeySpec::Aes256, CANARY);
    let errors = [
        handle
            .encrypt(&here().version, Binding::Nothing, &CANARY.repeat(200))
            .unwrap_err(),
        handle
            .public_encrypt(EncryptionAlgorithm::Sm2Pke, CANARY)
            .unwrap_err(),
        KeyMaterial::import(KeySpec::Rsa2048, &Secret::new(CANARY.to_vec())).unwrap_err(),
        ForeignKey::parse(WrappingKeySpec::Rsa2048, CANARY).unwrap_err(),
    ];
    for error in errors {
        assert!(!shows(&format!("{error:?} {error}"), CANARY), "{error}");
    }
}

#[test]
fn a_handle_can_be_shared_by_threads() {
    fn shared<T: Send + Sync + Clone + 'static>() {}
    shared::<KeyHandle>();
    shared::<KeyMaterial>();
}
