use jiff::Timestamp;
use kms_types::{AccountId, KeyId, KeyVersionId, Secret};

use super::*;
use crate::Keyring;

mod blob;
mod elsewhere;
mod hidden;
mod import;
mod pairs;
mod remains;
mod sealed;
mod vectors;

/// Where a key lies.
#[derive(Clone)]
struct Facts {
    account: AccountId,
    key: KeyId,
    version: KeyVersionId,
}

const VERSION: &str = "2ab1a983-7072-4bbc-a582-584b5bd8f0e1";
const OTHER_VERSION: &str = "2ab1a983-7072-4bbc-a582-584b5bd8f0e2";

fn here() -> Facts {
    Facts {
        account: "1000".parse().unwrap(),
        key: "key-hzz1".parse().unwrap(),
        version: VERSION.parse().unwrap(),
    }
}

fn now() -> Timestamp {
    "2026-11-25T12:00:00Z".parse().unwrap()
}

fn keyring() -> Keyring {
    Keyring::generate(now()).unwrap()
}

fn unhex(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

/// A key of known bytes.
fn imported(spec: kms_types::KeySpec, bytes: &[u8]) -> KeyHandle {
    KeyMaterial::import(spec, &Secret::new(bytes.to_vec()))
        .unwrap()
        .handle()
        .unwrap()
}
