use kms_types::{KeyRef, MacAlgorithm, Secret};

use super::operations;
use crate::request::param::Base64;

operations! {
    /// Makes a message authentication code.
    GenerateMac -> GenerateMac {
        /// Which key.
        key: KeyRef = "KeyId",
        /// How.
        algorithm: MacAlgorithm = "Algorithm",
        /// The message.
        message: Secret<Vec<u8>> = "Message",
        /// Only check.
        dry_run: bool = "DryRun",
    }

    /// Asks whether a message authentication code is right.
    VerifyMac -> VerifyMac {
        /// Which key.
        key: KeyRef = "KeyId",
        /// How it was made.
        algorithm: MacAlgorithm = "Algorithm",
        /// The message.
        message: Secret<Vec<u8>> = "Message",
        /// The code.
        mac: Base64 = "Mac",
        /// Only check.
        dry_run: bool = "DryRun",
    }
}
