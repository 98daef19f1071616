use aws_lc_rs::digest::Digest;

use super::KeyError;

/// What a signature is made of.
#[derive(Clone, Copy, Debug)]
pub enum ToSign<'a> {
    /// A digest that the caller made with the algorithm's own function; for SM2, of Z(A)
    /// and message.
    Digest(&'a [u8]),
    /// The message; for SM2, by the signer that is meant where none is named.
    Message(&'a [u8]),
}

/// A digest that the caller made.
pub(super) fn imported(digest: &[u8]) -> Result<Digest, KeyError> {
    Digest::import_less_safe(digest, &aws_lc_rs::digest::SHA256)
        .map_err(|_length| KeyError::Digest { length: 32 })
}
