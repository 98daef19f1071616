use aws_lc_rs::hmac;
use kms_types::Secret;

use super::{acs3, acs4::Scope, rpc, rsa};
use crate::ApiError;

/// What kind of key has to have signed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scheme {
    /// An AccessKey's secret.
    AccessKey,
    /// A ClientKey's private key.
    ClientKey,
    /// Nothing was signed.
    Unsigned,
}

/// What has to come out of the caller's key.
pub(super) enum Proof {
    /// Nothing was signed.
    Absent,
    /// V3, and V4 where there is a scope.
    Acs {
        scope: Option<Scope>,
        /// As the server computes it; two where SDKs differ in writing parameter names.
        strings_to_sign: Vec<String>,
        /// Empty if it was not hex.
        signature: Vec<u8>,
        /// Whether `x-acs-content-sha256`, if sent, is the body's hash.
        is_body_hash_true: bool,
    },
    /// V1 with HMAC-SHA1.
    Rpc {
        /// Holds every parameter.
        string_to_sign: Secret<String>,
        /// Empty if it was not base64.
        signature: Vec<u8>,
    },
    /// V1 with SHA256withRSA.
    RpcRsa {
        /// Holds every parameter.
        string_to_sign: Secret<String>,
        /// Empty if it was not base64.
        signature: Vec<u8>,
    },
}

// === impl Proof ===

impl Proof {
    pub(super) fn scheme(&self) -> Scheme {
        match self {
            Self::Absent => Scheme::Unsigned,
            Self::Acs { .. } | Self::Rpc { .. } => Scheme::AccessKey,
            Self::RpcRsa { .. } => Scheme::ClientKey,
        }
    }

    /// Whether the AccessKey's secret makes it.
    pub(super) fn verify(&self, access_key_secret: &Secret<String>) -> Result<(), ApiError> {
        match self {
            Self::Absent | Self::RpcRsa { .. } => Err(ApiError::incomplete_signature(
                "it is not signed with an AccessKey",
            )),
            Self::Acs {
                scope,
                strings_to_sign,
                signature,
                is_body_hash_true,
            } => {
                let key = match scope {
                    None => acs3::hmac_key(access_key_secret),
                    Some(scope) => scope.hmac_key(access_key_secret),
                };
                let is_made = strings_to_sign
                    .iter()
                    .any(|text| hmac::verify(&key, text.as_bytes(), signature).is_ok());
                if is_made && *is_body_hash_true {
                    return Ok(());
                }
                let shown = strings_to_sign.first().cloned().unwrap_or_default();
                Err(ApiError::signature_mismatch(Secret::new(shown)))
            }
            Self::Rpc {
                string_to_sign,
                signature,
            } => {
                // EXPOSE: into the HMAC.
                let text = string_to_sign.expose().as_bytes();
                hmac::verify(&rpc::hmac_key(access_key_secret), text, signature)
                    .map_err(|_unspecified| ApiError::signature_mismatch(string_to_sign.clone()))
            }
        }
    }

    /// Whether the ClientKey's private key made it.
    pub(super) fn verify_rsa(&self, public_key: &[u8]) -> Result<(), ApiError> {
        let Self::RpcRsa {
            string_to_sign,
            signature,
        } = self
        else {
            return Err(ApiError::incomplete_signature(
                "it is not signed with a ClientKey",
            ));
        };
        // EXPOSE: into the check of the signature.
        if rsa::is_signed_by(public_key, string_to_sign.expose().as_bytes(), signature) {
            Ok(())
        } else {
            Err(ApiError::signature_mismatch(string_to_sign.clone()))
        }
    }
}
