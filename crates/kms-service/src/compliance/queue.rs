//! What waits to be sent to channels: written with the finding, in its transaction, one row for
//! each channel that wants it, and sent in that order. So a channel gets each finding at least once,
//! never a later one before an earlier one, and none from before it was made; and what it waits
//! for outlives the server.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use kms_store::{DocumentKind, Mode, Tx};
use kms_types::AccountId;
use kms_wire::request::ChannelKind;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::channel::{Channel, LastDelivery};
use crate::{
    Notice, Service, SetupError,
    documents::{self, Document, Named},
    events::{self, Event},
    failure::Failure,
};

/// What waits for one channel.
#[derive(Clone, Debug)]
pub struct Backlog {
    /// Whose channel.
    pub account: AccountId,
    /// Its id.
    pub channel: String,
    /// `SLS`, `OSS` or `MNS`: in what form it is sent.
    pub kind: ChannelKind,
    /// What it names.
    pub target: String,
    /// What it names for that which is too large for the first.
    pub oversized: Option<String>,
    /// What waits, oldest first.
    pub notices: Vec<Notice>,
}

/// What came of sending one finding to a channel.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It is there.
    Sent,
    /// It is not there, and is tried again.
    Failed(String),
    /// It never will be.
    Dropped(String),
}

/// How the channels of a kind are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ChannelCount {
    /// Which kind.
    pub kind: ChannelKind,
    /// How many findings wait for them.
    pub waiting: u64,
    /// Since when the oldest does.
    pub oldest: Option<Timestamp>,
    /// To how many of them the last try failed.
    pub failing: u64,
}

/// That a finding waits for a channel; the document's name is `<channel>/<event>`.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Waiting {
    channel: String,
    event: String,
}

/// What this work is called where several servers share a database.
const LEASE: &str = "deliveries";
/// How long one of them has it: longer than a place may take to answer.
const HELD: SignedDuration = SignedDuration::from_mins(2);
/// How many are sent to a channel in one go.
const MOST: usize = 100;
/// The longest pause between two tries.
const LONGEST: SignedDuration = SignedDuration::from_mins(30);

impl Document for Waiting {
    const KIND: DocumentKind = DocumentKind::Delivery;
}

/// Notes for whom the finding waits: channels that want it, of the account itself and, if a rule of
/// an account group has found it, of that group.
pub(super) async fn append(
    tx: &mut dyn Tx,
    (account, aggregator): (&AccountId, Option<&str>),
    event: &str,
    content: &Value,
    now: Timestamp,
) -> Result<(), Failure> {
    for channel in documents::all::<Channel>(tx, account).await? {
        let own = channel.body.aggregator.as_deref();
        if (own.is_none() || own == aggregator) && channel.body.wants(content) {
            let waiting = Waiting {
                channel: channel.name,
                event: event.to_owned(),
            };
            let name = format!("{}/{event}", waiting.channel);
            documents::create(tx, account, &name, &waiting, now).await?;
        }
    }
    Ok(())
}

/// How many wait for each channel of the account.
pub(super) async fn of_account(
    tx: &mut dyn Tx,
    account: &AccountId,
) -> Result<BTreeMap<String, u64>, Failure> {
    let mut counts = BTreeMap::new();
    for waiting in documents::all::<Waiting>(tx, account).await? {
        *counts.entry(waiting.body.channel).or_default() += 1;
    }
    Ok(counts)
}

/// Forgets what waits for a channel, which is deleted.
pub(super) async fn forget(
    tx: &mut dyn Tx,
    account: &AccountId,
    channel: &str,
) -> Result<(), Failure> {
    for waiting in documents::all::<Waiting>(tx, account).await? {
        if waiting.body.channel == channel {
            documents::remove::<Waiting>(tx, account, &waiting.name).await?;
        }
    }
    Ok(())
}

impl Service {
    /// What can be sent now, by channel, if this server is the one that sends: one at a time does.
    /// `owner` names it.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn backlogs(&self, owner: &str) -> Result<Vec<Backlog>, SetupError> {
        if !self.waits::<Waiting>().await? {
            return Ok(Vec::new());
        }
        let now = self.now();
        let backlogs = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let lease = tx.leases().acquire(LEASE, owner, now, HELD).await?;
                    if lease.is_none() {
                        return Ok(Vec::new());
                    }
                    let channels = documents::everywhere::<Channel>(tx, None).await?;
                    let mut due: BTreeMap<_, _> = channels
                        .into_iter()
                        .filter(|(_, found)| {
                            let state = &found.body.delivery;
                            found.body.is_on && state.next_try <= now.as_millisecond()
                        })
                        .map(|(account, found)| {
                            (
                                (account.clone(), found.name.clone()),
                                backlog(account, found),
                            )
                        })
                        .collect();
                    if due.is_empty() {
                        return Ok(Vec::new());
                    }
                    let mut waiting = documents::everywhere::<Waiting>(tx, None).await?;
                    waiting.sort_by(|(_, one), (_, other)| {
                        (one.created, &one.name).cmp(&(other.created, &other.name))
                    });
                    for (account, waiting) in waiting {
                        let Waiting { channel, event } = waiting.body;
                        let Some(backlog) = due.get_mut(&(account.clone(), channel)) else {
                            continue;
                        };
                        if backlog.notices.len() == MOST {
                            continue;
                        }
                        let found = documents::look_up::<Event>(tx, &account, &event).await?;
                        if let Some(event) = found {
                            backlog.notices.push(events::notice(account, event));
                        } else {
                            // Nobody took it for as long as events are kept.
                            let name = waiting.name;
                            tracing::error!(%account, delivery = name, "a finding is not sent");
                            documents::remove::<Waiting>(tx, &account, &name).await?;
                        }
                    }
                    let with_some = |backlog: &Backlog| !backlog.notices.is_empty();
                    Ok::<_, Failure>(due.into_values().filter(with_some).collect())
                })
            })
            .await?;
        Ok(backlogs)
    }

    /// Writes down what came of sending a finding to a channel. Whether this server may send on:
    /// not if another one does by now.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn note_delivery(
        &self,
        owner: &str,
        backlog: &Backlog,
        notice: &Notice,
        outcome: &Outcome,
    ) -> Result<bool, SetupError> {
        let now = self.now();
        let Backlog {
            account, channel, ..
        } = backlog;
        let name = &format!("{channel}/{}", notice.id);
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let lease = tx.leases().acquire(LEASE, owner, now, HELD).await?;
                if !matches!(outcome, Outcome::Failed(_))
                    && documents::look_up::<Waiting>(tx, account, name)
                        .await?
                        .is_some()
                {
                    documents::remove::<Waiting>(tx, account, name).await?;
                }
                let found = documents::look_up::<Channel>(tx, account, channel).await?;
                if let Some(mut found) = found {
                    note(&mut found.body, outcome, now);
                    documents::update(tx, account, &found).await?;
                }
                Ok::<_, Failure>(lease.is_some())
            })
        })
        .await
        .map_err(SetupError::from)
    }

    /// How the channels of all accounts are, by kind.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn count_channels(&self) -> Result<Vec<ChannelCount>, SetupError> {
        let (channels, waiting) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let channels = documents::everywhere::<Channel>(tx, None).await?;
                    let waiting = documents::everywhere::<Waiting>(tx, None).await?;
                    Ok::<_, Failure>((channels, waiting))
                })
            })
            .await?;
        let kinds = [ChannelKind::Oss, ChannelKind::Sls, ChannelKind::Mns];
        let mut counts = kinds.map(|kind| ChannelCount {
            kind,
            waiting: 0,
            oldest: None,
            failing: 0,
        });
        for count in &mut counts {
            let own: BTreeMap<_, _> = channels
                .iter()
                .filter(|(_, found)| found.body.kind == count.kind)
                .map(|(account, found)| ((account, found.name.as_str()), found))
                .collect();
            let failing = own
                .values()
                .filter(|found| found.body.delivery.failures > 0);
            count.failing = u64::try_from(failing.count()).unwrap_or(u64::MAX);
            for (account, waiting) in &waiting {
                if own.contains_key(&(account, waiting.body.channel.as_str())) {
                    count.waiting += 1;
                    let oldest = count.oldest.unwrap_or(waiting.created);
                    count.oldest = Some(oldest.min(waiting.created));
                }
            }
        }
        Ok(counts.into())
    }
}

fn backlog(account: AccountId, found: Named<Channel>) -> Backlog {
    let own = found.body;
    Backlog {
        account,
        channel: found.name,
        kind: own.kind,
        target: own.target,
        oversized: Some(own.oversized).filter(|arn| !arn.is_empty()),
        notices: Vec::new(),
    }
}

/// After a failure the pause is ten seconds, and twice as long each time.
fn note(channel: &mut Channel, outcome: &Outcome, now: Timestamp) {
    let state = &mut channel.delivery;
    let error = match outcome {
        Outcome::Sent => None,
        Outcome::Failed(reason) | Outcome::Dropped(reason) => Some(reason.clone()),
    };
    state.last = Some(LastDelivery {
        time: now.as_millisecond(),
        error,
    });
    if matches!(outcome, Outcome::Failed(_)) {
        state.failures = state.failures.saturating_add(1);
        let seconds = 5_i64.saturating_mul(1 << state.failures.min(12));
        let pause = SignedDuration::from_secs(seconds).min(LONGEST);
        state.next_try = now.checked_add(pause).unwrap_or(now).as_millisecond();
    } else {
        state.failures = 0;
        state.next_try = 0;
    }
}
