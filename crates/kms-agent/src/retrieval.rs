use std::time::Duration;

use async_trait::async_trait;
use kms_types::Clock;

use crate::SecretRequest;

mod line;

/// Where the lines go that say who got what. They are never dropped: a request whose
/// line finds no room waits.
#[async_trait]
pub trait AuditSink: Send + Sync + 'static {
    /// Takes one line without its line feed; `false`, and nothing taken, if there is no
    /// room now. Must not block: every request calls it.
    fn append(&self, line: &[u8]) -> bool;

    /// Waits until there may be room again.
    async fn ready(&self);
}

/// What the log keeps of one request: who, what, with which result. Never a value or a
/// token.
#[derive(Clone, Debug)]
pub struct Retrieval<'a> {
    /// The other end of the connection, `address:port`.
    pub peer: &'a str,
    /// The user that owns the other end's socket; `None` where that cannot be known.
    pub uid: Option<u32>,
    /// The header that carried the token, if one did.
    pub header: Option<&'a str>,
    /// What was asked for, if the request could be read.
    pub request: Option<&'a SecretRequest>,
    /// How it ended.
    pub outcome: Outcome<'a>,
    /// The HTTP status answered.
    pub status: u16,
    /// What the cache had.
    pub cache: CacheState,
    /// From the request's head being read to its answer being ready.
    pub latency: Duration,
    /// KMS's request id, empty without an upstream call.
    pub request_id: &'a str,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome<'a> {
    /// A value was handed out.
    Value,
    /// The agent said no; the reason is a fixed word.
    Refused(&'static str),
    /// KMS said no, or could not be asked; the code.
    Failed(&'a str),
}

/// What the cache had for a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CacheState {
    /// Within its TTL.
    Hit,
    /// Nothing usable, KMS was asked.
    Miss,
    /// Past its TTL, but KMS cannot be asked.
    Stale,
    /// A refusal of KMS, remembered for a moment.
    Negative,
    /// It was not asked.
    None,
}

// === impl Retrieval ===

impl Retrieval<'_> {
    /// Writes the line that [`AuditSink::append`] takes: JSON in zap's shape (seed 002).
    pub fn write(&self, clock: &dyn Clock, into: &mut Vec<u8>) {
        line::write(self, clock.now(), into);
    }
}

#[cfg(test)]
mod tests;
