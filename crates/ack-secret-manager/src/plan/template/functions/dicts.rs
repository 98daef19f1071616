//! Sprig's dicts. `set`, `unset` and the merges change the one that they are given.

use std::collections::BTreeMap;

use super::{Args, Context, Fault, Function, Map, Text, Value, same};
use crate::plan::template::print::sprint;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::many("dict", 0, |_, args| {
        let mut entries = BTreeMap::new();
        for pair in args.all().chunks(2) {
            if let Some((key, value)) = pair.split_first() {
                let value = value.first().cloned().unwrap_or_else(|| Value::text(""));
                entries.insert(Text::from(sprint(key)), value);
            }
        }
        Ok(Value::map(entries))
    }),
    Function::new("get", 2, |_, args| {
        let found = args.map_or_none(0)?.get(args.text(1)?);
        Ok(found.unwrap_or_else(|| Value::text("")))
    }),
    Function::new("set", 3, |context, args| {
        args.map(0)?
            .set(args.text(1)?, args.any(2).clone(), context.budget)?;
        Ok(args.any(0).clone())
    }),
    Function::new("unset", 2, |_, args| {
        args.map(0)?.remove(args.text(1)?);
        Ok(args.any(0).clone())
    }),
    Function::new("hasKey", 2, |_, args| {
        Ok(args.map_or_none(0)?.get(args.text(1)?).is_some().into())
    }),
    Function::many("pluck", 1, |_, args| {
        let key = args.text(0)?;
        let found = args.maps(1)?.into_iter().filter_map(|map| map.get(key));
        Ok(Value::list(found.collect()))
    }),
    // Sorted, where Go's order is by chance: then a Secret would be written anew in each round.
    Function::many("keys", 0, |_, args| {
        let keys = args.maps(0)?.into_iter().flat_map(|map| map.entries());
        Ok(Value::texts(keys.map(|(key, _)| key)))
    }),
    Function::new("values", 1, |_, args| {
        let values = args.map_or_none(0)?.entries().into_iter();
        Ok(Value::list(values.map(|(_, value)| value).collect()))
    }),
    Function::many("pick", 1, |_, args| {
        let map = args.map_or_none(0)?;
        let keys = args.texts(1)?.into_iter();
        let found = keys.filter_map(|key| map.get(key).map(|value| (Text::from(key), value)));
        Ok(Value::map(found.collect()))
    }),
    Function::many("omit", 1, |_, args| {
        let unwanted = args.texts(1)?;
        let kept = args.map_or_none(0)?.entries().into_iter();
        Ok(Value::map(
            kept.filter(|(key, _)| !unwanted.contains(&&key[..]))
                .collect(),
        ))
    }),
    Function::many("merge", 1, |context, args| merge_all(context, args, false)),
    Function::many("mustMerge", 1, |context, args| {
        merge_all(context, args, false)
    }),
    Function::many("mergeOverwrite", 1, |context, args| {
        merge_all(context, args, true)
    }),
    Function::many("mustMergeOverwrite", 1, |context, args| {
        merge_all(context, args, true)
    }),
    Function::new("deepCopy", 1, deep_copy),
    Function::new("mustDeepCopy", 1, deep_copy),
    Function::many("dig", 3, dig),
];

fn deep_copy(context: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    context
        .budget
        .take(args.any(0).weight().saturating_mul(32))?;
    Ok(args.any(0).deep_copy())
}

fn merge_all(context: &Context<'_>, args: Args<'_>, overwrite: bool) -> Result<Value, Fault> {
    let into = args.map(0)?;
    for from in args.maps(1)? {
        merge(context, into, &from, overwrite)?;
    }
    Ok(args.any(0).clone())
}

/// Dicts within dicts are merged too. What is empty gives way to what is not.
fn merge(context: &Context<'_>, into: &Map, from: &Map, overwrite: bool) -> Result<(), Fault> {
    context.budget.step(1)?;
    for (key, value) in from.entries() {
        let own = into.get(&key);
        match (&own, &value) {
            (Some(Value::Map(own)), Value::Map(value)) if own.len() > 0 => {
                merge(context, own, value, overwrite)?;
                continue;
            }
            (Some(own), _) if own.is_true() && !overwrite => continue,
            (None, Value::Nil) if !overwrite => continue,
            _ => {}
        }
        into.set(&key, value, context.budget)?;
    }
    Ok(())
}

/// Keys, what there is without them, and a dict.
fn dig(_: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let last = args.len() - 1;
    let absent = args.any(last - 1);
    let keys: Result<Vec<&[u8]>, Fault> = (0..last - 1).map(|at| args.text(at)).collect();
    let mut found = Value::Map(args.map(last)?.clone());
    for key in keys? {
        let Value::Map(map) = &found else {
            return Err(Fault::new("on the way there is something that is no dict"));
        };
        match map.get(key) {
            Some(value) => found = value,
            None => return Ok(absent.clone()),
        }
    }
    Ok(match &found {
        Value::Text(text) => same(text),
        other => other.clone(),
    })
}
