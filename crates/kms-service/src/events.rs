//! What happened and somebody should hear of: each once, whoever notices it, and however often
//! (reference accesskey §1, rows 30 and 40).
//!
//! An event is a document, and as long as somebody is to be told of it there is a second one,
//! of the same name, that says who was: both are written with what happened, in its
//! transaction. So nothing is told that did not happen, and nothing is forgotten that did.

use jiff::Timestamp;
use kms_store::{DocumentKind, Tx};
use kms_types::{AccountId, ErrorCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    documents::{self, Document},
    failure::Failure,
};

mod counts;
mod forget;
mod list;
mod outbox;
mod reminders;

pub use counts::EventCount;
use outbox::Waiting;
pub(crate) use outbox::notice;
pub use outbox::{Notice, PendingNotice};

/// Something that happened. Its document's name is what tells it from all others, such as
/// `client-key/<id>/30`: whoever raises it a second time raises nothing.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Event {
    /// As CloudMonitor names it, `Secret:RotateSecret:Success`.
    pub(crate) name: String,
    pub(crate) level: Level,
    /// What it is about, as ARNs name it in its account, `secret/<name>`.
    pub(crate) resource: String,
    /// What else there is to say. Ids and dates, never a value.
    pub(crate) content: Value,
}

/// How much it matters.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// To be looked up.
    Info,
    /// To be read.
    Warn,
    /// Somebody has to do something.
    Critical,
}

impl Document for Event {
    const KIND: DocumentKind = DocumentKind::Event;
}

// === impl Level ===

impl Level {
    /// As it travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Critical => "CRITICAL",
        }
    }
}

/// Writes the event down, with whatever else the transaction does; whether it is new.
pub(crate) async fn raise(
    tx: &mut dyn Tx,
    account: &AccountId,
    key: &str,
    event: &Event,
    now: Timestamp,
) -> Result<bool, Failure> {
    match documents::create(tx, account, key, event, now).await {
        Err(Failure::Refused(error)) if error.code == ErrorCode::ResourceExist => Ok(false),
        done => {
            done?;
            documents::create(tx, account, key, &Waiting::default(), now).await?;
            Ok(true)
        }
    }
}

#[cfg(test)]
mod tests;
