//! Sprig's regular expressions. Both languages' are those of RE2: no pattern takes more than time
//! in proportion to the text.

use std::{cell::RefCell, collections::HashMap};

use bstr::ByteSlice as _;
use regex::bytes::{NoExpand, Regex, RegexBuilder};

use super::{Args, Context, Fault, Function, Value};

mod syntax;

pub(super) const FUNCTIONS: &[Function] = &[
    // As in Sprig, a pattern that is none matches nothing; the must form complains.
    Function::new("regexMatch", 2, |context, args| {
        let (_, text) = (args.text(0)?, args.text(1)?);
        Ok(compile(context, args)
            .is_ok_and(|regex| regex.is_match(text))
            .into())
    }),
    Function::new("mustRegexMatch", 2, |context, args| {
        Ok(compile(context, args)?.is_match(args.text(1)?).into())
    }),
    Function::new("regexFind", 2, find),
    Function::new("mustRegexFind", 2, find),
    Function::new("regexFindAll", 3, find_all),
    Function::new("mustRegexFindAll", 3, find_all),
    Function::new("regexReplaceAll", 3, replace_all),
    Function::new("mustRegexReplaceAll", 3, replace_all),
    Function::new("regexReplaceAllLiteral", 3, replace_all_literal),
    Function::new("mustRegexReplaceAllLiteral", 3, replace_all_literal),
    Function::new("regexSplit", 3, split),
    Function::new("mustRegexSplit", 3, split),
    Function::new("regexQuoteMeta", 1, |_, args| {
        let mut out = Vec::new();
        for byte in args.text(0)? {
            if br"\.+*?()|[]{}^$".contains(byte) {
                out.push(b'\\');
            }
            out.push(*byte);
        }
        Ok(Value::text(out))
    }),
];

/// What a pattern may take when it is compiled.
const MAX_SIZE: usize = 1024 * 1024;

/// What compiling costs of all steps: the worst pattern of that size takes some ten milliseconds.
const STEPS: u64 = 20_000;

/// Patterns that were compiled.
pub(in crate::plan::template) type Patterns = RefCell<HashMap<String, Regex>>;

fn compile(context: &Context<'_>, args: Args<'_>) -> Result<Regex, Fault> {
    let pattern = args.string(0)?;
    if let Some(regex) = context.patterns.borrow().get(&pattern) {
        return Ok(regex.clone());
    }
    context.budget.step(STEPS)?;
    let regex = RegexBuilder::new(&syntax::translated(&pattern))
        .size_limit(MAX_SIZE)
        .dfa_size_limit(MAX_SIZE)
        .build()
        // Its text quotes the pattern.
        .map_err(|_error| Fault::new("the pattern is no regular expression, or a too big one"))?;
    let mut patterns = context.patterns.borrow_mut();
    patterns.insert(pattern, regex.clone());
    Ok(regex)
}

fn find(context: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let regex = compile(context, args)?;
    let found = regex.find(args.text(1)?);
    Ok(Value::text(
        found.map_or(&b""[..], |found| found.as_bytes()),
    ))
}

fn find_all(context: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let regex = compile(context, args)?;
    let found = regex.find_iter(args.text(1)?).take(limit(args.int(2)?));
    let found: Vec<&[u8]> = found.map(|found| found.as_bytes()).collect();
    context.budget.take(found.len().saturating_mul(32))?;
    Ok(Value::texts(found))
}

/// A negative number is no limit.
fn limit(count: i64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn replace_all(context: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let regex = compile(context, args)?;
    let (text, by) = (args.text(1)?, args.text(2)?);
    // Each `$1` may be as long as what it matched.
    let names = by.find_iter("$").count();
    let count = regex.find_iter(text).count();
    let size = count
        .saturating_mul(by.len())
        .saturating_add(names.saturating_mul(text.len()));
    context.budget.take(size)?;
    Ok(Value::text(regex.replace_all(text, by)))
}

fn replace_all_literal(context: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let regex = compile(context, args)?;
    let (text, by) = (args.text(1)?, args.text(2)?);
    context
        .budget
        .take(regex.find_iter(text).count().saturating_mul(by.len()))?;
    Ok(Value::text(regex.replace_all(text, NoExpand(by))))
}

/// Go's `Regexp.Split`: an empty match at the very beginning splits nothing off.
fn split(context: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let regex = compile(context, args)?;
    let (text, limit) = (args.text(1)?, limit(args.int(2)?));
    if limit == 0 {
        return Ok(Value::texts(Vec::<&[u8]>::new()));
    }
    if text.is_empty() && !args.text(0)?.is_empty() {
        return Ok(Value::texts([b""]));
    }
    let mut parts: Vec<&[u8]> = Vec::new();
    let (mut start, mut last) = (0, 0);
    for found in regex.find_iter(text) {
        if parts.len() + 1 >= limit {
            break;
        }
        last = found.start();
        if found.end() != 0 {
            parts.extend(text.get(start..last));
        }
        start = found.end();
    }
    if last != text.len() || parts.len() + 1 == limit {
        parts.extend(text.get(start..));
    }
    context.budget.take(parts.len().saturating_mul(32))?;
    Ok(Value::texts(parts))
}
