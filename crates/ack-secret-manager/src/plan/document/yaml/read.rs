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
    if !text.chars().all(allowed) {
        Err(DocumentError::Encoding)
    } else if begins_well(&text) {
        Ok(text)
    } else {
        Err(DocumentError::Syntax { line: 1, column: 1 })
    }
}

/// Whether what is before the first document is known to libyaml: no directive but `%TAG` and
/// `%YAML 1.1`, and no end of a document that did not begin.
fn begins_well(text: &str) -> bool {
    let lines = text.split(['\n', '\r']).map(str::trim_end);
    let mut before = lines.take_while(|line| *line != "---" && !line.starts_with("--- "));
    let mut directives = true;
    before.all(|line| {
        if line.is_empty() || line.starts_with('#') || !directives {
            return true;
        }
        let mut words = line.split([' ', '\t']).filter(|word| !word.is_empty());
        match words.next() {
            Some("%YAML") => words.next() == Some("1.1"),
            Some("...") => false,
            Some("%TAG") | None => true,
            Some(word) => {
                directives = false;
                !word.starts_with('%')
            }
        }
    })
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
