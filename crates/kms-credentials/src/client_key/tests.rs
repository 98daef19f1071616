use std::{fs, path::Path};

use base64::{Engine, prelude::BASE64_STANDARD};
use kms_types::Secret;
use kms_wire::{
    Params,
    sign::{Unsigned, sign_rpc_rsa},
};
use proptest::prelude::*;

use super::{ClientKey, ClientKeyContentError, ClientKeyPassword};

/// Made with OpenSSL, as `tests/client_key/README.md` tells.
const DIR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/client_key");

const PASSWORD: &str = "Canary-Passw0rd";

fn file(name: &str) -> Secret<Vec<u8>> {
    Secret::new(fs::read(Path::new(DIR).join(name)).unwrap())
}

fn open(name: &str, password: &str) -> Result<ClientKey, ClientKeyContentError> {
    ClientKey::parse(&file(name), &Secret::from(password))
}

#[test]
fn keys_as_kms_issues_them_and_as_others_write_them_are_opened() {
    for name in ["legacy.json", "modern.json", "create-client-key.json"] {
        let key = open(name, PASSWORD).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!(
            key.key().key_id().as_str(),
            "KAAP.5a7dcd1c-8b13-4f1d-9a2f-000000000001"
        );
        assert_eq!(key.expires().to_string(), "2031-11-24T10:00:00Z");
        assert!(!format!("{key:?}").contains("BEGIN"));
    }
}

#[test]
fn an_opened_key_signs_as_openssl_does() {
    let key = open("legacy.json", PASSWORD).unwrap();
    let mut params = Params::default();
    params.push("SecretName", "app/db");
    let signed = sign_rpc_rsa(
        &Unsigned {
            version: "2016-01-20",
            action: "GetSecretValue",
            params: &params,
            host: "kms.cn-hangzhou.aliyuncs.com",
            user_agent: "test",
            provider: "",
            now: "2026-11-25T10:00:00Z".parse().unwrap(),
            nonce: "n0",
        },
        key.key(),
    )
    .unwrap();
    let expected = fs::read_to_string(Path::new(DIR).join("signature.txt")).unwrap();
    let expected = expected
        .trim()
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    assert!(
        signed.target.contains(&format!("Signature={expected}&")),
        "{}",
        signed.target
    );
}

#[test]
fn what_is_no_key_is_refused_for_its_reason() {
    let key = |data: &str| format!(r#"{{"KeyId":"KAAP.1","PrivateKeyData":"{data}"}}"#);
    let legacy: serde_json::Value = serde_json::from_slice(file("legacy.json").expose()).unwrap();
    let legacy = legacy["PrivateKeyData"].as_str().unwrap();
    let truncated = BASE64_STANDARD.decode(legacy).unwrap();
    let truncated = BASE64_STANDARD.encode(&truncated[..truncated.len() - 100]);
    for (content, why) in [
        (String::new(), ClientKeyContentError::Json),
        ("canary".to_owned(), ClientKeyContentError::Json),
        (
            r#"{"KeyId":"KAAP.1"}"#.to_owned(),
            ClientKeyContentError::Json,
        ),
        (
            r#"{"KeyId":"KAAP.1","PrivateKeyData":7}"#.to_owned(),
            ClientKeyContentError::Json,
        ),
        (
            r#"{"KeyId":"canary key","PrivateKeyData":"AA=="}"#.to_owned(),
            ClientKeyContentError::KeyId,
        ),
        (key("canary!"), ClientKeyContentError::Base64),
        (key(""), ClientKeyContentError::Container),
        (key("AAAA"), ClientKeyContentError::Container),
        (key(&truncated), ClientKeyContentError::Container),
    ] {
        let content = Secret::new(content.into_bytes());
        let failed = ClientKey::parse(&content, &Secret::from(PASSWORD)).unwrap_err();
        assert_eq!(failed, why);
        assert!(!format!("{failed} {failed:?}").contains("canary"));
    }
    for name in ["legacy.json", "modern.json"] {
        assert_eq!(
            open(name, "wrong").unwrap_err(),
            ClientKeyContentError::Password,
            "{name}"
        );
        assert_eq!(
            open(name, "").unwrap_err(),
            ClientKeyContentError::Password,
            "{name}"
        );
    }
    assert_eq!(
        open("elliptic.json", PASSWORD).unwrap_err(),
        ClientKeyContentError::Key
    );
    assert_eq!(
        open("no-certificate.json", PASSWORD).unwrap_err(),
        ClientKeyContentError::Key
    );
}

#[test]
fn the_password_comes_from_a_file_in_either_form_or_as_a_value() {
    let dir = tempfile::tempdir().unwrap();
    let key = Path::new(DIR).join("legacy.json");
    for content in [
        "Canary-Passw0rd",
        "Canary-Passw0rd\r\n",
        "\u{feff}Canary-Passw0rd\n",
        r#"{"ClientKeyPassword":"Canary-Passw0rd"}"#,
    ] {
        let path = dir.path().join("password");
        fs::write(&path, content).unwrap();
        ClientKey::read(&key, &ClientKeyPassword::File(path)).unwrap();
    }
    ClientKey::read(&key, &ClientKeyPassword::Value(Secret::from(PASSWORD))).unwrap();
    for (content, why) in [
        (&b" \n"[..], "holds no password"),
        (
            b"{\"Password\":\"canary\"}",
            "is no JSON with the text ClientKeyPassword",
        ),
        (b"canary\xff", "is no UTF-8 text"),
    ] {
        let path = dir.path().join("password");
        fs::write(&path, content).unwrap();
        let failed = ClientKey::read(&key, &ClientKeyPassword::File(path.clone())).unwrap_err();
        assert_eq!(failed.to_string(), format!("{}: {why}", path.display()));
        assert!(!format!("{failed:?}").contains("canary"));
    }
    let missing = dir.path().join("missing");
    let failed = ClientKey::read(&missing, &ClientKeyPassword::Value(Secret::from("x")));
    let expected = format!(
        "{}: No such file or directory (os error 2)",
        missing.display()
    );
    assert_eq!(failed.unwrap_err().to_string(), expected);
    let failed = ClientKey::read(&key, &ClientKeyPassword::Value(Secret::from("x")));
    let expected = format!(
        "{}: the password does not open PrivateKeyData",
        key.display()
    );
    assert_eq!(failed.unwrap_err().to_string(), expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Damage anywhere is an error or harmless, never a panic.
    #[test]
    fn a_damaged_container_is_no_panic(at in 0_usize..4_000, bit in 0_u8..8) {
        let file: serde_json::Value =
            serde_json::from_slice(file("fast.json").expose()).unwrap();
        let data = file["PrivateKeyData"].as_str().unwrap();
        let mut container = BASE64_STANDARD.decode(data).unwrap();
        let at = at % container.len();
        container[at] ^= 1 << bit;
        let data = BASE64_STANDARD.encode(&container);
        let content = format!(r#"{{"KeyId":"KAAP.1","PrivateKeyData":"{data}"}}"#);
        let content = Secret::new(content.into_bytes());
        let _either = ClientKey::parse(&content, &Secret::from(PASSWORD));
    }
}
