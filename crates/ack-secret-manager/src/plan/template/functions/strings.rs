//! Sprig's string functions, but for those of words.

use bstr::ByteSlice as _;

use super::{Args, Context, Fault, Function, Value};
use crate::plan::template::{
    print::{quoted, sprint},
    value::List,
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("trim", 1, |_, args| Ok(Value::text(args.text(0)?.trim()))),
    Function::new("trimall", 2, trim_all),
    Function::new("trimAll", 2, trim_all),
    Function::new("trimSuffix", 2, |_, args| {
        let text = args.text(1)?;
        Ok(Value::text(
            text.strip_suffix(args.text(0)?).unwrap_or(text),
        ))
    }),
    Function::new("trimPrefix", 2, |_, args| {
        let text = args.text(1)?;
        Ok(Value::text(
            text.strip_prefix(args.text(0)?).unwrap_or(text),
        ))
    }),
    Function::new("contains", 2, |_, args| {
        Ok(args.text(1)?.contains_str(args.text(0)?).into())
    }),
    Function::new("hasPrefix", 2, |_, args| {
        Ok(args.text(1)?.starts_with(args.text(0)?).into())
    }),
    Function::new("hasSuffix", 2, |_, args| {
        Ok(args.text(1)?.ends_with(args.text(0)?).into())
    }),
    Function::new("replace", 3, |context, args| {
        let (old, new, text) = (args.text(0)?, args.text(1)?, args.text(2)?);
        let found = text.find_iter(old).count();
        context.budget.take(found.saturating_mul(new.len()))?;
        Ok(Value::text(text.replace(old, new)))
    }),
    Function::new("repeat", 2, |context, args| {
        let (count, text) = (args.int(0)?, args.text(1)?);
        context.budget.take_times(count, text.len())?;
        let count = usize::try_from(count).map_err(|_error| Fault::new("the count is negative"))?;
        Ok(Value::text(text.repeat(count)))
    }),
    Function::new("substr", 3, substring),
    Function::new("trunc", 2, |_, args| {
        let (count, text) = (args.int(0)?, args.text(1)?);
        let length = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
        Ok(Value::text(match count {
            0.. => text.get(..length).unwrap_or(text),
            _ => text
                .len()
                .checked_sub(length)
                .and_then(|start| text.get(start..))
                .unwrap_or(text),
        }))
    }),
    Function::new("abbrev", 2, |_, args| {
        Ok(abbreviate(0, args.int(0)?, args.text(1)?))
    }),
    Function::new("abbrevboth", 3, |_, args| {
        Ok(abbreviate(args.int(0)?, args.int(1)?, args.text(2)?))
    }),
    Function::many("quote", 0, |_, args| {
        let present = args
            .all()
            .iter()
            .filter(|value| !matches!(value, Value::Nil));
        let quoted: Vec<_> = present.map(|value| quoted(&sprint(value), false)).collect();
        Ok(Value::text(quoted.join(&b' ')))
    }),
    Function::many("squote", 0, |_, args| {
        let present = args
            .all()
            .iter()
            .filter(|value| !matches!(value, Value::Nil));
        let quoted: Vec<_> = present
            .map(|value| [b"'", &sprint(value)[..], b"'"].concat())
            .collect();
        Ok(Value::text(quoted.join(&b' ')))
    }),
    Function::many("cat", 0, |_, args| {
        let present = args
            .all()
            .iter()
            .filter(|value| !matches!(value, Value::Nil));
        let texts: Vec<_> = present.map(sprint).collect();
        Ok(Value::text(texts.join(&b' ')))
    }),
    Function::new("indent", 2, |context, args| {
        Ok(Value::text(indent(context, args)?))
    }),
    Function::new("nindent", 2, |context, args| {
        Ok(Value::text([b"\n", &indent(context, args)?[..]].concat()))
    }),
    Function::new("plural", 3, |_, args| {
        let which = usize::from(args.int(2)? != 1);
        Ok(Value::text(args.text(which)?))
    }),
    Function::new("toString", 1, |_, args| {
        Ok(Value::text(sprint(args.any(0))))
    }),
    Function::new("toStrings", 1, |_, args| {
        Ok(Value::texts(strings(args.any(0))))
    }),
    Function::new("join", 2, |context, args| {
        let texts = strings(args.any(1));
        let separator = args.text(0)?;
        context
            .budget
            .take(texts.len().saturating_mul(separator.len()))?;
        Ok(Value::text(texts.join(separator)))
    }),
    Function::new("split", 2, |context, args| {
        Ok(numbered(split(
            context,
            args.text(0)?,
            None,
            args.text(1)?,
        )?))
    }),
    Function::new("splitn", 3, |context, args| {
        Ok(numbered(split(
            context,
            args.text(0)?,
            Some(args.int(1)?),
            args.text(2)?,
        )?))
    }),
    Function::new("splitList", 2, |context, args| {
        Ok(Value::texts(split(
            context,
            args.text(0)?,
            None,
            args.text(1)?,
        )?))
    }),
    Function::new("sortAlpha", 1, |_, args| {
        let mut texts = match args.any(0) {
            Value::Nil => vec![sprint(&Value::Nil)],
            other => strings(other),
        };
        texts.sort();
        Ok(Value::texts(texts))
    }),
];

fn trim_all(_: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let unwanted: Vec<char> = args.text(0)?.chars().collect();
    let trimmed = args.text(1)?.trim_with(|found| unwanted.contains(&found));
    Ok(Value::text(trimmed))
}

fn substring(_: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let (start, end, text) = (args.int(0)?, args.int(1)?, args.text(2)?);
    let start = usize::try_from(start).ok();
    let end = usize::try_from(end).ok().filter(|end| *end <= text.len());
    let part = match (start, end) {
        (None, Some(end)) => text.get(..end),
        (None, None) => None,
        (Some(start), None) => text.get(start..),
        (Some(start), Some(end)) => text.get(start..end),
    };
    part.map(Value::text)
        .ok_or_else(|| Fault::new("the positions are out of range"))
}

/// An ellipsis instead of what is too much, at the right or at both ends.
fn abbreviate(left: i64, width: i64, text: &[u8]) -> Value {
    if width < 4 || (left > 0 && width < 7) {
        return Value::text(text);
    }
    let width = usize::try_from(width).unwrap_or(usize::MAX);
    if text.len() <= width {
        return Value::text(text);
    }
    let room = width - 3;
    let left = usize::try_from(left).unwrap_or(0).min(text.len());
    // No further than that the end fills the room.
    let left = if text.len() - left < room {
        text.len() - room
    } else {
        left
    };
    let head = |text: &[u8], room: usize| [text.get(..room).unwrap_or(text), b"..."].concat();
    if left <= 4 {
        return Value::text(head(text, room));
    }
    let rest = text.get(left..).unwrap_or_default();
    let shown = if left + room < text.len() {
        match room.checked_sub(3) {
            Some(inner) if rest.len() > room => head(rest, inner),
            _ => rest.to_vec(),
        }
    } else {
        text.get(text.len() - room..).unwrap_or_default().to_vec()
    };
    Value::text([b"...", &shown[..]].concat())
}

fn indent(context: &Context<'_>, args: Args<'_>) -> Result<Vec<u8>, Fault> {
    let (count, text) = (args.int(0)?, args.text(1)?);
    let lines = text.find_iter("\n").count() + 1;
    context.budget.take_times(count, lines)?;
    let count = usize::try_from(count).map_err(|_error| Fault::new("the count is negative"))?;
    let pad = vec![b' '; count];
    let separator = [b"\n", &pad[..]].concat();
    Ok([&pad[..], &text.replace("\n", separator)].concat())
}

/// Sprig's idea of a list of strings: elements that are nil are left out, and what is no list is
/// a list of one.
pub(super) fn strings(value: &Value) -> Vec<Vec<u8>> {
    match value {
        Value::Nil => Vec::new(),
        Value::List(List { items, .. }) => {
            let present = items.iter().filter(|item| !matches!(item, Value::Nil));
            present.map(sprint).collect()
        }
        other => vec![sprint(other)],
    }
}

/// Go's `strings.SplitN`; without a separator, characters.
fn split(
    context: &Context<'_>,
    separator: &[u8],
    count: Option<i64>,
    text: &[u8],
) -> Result<Vec<Vec<u8>>, Fault> {
    let limit = match count {
        Some(0) => return Ok(Vec::new()),
        Some(count) => usize::try_from(count).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let parts: Vec<Vec<u8>> = if separator.is_empty() {
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (_, size) = bstr::decode_utf8(rest);
            let size = if parts.len() + 1 == limit {
                rest.len()
            } else {
                size
            };
            let (part, left) = rest.split_at_checked(size).unwrap_or((rest, &[]));
            parts.push(part.to_vec());
            rest = left;
        }
        parts
    } else {
        text.splitn_str(limit, separator)
            .map(<[u8]>::to_vec)
            .collect()
    };
    context.budget.take(parts.len().saturating_mul(32))?;
    Ok(parts)
}

/// `_0`, `_1` and so on.
fn numbered(parts: Vec<Vec<u8>>) -> Value {
    let entries = parts.into_iter().enumerate();
    let entries =
        entries.map(|(at, part)| (format!("_{at}").into_bytes().into(), Value::text(part)));
    Value::Map(super::Map::new(
        entries.collect(),
        crate::plan::template::value::Of::Text,
    ))
}
