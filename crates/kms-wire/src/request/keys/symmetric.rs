use kms_types::{EncryptionAlgorithm, EncryptionContext, KeyRef, KeyVersionId, Secret};

use super::operations;
use crate::request::param::Base64;

operations! {
    /// Encrypts under a symmetric key.
    Encrypt -> Encrypted {
        /// Which key.
        key: KeyRef = "KeyId",
        /// What is to be encrypted: 1 to 6,144 bytes.
        plaintext: Secret<Vec<u8>> = "Plaintext",
        /// What the ciphertext is bound to.
        context: EncryptionContext = "EncryptionContext",
        /// Only check.
        dry_run: bool = "DryRun",
    }

    /// Decrypts; the ciphertext says under which key.
    Decrypt -> Decrypted {
        /// What Encrypt or GenerateDataKey answered with.
        ciphertext: Base64 = "CiphertextBlob",
        /// What the ciphertext is bound to.
        context: EncryptionContext = "EncryptionContext",
        /// For confidential computing: under whose key the answer is to be encrypted.
        recipient: Option<String> = "Recipient",
        /// Only check.
        dry_run: bool = "DryRun",
    }

    /// Decrypts, and encrypts again under another key or context.
    ReEncrypt -> Encrypted {
        /// What Encrypt, GenerateDataKey or AsymmetricEncrypt answered with.
        ciphertext: Base64 = "CiphertextBlob",
        /// What it is bound to.
        source_context: EncryptionContext = "SourceEncryptionContext",
        /// The key pair, if it was encrypted under a public key.
        source_key: Option<KeyRef> = "SourceKeyId",
        /// Its version, likewise.
        source_version: Option<KeyVersionId> = "SourceKeyVersionId",
        /// By which algorithm, likewise.
        source_algorithm: Option<EncryptionAlgorithm> = "SourceEncryptionAlgorithm",
        /// The key that it is encrypted under then.
        destination_key: KeyRef = "DestinationKeyId",
        /// What it is bound to then.
        destination_context: EncryptionContext = "DestinationEncryptionContext",
        /// Only check.
        dry_run: bool = "DryRun",
    }
}
