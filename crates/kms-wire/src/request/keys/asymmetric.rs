use kms_types::{EncryptionAlgorithm, KeyRef, KeyVersionId, Secret, SignatureAlgorithm};

use super::operations;
use crate::request::param::Base64;

operations! {
    /// Decrypts with a private key.
    AsymmetricDecrypt -> Decrypted {
        /// Which key.
        key: KeyRef = "KeyId",
        /// Which version of it.
        version: KeyVersionId = "KeyVersionId",
        /// How it was encrypted.
        algorithm: EncryptionAlgorithm = "Algorithm",
        /// The ciphertext.
        ciphertext: Base64 = "CiphertextBlob",
        /// For confidential computing: under whose key the answer is to be encrypted.
        recipient: Option<String> = "Recipient",
        /// Only check.
        dry_run: bool = "DryRun",
    }

    /// Encrypts under a public key.
    AsymmetricEncrypt -> Encrypted {
        /// Which key.
        key: KeyRef = "KeyId",
        /// Which version of it.
        version: KeyVersionId = "KeyVersionId",
        /// How.
        algorithm: EncryptionAlgorithm = "Algorithm",
        /// What is to be encrypted.
        plaintext: Secret<Vec<u8>> = "Plaintext",
        /// Only check.
        dry_run: bool = "DryRun",
    }

    /// Signs a digest with a private key.
    AsymmetricSign -> Signed {
        /// Which key.
        key: KeyRef = "KeyId",
        /// Which version of it.
        version: KeyVersionId = "KeyVersionId",
        /// How.
        algorithm: SignatureAlgorithm = "Algorithm",
        /// The message's digest; for SM2, of Z(A) and message.
        digest: Base64 = "Digest",
        /// Only check.
        dry_run: bool = "DryRun",
    }

    /// Asks whether a signature of a digest is right.
    AsymmetricVerify -> SignatureVerified {
        /// Which key.
        key: KeyRef = "KeyId",
        /// Which version of it.
        version: KeyVersionId = "KeyVersionId",
        /// How it was signed.
        algorithm: SignatureAlgorithm = "Algorithm",
        /// The message's digest; for SM2, of Z(A) and message.
        digest: Base64 = "Digest",
        /// The signature.
        signature: Base64 = "Value",
        /// Only check.
        dry_run: bool = "DryRun",
    }

    /// Reads the public half of a key.
    GetPublicKey -> GetPublicKey {
        /// Which key.
        key: KeyRef = "KeyId",
        /// Which version of it.
        version: KeyVersionId = "KeyVersionId",
        /// Only check.
        dry_run: bool = "DryRun",
    }
}
