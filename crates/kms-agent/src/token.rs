//! The token that a program must show: where it comes from, its file, and how it is
//! exchanged while the agent runs (seed 002).

use std::{io, path::PathBuf};

use kms_types::Secret;
use thiserror::Error;

mod file;
mod keeper;
mod source;

pub use file::write_fresh;
pub use keeper::TokenKeeper;
pub use source::TokenSource;

/// Why there is no token. No variant holds a piece of one.
#[derive(Debug, Error)]
pub enum TokenError {
    /// None of the variables is set.
    #[error(
        "no token: set one of the environment variables {variables}, to the token itself or to \
         file:///path (make one with: alibabacloud-kms-agent token FILE)"
    )]
    NotSet {
        /// The variables that were looked at.
        variables: String,
    },
    /// The token is empty.
    #[error(
        "the token in {place} is empty; write a new one with: alibabacloud-kms-agent token FILE"
    )]
    Empty {
        /// The variable or the file.
        place: String,
    },
    /// The token holds what no HTTP header can carry.
    #[error(
        "the token in {place} holds control characters, which no HTTP header can carry; use one line of text"
    )]
    Unusable {
        /// The variable or the file.
        place: String,
    },
    /// The file cannot be read.
    #[error("cannot read the token file {}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file cannot be made.
    #[error("cannot write the token file {}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Others than its owner and group have rights to the file.
    #[error(
        "every user of this machine can read or change the token file {0}: chmod 0640 {0}",
        path.display()
    )]
    Exposed {
        /// Which file.
        path: PathBuf,
    },
    /// The system gives no random bits.
    #[error("the system's random generator failed")]
    Random,
}

/// A token as written by people: white space around it is not part of it.
fn clean(text: &str, place: impl FnOnce() -> String) -> Result<Secret<String>, TokenError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TokenError::Empty { place: place() });
    }
    if text.chars().any(char::is_control) {
        return Err(TokenError::Unusable { place: place() });
    }
    Ok(Secret::from(text))
}

#[cfg(test)]
mod tests;
