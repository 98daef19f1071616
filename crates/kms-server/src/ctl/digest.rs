//! Digests of messages that are to be signed: KMS is sent no message (reference kms-api §3).

use aws_lc_rs::digest::{Digest, SHA256, digest};
use kms_types::Secret;

use super::CtlError;

/// The digest that this algorithm signs.
pub(super) fn of(algorithm: &str, message: &Secret<Vec<u8>>) -> Result<Digest, CtlError> {
    if algorithm.ends_with("SHA_256") {
        // EXPOSE: into a digest, which is sent.
        return Ok(digest(&SHA256, message.expose()));
    }
    Err(CtlError::usage(format!(
        "the digest that {algorithm} signs is not made here; give it with --digest"
    )))
}
