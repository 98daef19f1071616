use zeroize::Zeroizing;

use super::super::DocumentError;

/// The text of a document in UTF-8, or in UTF-16 if a mark at its beginning says so, without the
/// mark. Control characters are none of YAML's (libyaml's reader).
pub(super) fn text(bytes: &[u8]) -> Result<Zeroizing<String>, DocumentError> {
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest)?,
        _ => utf8(bytes)?,
    };
    if text.chars().all(allowed) {
        Ok(text)
    } else {
        Err(DocumentError::Encoding)
    }
}

fn utf8(bytes: &[u8]) -> Result<Zeroizing<String>, DocumentError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => Err(DocumentError::Encoding),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Zeroizing<String>, DocumentError> {
    let (pairs, []) = bytes.as_chunks::<2>() else {
        return Err(DocumentError::Encoding);
    };
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .collect::<Result<String, _>>()
        .map(Zeroizing::new)
        .or(Err(DocumentError::Encoding))
}

fn allowed(c: char) -> bool {
    matches!(c,
        '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{D7FF}'
        | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}
