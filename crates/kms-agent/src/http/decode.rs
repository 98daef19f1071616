use std::borrow::Cow;

use thiserror::Error;

/// Percent-encoding that cannot be read in exactly one way.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
pub enum DecodeError {
    /// `%` without two hexadecimal digits.
    #[error("a % is not followed by two hexadecimal digits")]
    Escape,
    /// Bytes that are no UTF-8. Never replaced: two bad names would become one.
    #[error("the decoded bytes are no UTF-8")]
    Utf8,
}

/// Decodes once, strictly. `+` means `+`, for no name of KMS holds a space.
pub(crate) fn decode(raw: &str) -> Result<Cow<'_, str>, DecodeError> {
    if !raw.contains('%') {
        return Ok(Cow::Borrowed(raw));
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut bytes = raw.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let high = bytes.next().and_then(nibble);
            let low = bytes.next().and_then(nibble);
            let (Some(high), Some(low)) = (high, low) else {
                return Err(DecodeError::Escape);
            };
            out.push(high << 4 | low);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out)
        .map(Cow::Owned)
        .map_err(|_bytes| DecodeError::Utf8)
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests;
