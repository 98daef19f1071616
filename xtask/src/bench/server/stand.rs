use std::{fmt, path::PathBuf};

use super::load::Identity;
use crate::bench::process::Process;

/// A server under load, with what its load has to know.
pub(super) struct Stand {
    pub(super) subject: Subject,
    pub(super) name: String,
    pub(super) process: Process,
    /// Host and port.
    pub(super) address: String,
    pub(super) identity: Identity,
    /// What is encrypted with.
    pub(super) key: String,
    /// How many secrets it is to have.
    pub(super) secrets: u32,
    /// The folder of its audit log.
    pub(super) audit: PathBuf,
    /// What a line there holds that is written for an answer.
    pub(super) audit_mark: &'static str,
    /// How many answers it gave to the load.
    pub(super) answered: u64,
}

/// What is measured.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Subject {
    Sqlite,
    Postgres,
    Peer,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::Peer => "the other",
        })
    }
}
