use std::{fmt, path::PathBuf};

use super::load::Identity;
use crate::bench::process::Process;

/// A server under load, with what its load has to know.
pub(in crate::bench) struct Stand {
    pub(in crate::bench) subject: Subject,
    pub(in crate::bench) name: String,
    pub(in crate::bench) process: Process,
    /// Host and port.
    pub(in crate::bench) address: String,
    pub(super) identity: Identity,
    /// What is encrypted with.
    pub(in crate::bench) key: String,
    /// How many secrets it is to have.
    pub(in crate::bench) secrets: u32,
    /// The folder of its audit log.
    pub(in crate::bench) audit: PathBuf,
    /// What a line there holds that is written for an answer.
    pub(in crate::bench) audit_mark: &'static str,
    /// How many answers it gave to the load.
    pub(in crate::bench) answered: u64,
}

/// What is measured.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::bench) enum Subject {
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
