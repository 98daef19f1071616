use super::{origin::Origin, program::Program};

/// A text that is no template.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NoTemplate {
    /// What is wrong and where, as the object's status would say it.
    pub what: String,
    /// Whether the original takes it: it calls a function that is left out here.
    pub left_out: bool,
}

/// Whether a text of the object itself is a template, as [`render`](super::render) finds it.
///
/// # Errors
/// [`NoTemplate`]: it is none, whatever the data.
pub fn check(source: &str) -> Result<(), NoTemplate> {
    let program = Program::parse(source).map_err(|error| NoTemplate {
        what: Origin::Literal.complaint(&error),
        left_out: error.left_out,
    });
    program.map(drop)
}
