//! Percent-encoding as Alibaba Cloud's signatures use it: RFC 3986 with upper-case hex
//! over UTF-8, nothing untouched but `A-Za-z0-9-_.~` (reference kms-api §1.1).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// Appends the text, encoded.
pub(crate) fn encode_into(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, RESERVED));
}

/// Appends the path, encoded but for its slashes.
pub(crate) fn encode_path_into(out: &mut String, path: &str) {
    out.extend(utf8_percent_encode(path, RESERVED_IN_PATH));
}

/// Decodes one name or value of a query or form, once; `+` is a space.
///
/// None for a `%` without two hex digits and for bytes that are no UTF-8: a guess there
/// would let two parties read one request differently.
pub(crate) fn decode_form(encoded: &[u8]) -> Option<String> {
    let mut rest = encoded;
    while let Some(at) = rest.iter().position(|byte| *byte == b'%') {
        let (digits, after) = rest.get(at + 1..)?.split_at_checked(2)?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        rest = after;
    }
    if !encoded.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return str::from_utf8(encoded).ok().map(str::to_owned);
    }
    let spaced: Vec<u8> = encoded
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    percent_decode(&spaced)
        .decode_utf8()
        .ok()
        .map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests;
