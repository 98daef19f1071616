//! Sprig's lists.

use super::{Args, Context, Fault, Function, Value};
use crate::plan::template::value::{List, Of};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::many("list", 0, |_, args| Ok(Value::list(args.all().to_vec()))),
    Function::many("tuple", 0, |_, args| Ok(Value::list(args.all().to_vec()))),
    Function::new("append", 2, append),
    Function::new("mustAppend", 2, append),
    Function::new("push", 2, append),
    Function::new("mustPush", 2, append),
    Function::new("prepend", 2, prepend),
    Function::new("mustPrepend", 2, prepend),
    Function::new("first", 1, first),
    Function::new("mustFirst", 1, first),
    Function::new("last", 1, last),
    Function::new("mustLast", 1, last),
    Function::new("rest", 1, rest),
    Function::new("mustRest", 1, rest),
    Function::new("initial", 1, initial),
    Function::new("mustInitial", 1, initial),
    Function::new("reverse", 1, reverse),
    Function::new("mustReverse", 1, reverse),
    Function::new("uniq", 1, uniq),
    Function::new("mustUniq", 1, uniq),
    Function::many("without", 1, without),
    Function::many("mustWithout", 1, without),
    Function::new("has", 2, has),
    Function::new("mustHas", 2, has),
    Function::new("compact", 1, compact),
    Function::new("mustCompact", 1, compact),
    Function::many("slice", 1, slice),
    Function::many("mustSlice", 1, slice),
    Function::many("concat", 0, concat),
    Function::new("chunk", 2, chunk),
    Function::new("mustChunk", 2, chunk),
];

fn append(context: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let mut items = copied(context, args.list(0)?)?;
    items.push(args.any(1).clone());
    Ok(Value::list(items))
}

fn prepend(context: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let mut items = copied(context, args.list(0)?)?;
    items.insert(0, args.any(1).clone());
    Ok(Value::list(items))
}

/// A copy is paid for: a loop that appends makes as many as it has rounds.
fn copied(context: &Context<'_>, list: &List) -> Result<Vec<Value>, Fault> {
    context.budget.take(list.items.len().saturating_mul(16))?;
    Ok(list.items.to_vec())
}

fn first(_: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    Ok(args.list(0)?.items.first().cloned().unwrap_or(Value::Nil))
}

fn last(_: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    Ok(args.list(0)?.items.last().cloned().unwrap_or(Value::Nil))
}

fn rest(_: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    Ok(Value::list(
        args.list(0)?.items.iter().skip(1).cloned().collect(),
    ))
}

fn initial(_: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let items = &args.list(0)?.items;
    let count = items.len().saturating_sub(1);
    Ok(Value::list(items.iter().take(count).cloned().collect()))
}

fn reverse(_: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    Ok(Value::list(
        args.list(0)?.items.iter().rev().cloned().collect(),
    ))
}

fn uniq(context: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let mut found: Vec<Value> = Vec::new();
    for item in args.list(0)?.items.iter() {
        if !is_in(context, &found, item)? {
            found.push(item.clone());
        }
    }
    Ok(Value::list(found))
}

fn without(context: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let mut kept = Vec::new();
    for item in args.list(0)?.items.iter() {
        if !is_in(context, args.from(1), item)? {
            kept.push(item.clone());
        }
    }
    Ok(Value::list(kept))
}

fn has(context: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    if matches!(args.any(1), Value::Nil) {
        return Ok(false.into());
    }
    Ok(is_in(context, &args.list(1)?.items, args.any(0))?.into())
}

fn is_in(context: &Context<'_>, items: &[Value], wanted: &Value) -> Result<bool, Fault> {
    context
        .budget
        .step(u64::try_from(items.len() / 8).unwrap_or(u64::MAX))?;
    Ok(items.iter().any(|item| item.deep_equal(wanted)))
}

fn compact(_: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let items = args.list(0)?.items.iter();
    Ok(Value::list(
        items.filter(|item| item.is_true()).cloned().collect(),
    ))
}

fn slice(_: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let list = args.list(0)?;
    if list.items.is_empty() {
        return Ok(Value::Nil);
    }
    let position = |at: usize, absent: usize| match args.from(at).first() {
        Some(value) => usize::try_from(super::numbers::integer(value)).ok(),
        None => Some(absent),
    };
    let (start, end) = (position(1, 0), position(2, list.items.len()));
    let part = start
        .zip(end)
        .and_then(|(start, end)| list.items.get(start..end));
    let part = part.ok_or_else(|| Fault::new("the positions are out of range"))?;
    Ok(Value::List(List::new(part.to_vec(), list.of)))
}

fn concat(context: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let mut items = Vec::new();
    for at in 0..args.len() {
        items.extend(copied(context, args.list(at)?)?);
    }
    Ok(Value::list(items))
}

fn chunk(_: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let size = usize::try_from(args.int(0)?).ok().filter(|size| *size > 0);
    let size = size.ok_or_else(|| Fault::new("the size is not positive"))?;
    let chunks = args.list(1)?.items.chunks(size);
    let chunks = chunks.map(|chunk| Value::list(chunk.to_vec())).collect();
    Ok(Value::List(List::new(chunks, Of::Lists)))
}
