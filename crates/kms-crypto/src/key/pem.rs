use der::pem::{LineEnding, encode_string};

use super::KeyError;

/// A public key in PEM: lines of 64 characters, a line feed behind each.
pub(super) fn public(der: &[u8]) -> Result<String, KeyError> {
    encode_string("PUBLIC KEY", LineEnding::LF, der).map_err(|_length| KeyError::Cipher)
}

/// A private key in PEM.
pub(super) fn private(der: &[u8]) -> Result<String, KeyError> {
    encode_string("PRIVATE KEY", LineEnding::LF, der).map_err(|_length| KeyError::Cipher)
}
