//! Sprig's functions of words and cases. Those that count on bytes in Go do so here.

use bstr::ByteSlice as _;

use super::{Function, Value};
use crate::plan::template::value::lossy;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("upper", 1, |_, args| {
        Ok(Value::text(mapped(args.text(0)?, single_upper)))
    }),
    Function::new("lower", 1, |_, args| {
        Ok(Value::text(mapped(args.text(0)?, single_lower)))
    }),
    Function::new("title", 1, |_, args| {
        Ok(Value::text(title(&args.string(0)?)))
    }),
    Function::new("untitle", 1, |_, args| {
        Ok(Value::text(untitle(&args.string(0)?)))
    }),
    Function::new("swapcase", 1, |_, args| {
        Ok(Value::text(swap_case(&args.string(0)?)))
    }),
    Function::new("camelcase", 1, |_, args| {
        Ok(Value::text(pascal(&args.string(0)?)))
    }),
    Function::new("snakecase", 1, |_, args| {
        Ok(Value::text(lower_joined(args.text(0)?, '_')))
    }),
    Function::new("kebabcase", 1, |_, args| {
        Ok(Value::text(lower_joined(args.text(0)?, '-')))
    }),
    Function::new("nospace", 1, |_, args| {
        let text = args.text(0)?;
        let latin: String = latin(text).filter(|found| !found.is_whitespace()).collect();
        let is_whole = latin.chars().count() == text.len();
        Ok(if is_whole {
            Value::text(text)
        } else {
            Value::text(latin)
        })
    }),
    Function::new("initials", 1, |_, args| {
        let mut gap = true;
        let mut out = String::new();
        for found in latin(args.text(0)?) {
            let is_space = found.is_whitespace();
            if gap && !is_space {
                out.push(found);
            }
            gap = is_space;
        }
        Ok(Value::text(out))
    }),
];

/// Bytes as characters, as goutils takes them apart.
fn latin(text: &[u8]) -> impl Iterator<Item = char> + '_ {
    text.iter().map(|byte| char::from(*byte))
}

/// The first letter behind what is no part of a word.
fn title(text: &str) -> String {
    let mut before = ' ';
    let mut out = String::with_capacity(text.len());
    for found in text.chars() {
        let is_part = before == '_' || before.is_alphanumeric();
        let starts = if before.is_ascii() {
            !is_part
        } else {
            before.is_whitespace()
        };
        if starts {
            out.extend(single_upper(found));
        } else {
            out.push(found);
        }
        before = found;
    }
    out
}

fn untitle(text: &str) -> String {
    let mut starts = true;
    let lower = |found: char| {
        if starts_then(&mut starts, found) {
            single_lower(found)
        } else {
            Some(found)
        }
    };
    text.chars().filter_map(lower).collect()
}

/// Whether a word starts here; a white space starts the next one.
fn starts_then(starts: &mut bool, found: char) -> bool {
    let is_space = found.is_whitespace();
    let here = *starts && !is_space;
    *starts = is_space;
    here
}

fn swap_case(text: &str) -> String {
    let mut space = true;
    let mut out = String::with_capacity(text.len());
    for found in text.chars() {
        if found.is_uppercase() {
            out.extend(single_lower(found));
            space = false;
        } else if found.is_lowercase() {
            out.extend(single_upper(found));
            space = false;
        } else {
            out.push(found);
            space = found.is_whitespace();
        }
    }
    let _ = space;
    out
}

/// Go maps a character to one character; where Unicode has more, it stays.
fn single_upper(found: char) -> Option<char> {
    let mut upper = found.to_uppercase();
    if upper.len() == 1 {
        upper.next()
    } else {
        Some(found)
    }
}

/// The first of more is the one that Unicode's simple mapping has.
fn single_lower(found: char) -> Option<char> {
    found.to_lowercase().next()
}

/// Each character by itself; bytes that are none stay.
fn mapped(text: &[u8], map: fn(char) -> Option<char>) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for (start, end, found) in text.char_indices() {
        let bytes = text.get(start..end).unwrap_or_default();
        match map(found) {
            Some(other) if other != found => {
                out.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes());
            }
            _ => out.extend_from_slice(bytes),
        }
    }
    out
}

fn is_connector(found: char) -> bool {
    matches!(found, '-' | '_') || found.is_whitespace()
}

/// Words begin behind connectors, of which those in front stay; a run of upper case is one word.
fn pascal(text: &str) -> String {
    let body = text.trim_start_matches(is_connector);
    let lead = text.len() - body.len();
    let mut out: String = text.get(..lead).unwrap_or_default().to_owned();
    let mut body = body.chars();
    let Some(first) = body.next() else {
        // Where there is nothing else, the last one counts as a word too.
        out.extend(text.chars().last());
        return out;
    };
    let mut pending = single_upper(first).unwrap_or(first);
    let mut in_upper = first.is_uppercase();
    for mut found in body {
        if is_connector(found) && is_connector(pending) {
            out.push(pending);
        } else if is_connector(pending) {
            // The connector goes, the next word begins.
            in_upper = found.is_uppercase();
            found = single_upper(found).unwrap_or(found);
        } else {
            if in_upper {
                if found.is_uppercase() {
                    found = single_lower(found).unwrap_or(found);
                } else {
                    in_upper = false;
                }
            }
            out.push(pending);
        }
        pending = found;
    }
    out.push(pending);
    out
}

/// What a stretch of characters is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Class {
    Number,
    Upper,
    Letters,
    Connector,
    Punctuation,
    Other,
}

fn class(found: char) -> Class {
    if is_connector(found) {
        Class::Connector
    } else if is_punctuation(found) {
        Class::Punctuation
    } else if found.is_uppercase() {
        Class::Upper
    } else if found.is_alphabetic() {
        Class::Letters
    } else if found.is_numeric() {
        Class::Number
    } else {
        Class::Other
    }
}

/// Unicode's category P, of which ASCII's members are told apart from its symbols.
fn is_punctuation(found: char) -> bool {
    if found.is_ascii() {
        return found.is_ascii_punctuation() && !"$+<=>^`|~".contains(found);
    }
    matches!(found, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{3003}'
        | '\u{3008}'..='\u{3011}' | '\u{a1}' | '\u{a7}' | '\u{ab}' | '\u{b6}' | '\u{b7}' | '\u{bb}' | '\u{bf}')
}

/// Stretches of one class. The last upper-case letter before a lower-case one begins a word of its
/// own (`HTTPServer`), as does a single one.
fn stretches(text: &str) -> Vec<(Class, String)> {
    let characters: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(first) = characters.get(at) {
        let kind = class(*first);
        let run = |from: usize, wanted: &dyn Fn(char) -> bool| {
            characters
                .iter()
                .skip(from)
                .take_while(|found| wanted(**found))
                .count()
        };
        let of_kind = |found: char| class(found) == kind;
        let mut length = run(at, &of_kind);
        if kind == Class::Upper {
            let follows = characters
                .get(at + length)
                .is_some_and(|next| class(*next) == Class::Letters);
            if follows && length > 1 {
                length -= 1;
            } else if follows {
                length += run(at + 1, &|found| class(found) == Class::Letters);
            }
        }
        out.push((kind, characters.iter().skip(at).take(length).collect()));
        at += length;
    }
    out
}

/// What belongs to a number: letters and numbers right behind it.
fn tail<'a>(
    out: &mut String,
    rest: &mut std::iter::Peekable<impl Iterator<Item = &'a (Class, String)>>,
) {
    while let Some((_, word)) =
        rest.next_if(|next| matches!(next.0, Class::Letters | Class::Number))
    {
        out.push_str(&word.to_lowercase());
    }
}

/// Words in lower case with connectors between. A number belongs to the word before it, unless
/// letters follow: then it is theirs (`http2xx` is `http_2xx`, `Bld4Floor` is `bld4_floor`).
fn lower_joined(text: &[u8], connector: char) -> String {
    let all = stretches(&lossy(text.as_bytes()));
    let mut out = String::new();
    let mut rest = all.iter().peekable();
    let joins = |kind: Option<Class>| {
        matches!(
            kind,
            Some(Class::Number | Class::Upper | Class::Letters | Class::Other)
        )
    };
    while let Some((kind, word)) = rest.next() {
        match kind {
            Class::Connector => out.extend(word.chars().map(|_| connector)),
            Class::Punctuation => out.push_str(word),
            Class::Number => {
                out.push_str(word);
                tail(&mut out, &mut rest);
                if joins(rest.peek().map(|next| next.0)) {
                    out.push(connector);
                }
            }
            Class::Upper | Class::Letters | Class::Other => {
                out.push_str(&word.to_lowercase());
                match rest.peek().map(|next| next.0) {
                    Some(Class::Number) => {}
                    next => {
                        if joins(next) {
                            out.push(connector);
                        }
                        continue;
                    }
                }
                let Some((_, number)) = rest.next() else {
                    continue;
                };
                if rest.peek().map(|next| next.0) == Some(Class::Letters) {
                    out.push(connector);
                    out.push_str(number);
                    tail(&mut out, &mut rest);
                } else {
                    out.push_str(number);
                }
                if joins(rest.peek().map(|next| next.0)) {
                    out.push(connector);
                }
            }
        }
    }
    out
}
