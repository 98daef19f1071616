//! Sprig's chance, which is that of the seed: the same whenever the inputs are.

use super::{Args, Context, Fault, Function, Value, encoding};
use crate::plan::template::{seed::Random, value::lossy};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("randAlphaNum", 1, |context, args| {
        characters(context, args, u8::is_ascii_alphanumeric)
    }),
    Function::new("randAlpha", 1, |context, args| {
        characters(context, args, u8::is_ascii_alphabetic)
    }),
    Function::new("randNumeric", 1, |context, args| {
        characters(context, args, u8::is_ascii_digit)
    }),
    Function::new("randAscii", 1, |context, args| {
        characters(context, args, |byte| (32..127).contains(byte))
    }),
    Function::new("randBytes", 1, |context, args| {
        let count = count(context, args)?;
        Ok(Value::text(encoding::encode(
            &context.random.bytes(count, &[]),
        )))
    }),
    Function::new("randInt", 2, |context, args| {
        let (least, end) = (args.int(0)?, args.int(1)?);
        if end <= least {
            return Err(Fault::new("there is no number between the two"));
        }
        let chosen = context.random.below(least.abs_diff(end));
        Ok(Value::int(least.wrapping_add_unsigned(chosen)))
    }),
    Function::new("shuffle", 1, |context, args| {
        let mut found: Vec<char> = lossy(args.text(0)?).chars().collect();
        context
            .budget
            .step(u64::try_from(found.len()).unwrap_or(u64::MAX))?;
        for last in (1..found.len()).rev() {
            found.swap(last, index(context.random, last + 1));
        }
        Ok(Value::text(found.into_iter().collect::<String>()))
    }),
    // RFC 9562 §5.4: version and variant, the rest is chance.
    Function::new("uuidv4", 0, |context, _| {
        let mut hex = data_encoding::HEXLOWER.encode(&context.random.bytes(16, &[]));
        hex.replace_range(12..13, "4");
        let variant = ["8", "9", "a", "b"];
        let chosen = variant.get(index(context.random, variant.len()));
        hex.replace_range(16..17, chosen.unwrap_or(&"8"));
        for at in [20, 16, 12, 8] {
            hex.insert(at, '-');
        }
        Ok(Value::text(hex))
    }),
];

fn count(context: &Context<'_>, args: Args<'_>) -> Result<usize, Fault> {
    let count = args.int(0)?;
    context.budget.take_times(count, 32)?;
    context.budget.step(count.unsigned_abs())?;
    usize::try_from(count).map_err(|_error| Fault::new("the count is negative"))
}

fn characters(
    context: &Context<'_>,
    args: Args<'_>,
    wanted: fn(&u8) -> bool,
) -> Result<Value, Fault> {
    let alphabet: Vec<u8> = (0..128).filter(wanted).collect();
    let count = count(context, args)?;
    let chosen = (0..count).filter_map(|_| alphabet.get(index(context.random, alphabet.len())));
    Ok(Value::text(chosen.copied().collect::<Vec<u8>>()))
}

fn index(random: &Random, length: usize) -> usize {
    let length = u64::try_from(length).unwrap_or(u64::MAX);
    usize::try_from(random.below(length)).unwrap_or(0)
}
