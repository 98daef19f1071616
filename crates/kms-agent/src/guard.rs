//! What must not pass, refused before anything is routed: requests that did not come
//! from this machine's own programs, that hold no token, or that could be read in two
//! ways (security reference §0, §5.2).

mod check;
mod rule;
mod token;

pub(crate) use check::{Guard, Refusal};
pub use rule::{ParseRuleError, Rule};
pub use token::AcceptedTokens;
