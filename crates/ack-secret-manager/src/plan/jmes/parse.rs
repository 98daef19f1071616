use jmespath::{ErrorReason, ast::Ast};

use super::PathError;

/// How long an expression may be, and how many of its characters may nest others: the parser recurs.
const LENGTH: usize = 4096;
const NESTING: usize = 128;

/// The tree of an expression.
pub(super) fn parse(path: &str) -> Result<Ast, PathError> {
    let nesting = path
        .bytes()
        .filter(|byte| b"([{!&|*.<>=".contains(byte))
        .count();
    if path.len() > LENGTH || nesting > NESTING {
        return Err(PathError::Syntax(
            "it is longer than any that is needed".to_owned(),
        ));
    }
    jmespath::parse(path).map_err(|error| {
        let reason = match error.reason {
            ErrorReason::Parse(reason) => reason,
            ErrorReason::Runtime(reason) => reason.to_string(),
        };
        PathError::Syntax(format!("{reason}, at character {}", error.offset + 1))
    })
}
