//! Sprig's paths: Go's `path`, and `path/filepath` as it is on Linux, where the operator runs.

use bstr::ByteSlice as _;

use super::{Args, Context, Fault, Function, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("base", 1, base),
    Function::new("osBase", 1, base),
    Function::new("dir", 1, dir),
    Function::new("osDir", 1, dir),
    Function::new("clean", 1, |_, args| Ok(Value::text(clean(args.text(0)?)))),
    Function::new("osClean", 1, |_, args| {
        Ok(Value::text(clean(args.text(0)?)))
    }),
    Function::new("ext", 1, ext),
    Function::new("osExt", 1, ext),
    Function::new("isAbs", 1, |_, args| {
        Ok(args.text(0)?.starts_with(b"/").into())
    }),
    Function::new("osIsAbs", 1, |_, args| {
        Ok(args.text(0)?.starts_with(b"/").into())
    }),
];

fn base(_: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let path = args.text(0)?;
    let trimmed = path.trim_end_with(|found| found == '/');
    Ok(Value::text(match (path, trimmed) {
        (b"", _) => b".",
        (_, b"") => b"/",
        (_, trimmed) => trimmed.rsplit_str("/").next().unwrap_or(trimmed),
    }))
}

fn dir(_: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let path = args.text(0)?;
    let end = path.rfind_byte(b'/').map_or(0, |at| at + 1);
    Ok(Value::text(clean(path.get(..end).unwrap_or_default())))
}

fn ext(_: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let last = args.text(0)?.rsplit_str("/").next().unwrap_or_default();
    let start = last.rfind_byte(b'.').unwrap_or(last.len());
    Ok(Value::text(last.get(start..).unwrap_or_default()))
}

/// The shortest path to the same place.
fn clean(path: &[u8]) -> Vec<u8> {
    let is_rooted = path.starts_with(b"/");
    let mut kept: Vec<&[u8]> = Vec::new();
    for part in path.split_str("/") {
        match part {
            b"" | b"." => {}
            b".." if kept.last().is_some_and(|last| *last != b"..") => {
                kept.pop();
            }
            b".." if is_rooted => {}
            part => kept.push(part),
        }
    }
    let rest = kept.join(&b'/');
    match (is_rooted, rest.is_empty()) {
        (true, _) => [b"/", &rest[..]].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => rest,
    }
}
