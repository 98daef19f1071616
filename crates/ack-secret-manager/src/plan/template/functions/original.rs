//! The six functions that ack-secret-manager adds (reference k8s-sync §1.5, templates). Where the
//! original gives an empty text for what it could not do, those that make passwords fail: an empty
//! hash in a Secret lets nobody in, or everybody.

use std::collections::BTreeMap;

use bstr::ByteSlice as _;

use super::{Context, Fault, Function, Map, Text, Value};
use crate::plan::template::{
    json::{Style, read, write},
    key_values, num,
    value::Of,
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::many("bcrypt", 1, |context, args| {
        let cost = if args.len() > 1 {
            args.int(1)?
        } else {
            DEFAULT_COST
        };
        Ok(Value::text(bcrypt(context, args.text(0)?, cost)?))
    }),
    Function::new("htpasswd", 2, |context, args| {
        let user = args.text(0)?;
        if user.contains(&b':') || user.contains(&b'\n') {
            return Err(Fault::new("a user's name has no colon and no line end"));
        }
        let hash = bcrypt(context, args.text(1)?, DEFAULT_COST)?;
        Ok(Value::text([user, b":", hash.as_bytes(), b"\n"].concat()))
    }),
    Function::new("jsonPath", 2, |_, args| {
        let Ok(document) = read(args.text(0)?) else {
            return Ok(Value::text(""));
        };
        Ok(along(document, args.text(1)?).unwrap_or_else(|| Value::text("")))
    }),
    Function::new("mergeJson", 2, |context, args| {
        let (base, other) = (args.text(0)?, args.text(1)?);
        let (Some(merged), Some(other)) = (object(base), object(other)) else {
            return Ok(Value::text(base));
        };
        merge(context, &merged, &other)?;
        let style = Style {
            escape_html: true,
            pretty: false,
        };
        Ok(Value::text(write(&Value::Map(merged), style)?))
    }),
    Function::new("parseKeyValue", 1, |_, args| {
        let pairs = key_values::parse(args.text(0)?, key_values::Comments::Skipped);
        let entries: BTreeMap<Text, Value> = pairs
            .map(|(key, value)| (Text::from(key), Value::text(value)))
            .collect();
        Ok(Value::Map(Map::new(entries, Of::Text)))
    }),
    Function::new("toLines", 1, |context, args| {
        let text = args.text(0)?;
        let lines: Vec<&[u8]> = if text.is_empty() {
            Vec::new()
        } else {
            text.trim().split_str("\n").collect()
        };
        context.budget.take(lines.len().saturating_mul(32))?;
        Ok(Value::texts(lines))
    }),
];

const DEFAULT_COST: i64 = 10;

/// A step higher takes twice as long; this takes a second.
const MAX_COST: i64 = 14;

/// Go's library takes no more either.
const MAX_PASSWORD: usize = 72;

fn bcrypt(context: &Context<'_>, password: &[u8], cost: i64) -> Result<String, Fault> {
    if password.len() > MAX_PASSWORD {
        return Err(Fault::new("bcrypt takes passwords of up to 72 bytes"));
    }
    if cost > MAX_COST {
        return Err(Fault::new("a cost beyond 14 takes the operator too long"));
    }
    // Go takes its default for what is too low.
    let cost = if cost < 4 { DEFAULT_COST } else { cost };
    let cost = u32::try_from(cost).unwrap_or(10);
    context.budget.step(50u64 << cost)?;
    let salt = context.random.bytes(16, &[b"bcrypt", password]).try_into();
    let salt = salt.map_err(|_error| Fault::new("the hash failed"))?;
    let hash = bcrypt::hash_with_salt(password, cost, salt);
    let hash = hash.map_err(|_error| Fault::new("bcrypt takes no such password"))?;
    Ok(hash.format_for_version(bcrypt::Version::TwoA))
}

/// Keys and indices between dots; nothing if the way ends before.
fn along(document: Value, path: &[u8]) -> Option<Value> {
    if path.is_empty() {
        return Some(document);
    }
    path.split_str(".")
        .try_fold(document, |found, part| match found {
            Value::Map(map) => map.get(part),
            Value::List(list) => {
                let at = usize::try_from(num::parse_int(part, 10)?).ok()?;
                list.items.get(at).cloned()
            }
            _ => None,
        })
}

fn object(text: &[u8]) -> Option<Map> {
    match read(text).ok()? {
        Value::Map(map) => Some(map),
        // Go reads it as a map without entries.
        Value::Nil => Some(Map::new(BTreeMap::new(), Of::Any)),
        _ => None,
    }
}

fn merge(context: &Context<'_>, into: &Map, from: &Map) -> Result<(), Fault> {
    for (key, value) in from.entries() {
        if let (Some(Value::Map(own)), Value::Map(value)) = (into.get(&key), &value) {
            merge(context, &own, value)?;
        } else {
            into.set(&key, value, context.budget)?;
        }
    }
    Ok(())
}
