//! The usual form of requests that programs make most: what must be said, and the service's
//! defaults for the rest. Fields are public for whoever wants more.

use kms_types::{
    DataType, EncryptionContext, KeyRef, KeyVersionId, Secret, SecretName, SecretRef, SecretType,
    SignatureAlgorithm, VersionId,
};

use super::{
    AssumeRole, AsymmetricSign, AsymmetricVerify, Base64, CreateSecret, Decrypt, Encrypt,
    GenerateDataKey, PutSecretValue, RoleSession,
};

impl Encrypt {
    /// Bound to nothing.
    pub fn new(key: KeyRef, plaintext: Secret<Vec<u8>>) -> Self {
        Self {
            key,
            plaintext,
            context: EncryptionContext::default(),
            dry_run: false,
        }
    }
}

impl Decrypt {
    /// Of a ciphertext that is bound to nothing: the bytes that Encrypt or GenerateDataKey
    /// answered with.
    pub fn new(ciphertext: Vec<u8>) -> Self {
        Self {
            ciphertext: Base64(ciphertext),
            context: EncryptionContext::default(),
            recipient: None,
            dry_run: false,
        }
    }
}

impl GenerateDataKey {
    /// Of 256 bits, bound to nothing.
    pub fn new(key: KeyRef) -> Self {
        Self {
            key,
            spec: None,
            number_of_bytes: None,
            context: EncryptionContext::default(),
            recipient: None,
            dry_run: false,
        }
    }
}

impl AsymmetricSign {
    /// Of the digest that the algorithm wants.
    pub fn new(
        key: KeyRef,
        version: KeyVersionId,
        algorithm: SignatureAlgorithm,
        digest: Vec<u8>,
    ) -> Self {
        Self {
            key,
            version,
            algorithm,
            digest: Base64(digest),
            dry_run: false,
        }
    }
}

impl AsymmetricVerify {
    /// Whether this is the signature of that digest.
    pub fn new(
        key: KeyRef,
        version: KeyVersionId,
        algorithm: SignatureAlgorithm,
        digest: Vec<u8>,
        signature: Vec<u8>,
    ) -> Self {
        Self {
            key,
            version,
            algorithm,
            digest: Base64(digest),
            signature: Base64(signature),
            dry_run: false,
        }
    }
}

impl CreateSecret {
    /// A generic one, of text.
    pub fn new(
        secret_name: SecretName,
        secret_data: Secret<String>,
        version_id: VersionId,
    ) -> Self {
        Self {
            secret_name,
            secret_data,
            version_id,
            secret_type: SecretType::default(),
            data_type: DataType::default(),
            encryption_key_id: None,
            instance_id: None,
            description: None,
            tags: Vec::new(),
            extended_config: None,
            rotation_interval: None,
            policy: None,
        }
    }
}

impl PutSecretValue {
    /// Text, which is the current version then.
    pub fn new(secret_name: SecretRef, secret_data: Secret<String>, version_id: VersionId) -> Self {
        Self {
            secret_name,
            secret_data,
            version_id,
            data_type: DataType::default(),
            version_stages: None,
        }
    }
}

impl AssumeRole {
    /// For an hour, with all rights of the role.
    pub fn new(role_arn: impl Into<String>, session_name: impl Into<String>) -> Self {
        Self {
            session: RoleSession {
                role_arn: role_arn.into(),
                name: session_name.into(),
                duration_seconds: None,
                policy: None,
            },
            external_id: None,
        }
    }
}

#[cfg(test)]
mod tests;
