use std::{
    fmt,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Serialize};

use super::stand::Stand;
use crate::bench::example;

/// Connections that are kept, each with one call at a time.
pub(super) const CONNECTIONS: u32 = 64;

/// The program that calls.
pub(super) struct Load {
    pub(super) program: PathBuf,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub(super) enum Call {
    /// Makes each secret once.
    Fill,
    /// Reads a secret's value.
    Get,
    /// Encrypts under a key of the server.
    Encrypt,
    /// Writes another version of a secret.
    Put,
    /// As `Get`, to see what the number of secrets does to it.
    Find,
    /// A page of the list, at any place.
    List,
    /// The list, filtered by the name of one secret.
    Filter,
}

/// How the program proves who it is; the files are read there.
#[derive(Clone, Debug, Serialize)]
pub(super) enum Identity {
    /// Signs with an AccessKey, as `init` writes it down.
    AccessKey(PathBuf),
    /// Sends a token.
    Token(PathBuf),
}

/// What `examples/server_load` is told.
#[derive(Serialize)]
struct Order<'a> {
    address: &'a str,
    identity: &'a Identity,
    call: Call,
    key: &'a str,
    connections: u32,
    millis: u32,
    secrets: u32,
}

/// What it prints.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Figure {
    pub(super) answers: u64,
    pub(super) refused: u64,
    pub(super) micros: u64,
    /// In microseconds.
    pub(super) p50: u64,
    /// In microseconds.
    pub(super) p99: u64,
    /// The program's own processor time for each answer.
    pub(super) nanos: u64,
}

// === impl Load ===

impl Load {
    /// Loads the server for that long, or where that is no time, asks once for each secret.
    /// None may be refused.
    pub(super) fn run(&self, stand: &Stand, call: Call, millis: u32) -> Result<Figure> {
        let order = serde_json::to_string(&Order {
            address: &stand.address,
            identity: &stand.identity,
            call,
            key: &stand.key,
            connections: CONNECTIONS,
            millis,
            secrets: stand.secrets,
        })?;
        let figure = self
            .figure(&order)
            .with_context(|| format!("{call} of {}", stand.name))?;
        ensure!(
            figure.refused == 0,
            "{} of {} calls of {} were refused by {}",
            figure.refused,
            figure.answers,
            call,
            stand.name
        );
        ensure!(figure.answers > 0, "{} answers no {call}", stand.name);
        Ok(figure)
    }

    fn figure(&self, order: &str) -> Result<Figure> {
        let program: &Path = &self.program;
        let figures = example::run(program, &[order.as_ref()])?;
        figures.into_iter().next().context("no figure came")
    }
}

// === impl Figure ===

impl Figure {
    /// Answers per second.
    pub(super) fn rate(&self) -> u64 {
        (self.answers * 1_000_000)
            .checked_div(self.micros)
            .unwrap_or(0)
    }
}

// === impl Call ===

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fill => "CreateSecret",
            Self::Get => "GetSecretValue",
            Self::Encrypt => "Encrypt",
            Self::Put => "PutSecretValue",
            Self::Find => "GetSecretValue of any",
            Self::List => "ListSecrets, any page of 20",
            Self::Filter => "ListSecrets, filtered by name",
        })
    }
}
