use kms_types::{KeyRef, WrappingAlgorithm, WrappingKeySpec};

use super::operations;
use crate::request::param::{Base64, Within};

operations! {
    /// Takes imported material away; the same can be imported again.
    DeleteKeyMaterial -> Empty {
        /// Which key.
        key: KeyRef = "KeyId",
    }

    /// Asks for a public key to encrypt material under, and a token to import it with.
    GetParametersForImport -> GetParametersForImport {
        /// Which key.
        key: KeyRef = "KeyId",
        /// How the material will be encrypted.
        wrapping_algorithm: WrappingAlgorithm = "WrappingAlgorithm",
        /// Under what kind of key.
        wrapping_spec: WrappingKeySpec = "WrappingKeySpec",
    }

    /// Imports material.
    ImportKeyMaterial -> Empty {
        /// Which key.
        key: KeyRef = "KeyId",
        /// The material, encrypted.
        encrypted: Base64 = "EncryptedKeyMaterial",
        /// The token.
        token: Base64 = "ImportToken",
        /// When it goes, in seconds since 1970; never if absent or 0.
        expires: Option<Within<0, { u32::MAX }>> = "KeyMaterialExpireUnix",
    }
}
