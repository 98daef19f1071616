//! Which of the ways into KMS and OOS a store names.

use super::StoreError;
use crate::api::{Auth, DedicatedAuth, SecretStoreSpec};

/// The one way that a spec names.
pub(super) enum Way<'a> {
    Kms(KmsWay<'a>),
    Oos(&'a Auth),
}

/// Into KMS.
pub(super) enum KmsWay<'a> {
    /// With credentials of RAM.
    Auth(&'a Auth),
    /// With a ClientKey.
    Dedicated(&'a DedicatedAuth),
}

const ONE_OF_TWO: &str = "give one of KMS and OOS";

// === impl Way ===

impl<'a> Way<'a> {
    pub(super) fn of(spec: &'a SecretStoreSpec) -> Result<Self, StoreError> {
        match (&spec.kms, &spec.oos) {
            (Some(_), Some(_)) => Err(StoreError::new(
                "KMS",
                format!("stands beside OOS; {ONE_OF_TWO}, and the other to a store of its own"),
            )),
            (None, None) => Err(StoreError::new("spec", format!("is empty; {ONE_OF_TWO}"))),
            (None, Some(oos)) => match &oos.auth {
                Some(auth) => Ok(Self::Oos(auth)),
                None => Err(StoreError::empty("OOS.OOSAuth", "say who asks OOS")),
            },
            (Some(kms), None) => match (&kms.auth, &kms.dedicated) {
                (Some(_), Some(_)) => Err(StoreError::new(
                    "KMS.KMSAuth",
                    "stands beside dedicatedKMSAuth; give one of the two, and the other to a \
                     store of its own",
                )),
                (Some(auth), None) => Ok(Self::Kms(KmsWay::Auth(auth))),
                (None, Some(auth)) => {
                    if auth.ignore_ssl == Some(true) {
                        return Err(StoreError::new(
                            "KMS.dedicatedKMSAuth.ignoreSSL",
                            "would believe whoever answers; leave it out and give ca, the \
                             instance's CA certificate as PEM in base64",
                        ));
                    }
                    Ok(Self::Kms(KmsWay::Dedicated(auth)))
                }
                (None, None) => Err(StoreError::empty(
                    "KMS",
                    "say who asks KMS, in KMSAuth or in dedicatedKMSAuth",
                )),
            },
        }
    }
}
