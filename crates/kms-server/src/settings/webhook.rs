use std::{path::PathBuf, time::Duration};

use kms_types::{AccountId, SecretType};

use crate::webhook::{SecretNames, WebhookUrl};

/// A program that rotates secrets, and which ones.
#[derive(Clone, Debug)]
pub struct WebhookSettings {
    /// Where it is.
    pub url: WebhookUrl,
    /// The file of the key that calls are signed with.
    pub signing_key_file: PathBuf,
    /// Whose secrets; everybody's, if nobody is named.
    pub account: Option<AccountId>,
    /// Of which types.
    pub types: Vec<SecretType>,
    /// Of which names.
    pub names: Vec<SecretNames>,
    /// How long it may take to answer.
    pub patience: Duration,
    /// The authority that is trusted, PEM, instead of the system's.
    pub ca_file: Option<PathBuf>,
}

impl WebhookSettings {
    /// What a webhook can rotate: new values of RAM credentials are RAM's to make.
    pub const TYPES: &[SecretType] = &[
        SecretType::Rds,
        SecretType::Redis,
        SecretType::PolarDb,
        SecretType::Ecs,
    ];

    /// For all secrets that can be rotated, with half a minute for an answer.
    pub fn new(url: WebhookUrl, signing_key_file: PathBuf) -> Self {
        Self {
            url,
            signing_key_file,
            account: None,
            types: Self::TYPES.to_vec(),
            names: vec![SecretNames::all()],
            patience: Duration::from_secs(30),
            ca_file: None,
        }
    }
}
