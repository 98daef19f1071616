//! Sprig's JSON.

use super::{Args, Fault, Function, Value};
use crate::plan::template::json::{Style, read, write};

const COMPACT: Style = Style {
    escape_html: true,
    pretty: false,
};
const PRETTY: Style = Style {
    escape_html: true,
    pretty: true,
};
const RAW: Style = Style {
    escape_html: false,
    pretty: false,
};

pub(super) const FUNCTIONS: &[Function] = &[
    // What is no JSON gives nothing, as Sprig says; `mustFromJson` complains.
    Function::new("fromJson", 1, |_, args| {
        Ok(read(args.text(0)?).unwrap_or(Value::Nil))
    }),
    Function::new("mustFromJson", 1, |_, args| read(args.text(0)?)),
    Function::new("toJson", 1, |_, args| to_json(args, COMPACT)),
    Function::new("mustToJson", 1, |_, args| to_json(args, COMPACT)),
    Function::new("toPrettyJson", 1, |_, args| to_json(args, PRETTY)),
    Function::new("mustToPrettyJson", 1, |_, args| to_json(args, PRETTY)),
    Function::new("toRawJson", 1, |_, args| to_json(args, RAW)),
    Function::new("mustToRawJson", 1, |_, args| to_json(args, RAW)),
];

fn to_json(args: Args<'_>, style: Style) -> Result<Value, Fault> {
    Ok(Value::text(write(&args.any(0).clone().shallow()?, style)?))
}
