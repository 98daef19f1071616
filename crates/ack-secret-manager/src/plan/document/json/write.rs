use zeroize::Zeroizing;

use super::super::{Tree, number as numbers};

/// A value that JSON has no words for: an infinity, or a mapping with a key that is no string.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::plan) struct Unsupported;

/// As `json.Marshal` writes: keys sorted, no blanks, `<`, `>` and `&` escaped.
pub(in crate::plan) fn write(tree: &Tree) -> Result<Zeroizing<Vec<u8>>, Unsupported> {
    let mut out = Zeroizing::new(Vec::with_capacity(4096));
    value(tree, &mut out)?;
    Ok(out)
}

fn value(tree: &Tree, out: &mut Vec<u8>) -> Result<(), Unsupported> {
    match tree {
        Tree::Null => out.extend_from_slice(b"null"),
        Tree::Bool(true) => out.extend_from_slice(b"true"),
        Tree::Bool(false) => out.extend_from_slice(b"false"),
        Tree::Int(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Tree::Uint(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Tree::Float(number) => {
            out.extend_from_slice(numbers::json(*number).ok_or(Unsupported)?.as_bytes());
        }
        Tree::Text(text) => string(text.as_bytes(), out),
        Tree::Time(time) if time.fits_json() => string(time.to_string().as_bytes(), out),
        Tree::Time(_) | Tree::AnyMap(_) => return Err(Unsupported),
        Tree::List(list) => {
            out.push(b'[');
            for (index, item) in list.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                value(item, out)?;
            }
            out.push(b']');
        }
        Tree::Map(map) => {
            out.push(b'{');
            for (index, (key, item)) in map.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                string(key.as_bytes(), out);
                out.push(b':');
                value(item, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

fn string(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' => out.extend_from_slice(format!("\\{c}").as_bytes()),
                '\u{8}' => out.extend_from_slice(b"\\b"),
                '\u{c}' => out.extend_from_slice(b"\\f"),
                '\n' => out.extend_from_slice(b"\\n"),
                '\r' => out.extend_from_slice(b"\\r"),
                '\t' => out.extend_from_slice(b"\\t"),
                '\0'..' ' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    out.extend_from_slice(format!("\\u{:04x}", u32::from(c)).as_bytes());
                }
                _ => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        for _ in chunk.invalid() {
            out.extend_from_slice(b"\\ufffd");
        }
    }
    out.push(b'"');
}
