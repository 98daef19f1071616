//! Sprig's line breaks, which count bytes.

use bstr::ByteSlice as _;

use super::{Context, Fault, Function, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("wrap", 2, |context, args| {
        wrap(context, args.int(0)?, b"\n", false, args.text(1)?)
    }),
    Function::new("wrapWith", 3, |context, args| {
        let separator = match args.text(1)? {
            b"" => b"\n",
            other => other,
        };
        wrap(context, args.int(0)?, separator, true, args.text(2)?)
    }),
];

/// Breaks at spaces, and long words only if asked to.
fn wrap(
    context: &Context<'_>,
    width: i64,
    separator: &[u8],
    break_words: bool,
    text: &[u8],
) -> Result<Value, Fault> {
    let width = usize::try_from(width).unwrap_or(1).max(1);
    let breaks = text.len() / width + 1;
    context
        .budget
        .take(breaks.saturating_mul(separator.len()))?;
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while rest.len() > width {
        if let Some(after) = rest.strip_prefix(b" ") {
            rest = after;
            continue;
        }
        let line = rest.get(..=width).unwrap_or(rest);
        let (end, skip) = if let Some(space) = line.rfind_byte(b' ') {
            (space, 1)
        } else if break_words {
            (width, 0)
        } else if let Some(space) = rest.get(width..).and_then(|rest| rest.find_byte(b' ')) {
            (width + space, 1)
        } else {
            break;
        };
        out.extend_from_slice(rest.get(..end).unwrap_or_default());
        out.extend_from_slice(separator);
        rest = rest.get(end + skip..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    Ok(Value::text(out))
}
