//! Sprig's whole numbers and roundings.

use super::{Args, Context, Fault, Function, Value};
use crate::plan::template::{
    num,
    print::sprint,
    value::{List, Of},
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("atoi", 1, |_, args| {
        Ok(Value::int(num::parse_int(args.text(0)?, 10).unwrap_or(0)))
    }),
    Function::new("int", 1, |_, args| Ok(Value::int(integer(args.any(0))))),
    Function::new("int64", 1, |_, args| Ok(Value::int64(integer(args.any(0))))),
    Function::new("float64", 1, |_, args| Ok(Value::Float(float(args.any(0))))),
    Function::new("toDecimal", 1, |_, args| {
        Ok(Value::int64(
            num::parse_int(&sprint(args.any(0)), 8).unwrap_or(0),
        ))
    }),
    Function::new("add1", 1, |_, args| {
        Ok(Value::int64(integer(args.any(0)).wrapping_add(1)))
    }),
    Function::many("add", 0, |_, args| {
        let sum = args
            .all()
            .iter()
            .fold(0i64, |sum, next| sum.wrapping_add(integer(next)));
        Ok(Value::int64(sum))
    }),
    Function::new("sub", 2, |_, args| {
        Ok(Value::int64(
            integer(args.any(0)).wrapping_sub(integer(args.any(1))),
        ))
    }),
    Function::many("mul", 1, |_, args| {
        let product = args
            .all()
            .iter()
            .fold(1i64, |all, next| all.wrapping_mul(integer(next)));
        Ok(Value::int64(product))
    }),
    Function::new("div", 2, |_, args| match integer(args.any(1)) {
        0 => Err(Fault::new("it divides by zero")),
        by => Ok(Value::int64(integer(args.any(0)).wrapping_div(by))),
    }),
    Function::new("mod", 2, |_, args| match integer(args.any(1)) {
        0 => Err(Fault::new("it divides by zero")),
        by => Ok(Value::int64(integer(args.any(0)).wrapping_rem(by))),
    }),
    Function::many("max", 1, |_, args| Ok(extreme(args, i64::max))),
    Function::many("biggest", 1, |_, args| Ok(extreme(args, i64::max))),
    Function::many("min", 1, |_, args| Ok(extreme(args, i64::min))),
    Function::many("maxf", 1, |_, args| Ok(extreme_float(args, f64::max))),
    Function::many("minf", 1, |_, args| Ok(extreme_float(args, f64::min))),
    Function::new("ceil", 1, |_, args| {
        Ok(Value::Float(float(args.any(0)).ceil()))
    }),
    Function::new("floor", 1, |_, args| {
        Ok(Value::Float(float(args.any(0)).floor()))
    }),
    Function::many("round", 2, round),
    Function::new("until", 1, |context, args| {
        let end = args.int(0)?;
        Ok(ints(&steps(context, 0, end, if end < 0 { -1 } else { 1 })?))
    }),
    Function::new("untilStep", 3, |context, args| {
        Ok(ints(&steps(
            context,
            args.int(0)?,
            args.int(1)?,
            args.int(2)?,
        )?))
    }),
    Function::many("seq", 0, sequence),
];

/// What `spf13/cast` makes of a value: 0 if there is nothing to make.
pub(super) fn integer(value: &Value) -> i64 {
    match value {
        Value::Int(number, _) => *number,
        Value::Float(number) => num::truncate(*number),
        Value::Bool(value) => i64::from(*value),
        Value::Text(text) => num::parse_int(without_zero_fraction(text), 0).unwrap_or(0),
        _ => 0,
    }
}

/// `1.00` is a whole number too.
fn without_zero_fraction(text: &[u8]) -> &[u8] {
    let zeros = text.iter().rev().take_while(|byte| **byte == b'0').count();
    let rest = text.get(..text.len() - zeros).unwrap_or_default();
    match rest.strip_suffix(b".") {
        Some(whole) if zeros > 0 => whole,
        _ => text,
    }
}

pub(super) fn float(value: &Value) -> f64 {
    match value {
        Value::Int(number, _) => num::float(*number),
        Value::Float(number) => *number,
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::Text(text) => num::parse_float(text).unwrap_or(0.0),
        _ => 0.0,
    }
}

fn extreme(args: Args<'_>, choose: fn(i64, i64) -> i64) -> Value {
    let chosen = args.all().iter().map(integer).reduce(choose);
    Value::int64(chosen.unwrap_or(0))
}

fn extreme_float(args: Args<'_>, choose: fn(f64, f64) -> f64) -> Value {
    let chosen = args.all().iter().map(float).reduce(choose);
    Value::Float(chosen.unwrap_or(0.0))
}

fn round(_: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let places = i32::try_from(args.int(1)?).unwrap_or(i32::MAX);
    let threshold = if args.len() > 2 { args.float(2)? } else { 0.5 };
    let power = 10f64.powi(places);
    let digits = power * float(args.any(0));
    let up = digits.fract() >= threshold;
    Ok(Value::Float(
        if up { digits.ceil() } else { digits.floor() } / power,
    ))
}

/// Numbers from one to before another.
fn steps(context: &Context<'_>, start: i64, end: i64, step: i64) -> Result<Vec<i64>, Fault> {
    let goes = if end < start { step < 0 } else { step > 0 };
    if !goes {
        return Ok(Vec::new());
    }
    let count = start.abs_diff(end).div_ceil(step.unsigned_abs());
    context.budget.step(count)?;
    context
        .budget
        .take_times(i64::try_from(count).unwrap_or(i64::MAX), 32)?;
    let next = |last: &i64| last.checked_add(step);
    let within = |at: &i64| if step < 0 { *at > end } else { *at < end };
    Ok(std::iter::successors(Some(start), next)
        .take_while(within)
        .collect())
}

fn ints(numbers: &[i64]) -> Value {
    let items = numbers.iter().map(|number| Value::int(*number)).collect();
    Value::List(List::new(items, Of::Int))
}

/// As the program of this name: the end belongs to it.
fn sequence(context: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let numbers: Result<Vec<i64>, Fault> = (0..args.len()).map(|at| args.int(at)).collect();
    let (start, step, end) = match numbers?.as_slice() {
        [end] => (1, None, *end),
        [start, end] => (*start, None, *end),
        [start, step, end] => (*start, Some(*step), *end),
        _ => return Ok(Value::text("")),
    };
    let toward = if end < start { -1 } else { 1 };
    if toward < 0 && step.is_some_and(|step| step > 0) {
        return Ok(Value::text(""));
    }
    let all = steps(
        context,
        start,
        end.saturating_add(toward),
        step.unwrap_or(toward),
    )?;
    let texts: Vec<String> = all.iter().map(i64::to_string).collect();
    Ok(Value::text(texts.join(" ")))
}
