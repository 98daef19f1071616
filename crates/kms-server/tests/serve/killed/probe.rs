//! Questions to one server. `None` is the answer of one that is gone.

use std::net::SocketAddr;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use kms_wire::sign::SigningKey;
use serde_json::Value;

use super::ledger::{Doubt, Fact, value_of};
use crate::call::{KMS, RAM, STS, try_call};

pub(super) struct Probe {
    at: SocketAddr,
    admin: SigningKey,
}

// === impl Probe ===

impl Probe {
    pub(super) fn new(at: SocketAddr, admin: SigningKey) -> Self {
        Self { at, admin }
    }

    pub(super) fn call(
        &self,
        version: &str,
        action: &str,
        params: &[(&str, &str)],
    ) -> Option<(u16, Value)> {
        try_call(self.at, &self.admin, version, action, params)
    }

    /// What was acknowledged is there, as it was written.
    pub(super) fn holds(&self, fact: &Fact) -> Option<()> {
        match fact {
            Fact::Version { secret, version } => {
                let body = self.version(secret, version)?;
                assert_eq!(body["SecretData"], value_of(secret, version), "{body}");
            }
            Fact::Key { id } => {
                let (status, body) = self.call(KMS, "DescribeKey", &[("KeyId", id)])?;
                assert_eq!(status, 200, "{body}");
                assert_eq!(body["KeyMetadata"]["KeyState"], "Enabled");
            }
            Fact::Ciphertext { blob, plain } => {
                let (status, body) = self.call(KMS, "Decrypt", &[("CiphertextBlob", blob)])?;
                assert_eq!(status, 200, "{body}");
                assert_eq!(body["Plaintext"], plain.as_str());
            }
            Fact::User { name } => assert!(self.has_user(name)?, "lost {name}"),
            Fact::AccessKey { user, key } => {
                let (status, body) = try_call(self.at, key, STS, "GetCallerIdentity", &[])?;
                assert_eq!(status, 200, "{user}: {body}");
                let arn = body["Arn"].as_str().unwrap();
                assert!(arn.ends_with(&format!(":user/{user}")), "{arn}");
            }
        }
        Some(())
    }

    /// What nobody was told of is there as it would have been, or there is nothing of it.
    pub(super) fn is_whole_or_absent(&self, doubt: &Doubt) -> Option<()> {
        match doubt {
            Doubt::Version { secret, version } => {
                let body = self.version(secret, version)?;
                if body["Code"] != "Forbidden.ResourceNotFound" {
                    assert_eq!(body["SecretData"], value_of(secret, version), "{body}");
                    self.has_one_current(secret)?;
                }
            }
            Doubt::User { name } => {
                self.has_user(name)?;
            }
            Doubt::AccessKey { user } => {
                let (status, body) = self.call(RAM, "ListAccessKeys", &[("UserName", user)])?;
                assert_eq!(status, 200, "{body}");
                let keys = body["AccessKeys"]["AccessKey"].as_array().unwrap();
                assert!(keys.len() < 2, "{body}");
            }
            // Seen by `keys_work`; and nothing is kept of a ciphertext.
            Doubt::Key | Doubt::Ciphertext => {}
        }
        Some(())
    }

    /// One version is the current one, and one the previous if there are several.
    pub(super) fn has_one_current(&self, secret: &str) -> Option<()> {
        let params = [("SecretName", secret), ("IncludeDeprecated", "true")];
        let (status, body) = self.call(KMS, "ListSecretVersionIds", &params)?;
        assert_eq!(status, 200, "{body}");
        let versions = body["VersionIds"]["VersionId"].as_array().unwrap();
        let bearers = |stage: &str| {
            let has = |version: &&Value| {
                let stages = version["VersionStages"]["VersionStage"].as_array().unwrap();
                stages.iter().any(|own| own == stage)
            };
            versions.iter().filter(has).count()
        };
        assert_eq!(bearers("ACSCurrent"), 1, "{body}");
        let previous = usize::from(versions.len() > 1);
        assert_eq!(bearers("ACSPrevious"), previous, "{body}");
        Some(())
    }

    /// There are as many keys as there may be, and each has its material.
    pub(super) fn keys_work(&self, (least, most): (usize, usize)) -> Option<()> {
        let (status, body) = self.call(KMS, "ListKeys", &[("PageSize", "100")])?;
        assert_eq!(status, 200, "{body}");
        let keys = body["Keys"]["Key"].as_array().unwrap();
        let count = usize::try_from(body["TotalCount"].as_u64().unwrap()).unwrap();
        assert!((least..=most).contains(&count), "{least} {count} {most}");
        assert_eq!(keys.len(), count);
        for key in keys {
            let id = key["KeyId"].as_str().unwrap();
            let plain = base64(id);
            let params = [("KeyId", id), ("Plaintext", &plain)];
            let (status, body) = self.call(KMS, "Encrypt", &params)?;
            assert_eq!(status, 200, "{body}");
            let blob = body["CiphertextBlob"].as_str().unwrap().to_owned();
            self.holds(&Fact::Ciphertext { blob, plain })?;
        }
        Some(())
    }

    /// What is said of a version.
    fn version(&self, secret: &str, version: &str) -> Option<Value> {
        let params = [("SecretName", secret), ("VersionId", version)];
        let (_, body) = self.call(KMS, "GetSecretValue", &params)?;
        Some(body)
    }

    fn has_user(&self, name: &str) -> Option<bool> {
        let (status, body) = self.call(RAM, "GetUser", &[("UserName", name)])?;
        assert!(matches!(status, 200 | 404), "{body}");
        Some(status == 200)
    }
}

pub(super) fn base64(text: &str) -> String {
    STANDARD.encode(text)
}
