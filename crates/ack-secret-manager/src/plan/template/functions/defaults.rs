//! Sprig's functions of what is empty, and of what to do then.

use super::{Fault, Function, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::many("default", 1, |_, args| {
        let given = args.any(1);
        Ok(if given.is_true() { given } else { args.any(0) }.clone())
    }),
    Function::new("empty", 1, |_, args| Ok((!args.any(0).is_true()).into())),
    Function::many("coalesce", 0, |_, args| {
        let found = args.all().iter().find(|value| value.is_true());
        Ok(found.cloned().unwrap_or(Value::Nil))
    }),
    Function::many("all", 0, |_, args| {
        Ok(args.all().iter().all(Value::is_true).into())
    }),
    Function::many("any", 0, |_, args| {
        Ok(args.all().iter().any(Value::is_true).into())
    }),
    Function::new("ternary", 3, |_, args| {
        Ok(args.any(usize::from(!args.bool(2)?)).clone())
    }),
    // The message is the template's, and may hold whatever it was made of.
    Function::new("fail", 1, |_, args| {
        args.text(0)?;
        Err(Fault::new("the template says that it fails"))
    }),
];
