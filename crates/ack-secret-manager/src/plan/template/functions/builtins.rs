//! Go's own functions (text/template), but for `and` and `or`, which the executor does itself.
//! `slice` is Sprig's in these templates.

use std::cmp::Ordering;

use super::{Args, Fault, Function, Value};
use crate::plan::template::{
    print, printf,
    value::{Width, lossy},
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::many("and", 1, |_, args| Ok(args.any(args.len() - 1).clone())),
    Function::many("or", 1, |_, args| Ok(args.any(args.len() - 1).clone())),
    Function::new("not", 1, |_, args| Ok((!args.any(0).is_true()).into())),
    Function::many("eq", 2, |_, args| {
        for other in args.from(1) {
            if equal(args.any(0), other)? {
                return Ok(true.into());
            }
        }
        Ok(false.into())
    }),
    Function::new("ne", 2, |_, args| {
        Ok((!equal(args.any(0), args.any(1))?).into())
    }),
    Function::new("lt", 2, |_, args| Ok(order(args)?.is_lt().into())),
    Function::new("le", 2, |_, args| Ok(order(args)?.is_le().into())),
    Function::new("gt", 2, |_, args| Ok(order(args)?.is_gt().into())),
    Function::new("ge", 2, |_, args| Ok(order(args)?.is_ge().into())),
    Function::many("print", 0, |_, args| {
        Ok(Value::text(print::sprint_all(args.all())))
    }),
    Function::many("println", 0, |_, args| {
        Ok(Value::text(print::sprintln(args.all())))
    }),
    Function::many("printf", 1, |context, args| {
        Ok(Value::text(printf::sprintf(
            context.budget,
            args.text(0)?,
            args.from(1),
        )?))
    }),
    Function::new("len", 1, |_, args| match args.any(0) {
        Value::Text(text) => Ok(Value::count(text.len())),
        Value::List(list) => Ok(Value::count(list.items.len())),
        Value::Map(map) => Ok(Value::count(map.len())),
        other => Err(Fault::new(format!("{} has no length", other.type_name()))),
    }),
    Function::many("index", 1, |_, args| {
        args.from(1)
            .iter()
            .try_fold(args.any(0).clone(), |value, key| index(&value, key))
    }),
    Function::many("call", 1, |_, _| {
        Err(Fault::new("no value of a template is a function"))
    }),
    Function::many("html", 0, |_, args| Ok(Value::text(html(&joined(args))))),
    Function::many("js", 0, |_, args| {
        Ok(Value::text(gotmpl::js_escape(&lossy(&joined(args)))))
    }),
    Function::many("urlquery", 0, |_, args| {
        Ok(Value::text(super::urls::escape_query(&joined(args))))
    }),
];

/// What the escaping functions work on.
fn joined(args: Args<'_>) -> Vec<u8> {
    match args.all() {
        [Value::Nil] => b"<no value>".to_vec(),
        all => print::sprint_all(all),
    }
}

fn html(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        match byte {
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            0 => out.extend_from_slice("\u{fffd}".as_bytes()),
            byte => out.push(*byte),
        }
    }
    out
}

fn index(value: &Value, key: &Value) -> Result<Value, Fault> {
    let position = |length: usize| match key {
        Value::Int(at, _) => usize::try_from(*at)
            .ok()
            .filter(|at| *at < length)
            .ok_or_else(|| Fault::new("the index is out of range")),
        other => Err(Fault::new(format!("{} is no index", other.type_name()))),
    };
    match value {
        Value::List(list) => {
            let at = position(list.items.len())?;
            Ok(list.items.get(at).cloned().unwrap_or(Value::Nil))
        }
        Value::Text(text) => {
            let at = position(text.len())?;
            let byte = text.get(at).copied().unwrap_or_default();
            Ok(Value::Int(i64::from(byte), Width::Uint8))
        }
        Value::Map(map) => match key {
            Value::Text(key) => Ok(map.get(key).unwrap_or(Value::Nil)),
            other => Err(Fault::new(format!("{} is no key", other.type_name()))),
        },
        Value::Nil => Err(Fault::new("what is missing or nil has no elements")),
        other => Err(Fault::new(format!("{} has no elements", other.type_name()))),
    }
}

fn equal(left: &Value, right: &Value) -> Result<bool, Fault> {
    match (left, right) {
        (Value::Nil, Value::Nil) => Ok(true),
        (Value::Nil, _) | (_, Value::Nil) => Ok(false),
        (Value::Bool(left), Value::Bool(right)) => Ok(left == right),
        (Value::Int(left, _), Value::Int(right, _)) => Ok(left == right),
        #[expect(clippy::float_cmp, reason = "Go compares them so")]
        (Value::Float(left), Value::Float(right)) => Ok(left == right),
        (Value::Text(left), Value::Text(right)) => Ok(left == right),
        (Value::Time(left), Value::Time(right)) => Ok(left == right),
        (Value::List(_) | Value::Map(_), _) | (_, Value::List(_) | Value::Map(_)) => Err(
            Fault::new("lists and dicts are not comparable; use deepEqual"),
        ),
        _ => Err(incomparable(left, right)),
    }
}

fn order(args: Args<'_>) -> Result<Ordering, Fault> {
    match (args.any(0), args.any(1)) {
        (Value::Int(left, _), Value::Int(right, _)) => Ok(left.cmp(right)),
        (Value::Float(left), Value::Float(right)) => left
            .partial_cmp(right)
            .ok_or_else(|| Fault::new("what is no number has no order")),
        (Value::Text(left), Value::Text(right)) => Ok(left.cmp(right)),
        (left, right) => Err(incomparable(left, right)),
    }
}

fn incomparable(left: &Value, right: &Value) -> Fault {
    let (left, right) = (left.type_name(), right.type_name());
    Fault::new(format!("{left} and {right} cannot be compared"))
}
