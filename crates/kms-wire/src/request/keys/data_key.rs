use kms_types::{DataKeySpec, EncryptionAlgorithm, EncryptionContext, KeyRef, WrappingKeySpec};

use super::operations;
use crate::request::param::{Base64, Within};

operations! {
    /// Makes a data key, and hands it out plain and encrypted.
    GenerateDataKey -> GenerateDataKey {
        /// The key that encrypts it.
        key: KeyRef = "KeyId",
        /// How long it is; 256 bits if nothing is said.
        spec: Option<DataKeySpec> = "KeySpec",
        /// How long it is in bytes; goes before `spec`.
        number_of_bytes: Option<Within<1, 1024>> = "NumberOfBytes",
        /// What the ciphertext is bound to.
        context: EncryptionContext = "EncryptionContext",
        /// For confidential computing: under whose key the answer is to be encrypted.
        recipient: Option<String> = "Recipient",
        /// Only check.
        dry_run: bool = "DryRun",
    }

    /// Makes a data key, and hands it out encrypted.
    GenerateDataKeyWithoutPlaintext -> Encrypted {
        /// The key that encrypts it.
        key: KeyRef = "KeyId",
        /// How long it is; 256 bits if nothing is said.
        spec: Option<DataKeySpec> = "KeySpec",
        /// How long it is in bytes; goes before `spec`.
        number_of_bytes: Option<Within<1, 1024>> = "NumberOfBytes",
        /// What the ciphertext is bound to.
        context: EncryptionContext = "EncryptionContext",
        /// Only check.
        dry_run: bool = "DryRun",
    }

    /// Decrypts a data key, and encrypts it under the caller's public key.
    ExportDataKey -> ExportedDataKey {
        /// What GenerateDataKey answered with.
        ciphertext: Base64 = "CiphertextBlob",
        /// What it is bound to.
        context: EncryptionContext = "EncryptionContext",
        /// The caller's public key: SubjectPublicKeyInfo in DER.
        public_key: Base64 = "PublicKeyBlob",
        /// Of what kind it is.
        wrapping_spec: WrappingKeySpec = "WrappingKeySpec",
        /// How it encrypts.
        wrapping_algorithm: EncryptionAlgorithm = "WrappingAlgorithm",
        /// Only check.
        dry_run: bool = "DryRun",
    }

    /// Makes a data key, and hands it out encrypted twice: by a key of ours, and under the
    /// caller's public key.
    GenerateAndExportDataKey -> GenerateAndExportDataKey {
        /// The key that encrypts it.
        key: KeyRef = "KeyId",
        /// How long it is; 256 bits if nothing is said.
        spec: Option<DataKeySpec> = "KeySpec",
        /// How long it is in bytes; goes before `spec`.
        number_of_bytes: Option<Within<1, 1024>> = "NumberOfBytes",
        /// What our ciphertext is bound to.
        context: EncryptionContext = "EncryptionContext",
        /// The caller's public key: SubjectPublicKeyInfo in DER.
        public_key: Base64 = "PublicKeyBlob",
        /// Of what kind it is.
        wrapping_spec: WrappingKeySpec = "WrappingKeySpec",
        /// How it encrypts.
        wrapping_algorithm: EncryptionAlgorithm = "WrappingAlgorithm",
        /// Only check.
        dry_run: bool = "DryRun",
    }
}
