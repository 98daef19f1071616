use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::id::{ParseIdError, id};

id! {
    /// A key's id: a UUID (`1234abcd-12ab-…`) or, in an instance, `key-hzz…`.
    KeyId, "a key id of 1 to 64 letters, digits and hyphens",
    |text| (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

id! {
    /// The id of a version of a key: a lower-case UUID. Ciphertexts begin with its 36
    /// characters (reference kms-api §3).
    KeyVersionId, "a key version id: a lower-case UUID",
    |text| text.len() == KeyVersionId::LENGTH && text.bytes().enumerate().all(|(at, b)| match at {
        8 | 13 | 18 | 23 => b == b'-',
        _ => b.is_ascii_digit() || matches!(b, b'a'..=b'f'),
    })
}

impl KeyId {
    /// A fresh one.
    pub fn random() -> Self {
        Self(uuid::Uuid::new_v4().to_string())
    }
}

impl KeyVersionId {
    /// In characters, which are bytes.
    pub const LENGTH: usize = 36;

    /// A fresh one.
    pub fn random() -> Self {
        Self(uuid::Uuid::new_v4().to_string())
    }
}
