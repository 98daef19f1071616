//! Who is to be told, and was. Each is told at least once: whoever dies between telling and
//! writing that down tells once more.

use jiff::{SignedDuration, Timestamp};
use kms_store::{DocumentKind, Mode};
use kms_types::AccountId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Event, Level};
use crate::{
    Service, SetupError,
    documents::{self, Document, Named},
    failure::Failure,
};

/// What there is to tell.
#[derive(Clone, Debug)]
pub struct Notice {
    /// In whose account it happened.
    pub account: AccountId,
    /// Tells it from all others of the account: a receiver that gets it twice knows.
    pub id: String,
    /// `Secret:RotateSecret:Success`.
    pub name: String,
    /// How much it matters.
    pub level: Level,
    /// What it is about, `secret/<name>`.
    pub resource: String,
    /// What else there is to say; no secret is in it.
    pub content: Value,
    /// When it happened.
    pub time: Timestamp,
}

/// A notice that somebody has not had yet.
#[derive(Clone, Debug)]
pub struct PendingNotice {
    /// What there is to tell.
    pub notice: Notice,
    told: Vec<String>,
}

/// Who was told of the event of the same name.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Waiting {
    told: Vec<String>,
    /// How often somebody could not be told.
    tries: u32,
    /// Not before, in milliseconds since 1970.
    next_try: i64,
}

/// What this work is called where several servers share a database.
const LEASE: &str = "events";
/// How long one of them has it.
const HELD: SignedDuration = SignedDuration::from_mins(2);
/// How many are told of in one go.
const MOST: usize = 100;
/// The longest pause between two tries.
const LONGEST: SignedDuration = SignedDuration::from_mins(30);
/// How long it is tried: who is away for longer reads the list.
const GIVEN_UP: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Document for Waiting {
    const KIND: DocumentKind = DocumentKind::Waiting;
}

// === impl PendingNotice ===

impl PendingNotice {
    /// Whether this one was told.
    pub fn was_told(&self, whom: &str) -> bool {
        self.told.iter().any(|told| told == whom)
    }
}

impl Service {
    /// What is to be told now, oldest first, if this server is the one that tells: one at a
    /// time does. `owner` names it.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn pending_notices(&self, owner: &str) -> Result<Vec<PendingNotice>, SetupError> {
        if !self.waits::<Waiting>().await? {
            return Ok(Vec::new());
        }
        let now = self.now();
        let pending = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut pending = Vec::new();
                    if tx
                        .leases()
                        .acquire(LEASE, owner, now, HELD)
                        .await?
                        .is_none()
                    {
                        return Ok(pending);
                    }
                    let mut waiting = documents::everywhere::<Waiting>(tx, None).await?;
                    waiting.sort_by_key(|(_, waiting)| waiting.created);
                    for (account, waiting) in waiting {
                        if waiting.body.next_try > now.as_millisecond() {
                            continue;
                        }
                        let event = documents::look_up::<Event>(tx, &account, &waiting.name);
                        let Some(event) = event.await? else {
                            documents::remove::<Waiting>(tx, &account, &waiting.name).await?;
                            continue;
                        };
                        pending.push(PendingNotice {
                            notice: notice(account, event),
                            told: waiting.body.told,
                        });
                        if pending.len() == MOST {
                            break;
                        }
                    }
                    Ok::<_, Failure>(pending)
                })
            })
            .await?;
        Ok(pending)
    }

    /// Writes down that this one was told.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn note_told(&self, pending: &PendingNotice, whom: &str) -> Result<(), SetupError> {
        self.change_waiting(pending, |waiting| {
            waiting.told.push(whom.to_owned());
            true
        })
        .await
    }

    /// Writes down that all were told, or, if somebody could not be, that it is tried again:
    /// later each time, and not for ever.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn note_end(&self, pending: &PendingNotice, all: bool) -> Result<(), SetupError> {
        let now = self.now();
        let is_late = now.duration_since(pending.notice.time) > GIVEN_UP;
        if !all && is_late {
            let (account, id) = (&pending.notice.account, &pending.notice.id);
            tracing::error!(%account, event = id, "somebody could not be told of an event");
        }
        self.change_waiting(pending, |waiting| {
            waiting.tries = waiting.tries.saturating_add(1);
            let seconds = 5_i64.saturating_mul(1 << waiting.tries.min(12));
            let pause = SignedDuration::from_secs(seconds).min(LONGEST);
            let next = now.checked_add(pause).unwrap_or(now);
            waiting.next_try = next.as_millisecond();
            !(all || is_late)
        })
        .await
    }

    /// Whether any document of this kind waits for somebody. A lease is a write: a server at rest asks for
    /// none.
    pub(crate) async fn waits<T: Document>(&self) -> Result<bool, SetupError> {
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move { documents::is_any::<T>(&mut *tx).await })
        })
        .await
        .map_err(SetupError::from)
    }

    /// Changes what is written about a notice; it goes if the change says so.
    async fn change_waiting(
        &self,
        pending: &PendingNotice,
        change: impl Fn(&mut Waiting) -> bool + Send + Sync,
    ) -> Result<(), SetupError> {
        let Notice { account, id, .. } = &pending.notice;
        let change = &change;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let Some(mut waiting) = documents::look_up::<Waiting>(tx, account, id).await?
                else {
                    return Ok::<_, Failure>(());
                };
                if change(&mut waiting.body) {
                    documents::update(tx, account, &waiting).await
                } else {
                    documents::remove::<Waiting>(tx, account, id).await
                }
            })
        })
        .await
        .map_err(SetupError::from)
    }
}

pub(crate) fn notice(account: AccountId, event: Named<Event>) -> Notice {
    let Event {
        name,
        level,
        resource,
        content,
    } = event.body;
    Notice {
        account,
        id: event.name,
        name,
        level,
        resource,
        content,
        time: event.created,
    }
}
