//! What strangers and issuers of OIDC tokens write to kms-service.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use kms_service::{Jwt, KeySet};
use serde_json::Value;

/// A token: read or refused without a word of it, and believed only if its issuer made it
/// as it stands.
pub fn jwt(input: &[u8]) {
    let Ok(token) = std::str::from_utf8(input) else {
        return;
    };
    match Jwt::parse(token) {
        Ok(read) => {
            assert!(!read.claims().subject.is_empty(), "a token of nobody");
            if issuer().verify(&read).is_ok() {
                assert!(tokens().contains(token), "a forged token");
            }
        }
        Err(why) => {
            let told = why.to_string();
            // Words of ours are shorter, and may be in it by chance.
            assert!(token.len() < 32 || !told.contains(token), "told again");
        }
    }
}

/// A key set: as many keys as are looked at, and no harm from any.
pub fn key_set(input: &[u8]) {
    let Ok(keys) = KeySet::parse(input) else {
        return;
    };
    assert!(keys.len() <= 100, "too many keys");
    for token in tokens().iter().take(20) {
        if let Ok(read) = Jwt::parse(token)
            && keys.verify(&read).is_ok()
        {
            assert!(keys.may_know(&read), "signed by nobody known");
        }
    }
}

/// The golden tokens.
///
/// # Errors
/// If they are not where they should be.
pub(crate) fn golden_tokens() -> io::Result<Vec<String>> {
    let cases: Value = serde_json::from_slice(&fs::read(golden().join("cases.json"))?)?;
    let tokens = cases["cases"].as_array().into_iter().flatten();
    Ok(tokens
        .filter_map(|case| case["token"].as_str().map(str::to_owned))
        .collect())
}

/// The golden key set.
///
/// # Errors
/// If it is not where it should be.
pub(crate) fn golden_key_set() -> io::Result<Vec<u8>> {
    fs::read(golden().join("jwks.json"))
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/kms-service/tests/oidc")
}

fn issuer() -> &'static KeySet {
    static ISSUER: OnceLock<KeySet> = OnceLock::new();
    ISSUER
        .get_or_init(|| KeySet::parse(&golden_key_set().expect("golden keys")).expect("a key set"))
}

fn tokens() -> &'static BTreeSet<String> {
    static TOKENS: OnceLock<BTreeSet<String>> = OnceLock::new();
    TOKENS.get_or_init(|| {
        let tokens = golden_tokens().expect("golden tokens");
        tokens.into_iter().collect()
    })
}
