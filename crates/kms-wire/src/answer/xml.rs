//! The XML of an answer, made from its JSON: an object's fields are elements, an array is
//! one element per item under the field's name, the rest is text.

use std::fmt;

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use thiserror::Error;

/// Why there is no XML.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
pub(super) enum WriteXmlError {
    /// XML 1.0 has no way to write one of the characters.
    #[error("a character that XML cannot carry")]
    Character,
    /// Not the JSON of one object.
    #[error("not an answer")]
    Shape,
}

/// Writes the object as children of `root`.
pub(super) fn write(root: &str, json: &[u8]) -> Result<Vec<u8>, WriteXmlError> {
    convert(root, json, false)
}

/// The same, U+FFFD standing in for each character that XML cannot carry.
pub(super) fn write_lossy(root: &str, json: &[u8]) -> Result<Vec<u8>, WriteXmlError> {
    convert(root, json, true)
}

fn convert(root: &str, json: &[u8], is_lossy: bool) -> Result<Vec<u8>, WriteXmlError> {
    let mut out = Out {
        writer: Writer::new(Vec::with_capacity(json.len() * 2)),
        is_lossy,
        has_bad_character: false,
    };
    let written = out.declare().and_then(|()| {
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        Element {
            name: root,
            out: &mut out,
        }
        .deserialize(&mut deserializer)
    });
    match written {
        Ok(()) => Ok(out.writer.into_inner()),
        Err(_) if out.has_bad_character => Err(WriteXmlError::Character),
        Err(_) => Err(WriteXmlError::Shape),
    }
}

struct Out {
    writer: Writer<Vec<u8>>,
    is_lossy: bool,
    has_bad_character: bool,
}

/// One JSON value on its way into elements of that name.
struct Element<'a> {
    name: &'a str,
    out: &'a mut Out,
}

// === impl Out ===

impl Out {
    fn declare(&mut self) -> Result<(), serde_json::Error> {
        self.put(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))
    }

    fn put<E: serde::de::Error>(&mut self, event: Event<'_>) -> Result<(), E> {
        self.writer.write_event(event).map_err(E::custom)
    }

    fn text<E: serde::de::Error>(&mut self, text: &str) -> Result<(), E> {
        let escaped = escape(text, self.is_lossy).ok_or_else(|| {
            self.has_bad_character = true;
            E::custom("a character that XML cannot carry")
        })?;
        self.put(Event::Text(BytesText::from_escaped(escaped)))
    }

    fn leaf<E: serde::de::Error>(&mut self, name: &str, text: &str) -> Result<(), E> {
        self.put(Event::Start(BytesStart::new(name)))?;
        self.text(text)?;
        self.put(Event::End(BytesEnd::new(name)))
    }
}

// === impl Element ===

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Element<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.out.put(Event::Start(BytesStart::new(self.name)))?;
        while let Some(name) = map.next_key::<String>()? {
            // Field names are ours; were one not, it could open any element.
            let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if !is_word || !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
                return Err(A::Error::custom("not a field's name"));
            }
            map.next_value_seed(Element {
                name: &name,
                out: self.out,
            })?;
        }
        self.out.put(Event::End(BytesEnd::new(self.name)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq
            .next_element_seed(Element {
                name: self.name,
                out: self.out,
            })?
            .is_some()
        {}
        Ok(())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.out.leaf(self.name, text)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<(), E> {
        self.out
            .leaf(self.name, if value { "true" } else { "false" })
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<(), E> {
        self.out.leaf(self.name, &number.to_string())
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<(), E> {
        self.out.leaf(self.name, &number.to_string())
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        Ok(())
    }
}

/// Text as element content. Carriage returns become references, since parsers turn bare
/// ones into line feeds; line feeds and tabs survive as they are.
fn escape(text: &str, is_lossy: bool) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(character),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                if !is_lossy {
                    return None;
                }
                out.push('\u{fffd}');
            }
            _ => out.push(character),
        }
    }
    Some(out)
}
