//! JSON as `encoding/json` reads and writes it.

mod parse;
mod write;

pub(in crate::plan) use parse::{is_document, parse};
pub(in crate::plan) use write::write;
