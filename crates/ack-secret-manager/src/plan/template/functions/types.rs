//! Sprig's questions for types.

use super::{Function, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("typeOf", 1, |_, args| {
        Ok(Value::text(args.any(0).type_name()))
    }),
    Function::new("typeIs", 2, |_, args| {
        Ok((args.text(0)? == args.any(1).type_name().as_bytes()).into())
    }),
    Function::new("typeIsLike", 2, |_, args| {
        let (wanted, name) = (args.text(0)?, args.any(1).type_name());
        let pointed = name.strip_prefix('*').unwrap_or(name);
        Ok((wanted == name.as_bytes() || wanted == pointed.as_bytes()).into())
    }),
    Function::new("kindOf", 1, |_, args| {
        Ok(Value::text(args.any(0).kind_name()))
    }),
    Function::new("kindIs", 2, |_, args| {
        Ok((args.text(0)? == args.any(1).kind_name().as_bytes()).into())
    }),
    Function::new("deepEqual", 2, |_, args| {
        Ok(args.any(0).deep_equal(args.any(1)).into())
    }),
];
