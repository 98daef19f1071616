//! Rotation of hosted AccessKeys: a new key is made at RAM, found to work, and made the
//! secret's current value; the old one goes when its window is over.
//!
//! A worker that claimed a rotation goes on until it has to wait, and writes down each step
//! before the next begins. Whatever it was doing when it died, whoever goes on finds out from
//! the journal and from RAM itself (reference accesskey §4.2):
//!
//! ```text
//!   plan ──► create ──► verify ──► (promoted) drain ──► deactivate ──► delete ──► report ──► (over)
//!     │         │          │        both keys sign       if everybody    the old
//!     │         ▼          ▼                             moved           key goes
//!     └────► abort: the new key goes, the old value stays ──► report ──► (failed)
//! ```

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use kms_store::{Mode, RotationRecord, SecretRecord};
use kms_types::SecretName;

use super::{Ram, RamError, RamKey, RamUser, RotationEvent, RotationNews, backoff, journal::Done};
use crate::{Service, failure::Failure};

mod abort;
mod body;
mod check;
mod create;
mod delete;
mod drain;
mod health;
mod leaving;
mod orphans;
mod plan;
mod promote;
mod rehearse;
mod succeed;
mod verify;

pub(super) use body::{Body, Why};
pub(crate) use check::hosted_user;
pub(super) use check::replaced;
pub use health::{HealthChecks, hosting_accounts};
pub(crate) use leaving::leaving;
pub(super) use leaving::told_of;

/// Where a rotation is; a row's `step`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Step {
    /// Look at everything; make nothing.
    Plan,
    /// Make the new key.
    Create,
    /// See whether it signs, and as whom.
    Verify,
    /// The new key is current; the old one is still good.
    Drain,
    /// The old key signs no more, and may be told to again.
    Deactivate,
    /// The old key goes.
    Delete,
    /// Nothing of it was promoted: the new key goes.
    Abort,
    /// Tell how it ended.
    Report,
}

/// What a row of the journal calls each step of an AccessKey's rotation that is not over, in
/// order; DescribeSecret shows the same.
pub fn access_key_steps() -> impl Iterator<Item = &'static str> {
    Step::ALL.into_iter().map(Step::as_str)
}

/// A rotation in its worker's hands.
struct Work {
    row: RotationRecord,
    body: Body,
    step: Step,
    /// None if it is gone.
    secret: Option<SecretRecord>,
    /// What the secret is or was called.
    name: SecretName,
    user: RamUser,
    ram: Arc<dyn Ram>,
    /// The user's keys as RAM has just listed them, if nothing happened since.
    listed: Option<Vec<RamKey>>,
}

/// What comes after a step.
enum Next {
    /// The step that the work says; this one need not be written down.
    Step(Step),
    /// As [`Next::Step`], once it is written down.
    Written(Step),
    /// The same step again, later: it failed, for this reason.
    Later(String),
    /// The same after so many seconds.
    After(i64, String),
    /// The step that the work says, then.
    Until(Timestamp, Step),
    /// The rotation is given back or over, and that is written down.
    Left,
}

/// How long a worker goes on with one rotation before it looks whether another one has waited
/// for longer.
const HELD: SignedDuration = SignedDuration::from_mins(1);
/// How often it is looked whether a secret that waits for deletion was restored.
const PAUSE: SignedDuration = SignedDuration::from_hours(1);
/// Failures of one step after which somebody is told.
const STALLED: i64 = 5;

impl Service {
    /// Goes on with a rotation until it has to wait.
    pub(super) async fn rotate_access_key(&self, row: RotationRecord) -> Result<(), Failure> {
        let began = self.monotonic();
        let mut work = self.take_up(row).await?;
        if let Some(next) = self.look_at_secret(&mut work) {
            match next {
                Next::Until(then, step) => {
                    work.go_to(step)?;
                    return self.write_down(work.row, Done::Until(then)).await;
                }
                _ => work.go_to(work.step)?,
            }
        }
        loop {
            let next = match work.step {
                Step::Plan => self.plan(&mut work).await?,
                Step::Create => self.make_new_key(&mut work).await?,
                Step::Verify => self.verify_new_key(&mut work).await?,
                Step::Drain => self.drain(&mut work).await?,
                Step::Deactivate => self.wait_for_end(&work),
                Step::Delete => self.delete_old_key(&mut work).await?,
                Step::Abort => self.abort(&mut work).await?,
                Step::Report => self.report(&mut work).await?,
            };
            match next {
                Next::Step(step) => work.step = step,
                Next::Written(step) => {
                    work.go_to(step)?;
                    self.settle(&mut work.row, Done::Goes);
                    if self.monotonic().saturating_sub(began) > HELD.unsigned_abs() {
                        return self.write_down(work.row, Done::Goes).await;
                    }
                    self.note(&work.row).await?;
                }
                Next::Later(why) => return self.try_later(work, why, None).await,
                Next::After(seconds, why) => {
                    return self.try_later(work, why, Some(seconds)).await;
                }
                Next::Until(then, step) => {
                    work.go_to(step)?;
                    return self.write_down(work.row, Done::Until(then)).await;
                }
                Next::Left => return Ok(()),
            }
        }
    }

    /// Reads what the row is about.
    async fn take_up(&self, row: RotationRecord) -> Result<Work, Failure> {
        let body = Body::parse(&row.body)?;
        let step = Step::parse(&row.step).ok_or(Failure::Document("rotation"))?;
        let secret = row.secret;
        let secret = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { Ok::<_, Failure>((*tx).secrets().find_by_id(secret).await?) })
            })
            .await?;
        let name = format!("acs/ram/user/{}", body.user).parse();
        Ok(Work {
            name: name.map_err(|_not_a_name| Failure::Document("rotation"))?,
            user: RamUser {
                account: row.account.clone(),
                name: body.user.clone(),
            },
            ram: self.ram(&row.account),
            row,
            body,
            step,
            secret,
            listed: None,
        })
    }

    /// Where the work goes on if the secret goes: what was not promoted is taken back; what
    /// was waits as long as the secret may be restored, and is over when it cannot. The keys
    /// at RAM stay as they are.
    fn look_at_secret(&self, work: &mut Work) -> Option<Next> {
        let planned = work.secret.as_ref().map(|secret| secret.planned_delete);
        if planned == Some(None) || matches!(work.step, Step::Abort | Step::Report) {
            return None;
        }
        if matches!(work.step, Step::Plan | Step::Create | Step::Verify) {
            work.step = Step::Abort;
            return Some(work.give_up(abort::DELETED, false));
        }
        if planned.is_none() {
            work.step = Step::Report;
            return Some(Next::Step(Step::Report));
        }
        let now = self.now();
        Some(Next::Until(
            now.checked_add(PAUSE).unwrap_or(now),
            work.step,
        ))
    }

    /// Gives the rotation back until later; who waits long is told why.
    async fn try_later(
        &self,
        mut work: Work,
        why: String,
        seconds: Option<i64>,
    ) -> Result<(), Failure> {
        work.go_to(work.step)?;
        work.row.attempts += 1;
        work.row.error = why;
        let attempts = work.row.attempts;
        tracing::warn!(
            account = %work.row.account,
            secret = %work.name,
            version = %work.row.version,
            step = work.step.as_str(),
            attempts,
            error = work.row.error,
            "a step of a rotation failed"
        );
        let mut row = work.row.clone();
        self.settle(&mut row, Done::Waits);
        if let Some(seconds) = seconds {
            let now = self.now();
            row.next_try = now
                .checked_add(SignedDuration::from_secs(seconds))
                .unwrap_or(now);
        }
        self.give_back(&row).await?;
        if attempts == STALLED {
            let reason = work.row.error.clone();
            self.tell_of(&work, RotationEvent::Stalls, &reason);
        }
        Ok(())
    }

    fn tell_of(&self, work: &Work, event: RotationEvent, reason: &str) {
        self.tell_all(&RotationNews {
            account: &work.row.account,
            secret: &work.name,
            version: &work.row.version,
            event,
            old_key: work.body.old_key.as_ref(),
            new_key: work.body.new_key.as_ref(),
            old_key_used: work.body.old_key_used,
            reason,
        });
    }
}

// === impl Work ===

impl Work {
    /// The secret, in steps that none is in without one.
    fn secret(&self) -> Result<&SecretRecord, Failure> {
        self.secret.as_ref().ok_or(Failure::Document("rotation"))
    }

    /// Puts what there is to remember into the row.
    fn go_to(&mut self, step: Step) -> Result<(), Failure> {
        self.step = step;
        step.as_str().clone_into(&mut self.row.step);
        self.row.body = self.body.to_text()?;
        Ok(())
    }

    /// The user's keys; asked for unless they were just now.
    async fn keys(&mut self) -> Result<Vec<RamKey>, RamError> {
        match self.listed.take() {
            Some(listed) => Ok(listed),
            None => self.ram.keys(&self.user).await,
        }
    }

    /// Gives the rotation up. What a person has to do about it, if anything, is in the words;
    /// then the secret does not rotate by itself any more.
    fn give_up(&mut self, why: impl Into<String>, is_for_people: bool) -> Next {
        self.body.failure = Some(why.into());
        self.body.is_for_people = is_for_people;
        Next::Written(Step::Abort)
    }

    /// What to do about an error of RAM's before anything was promoted: wait, as long as that
    /// may help, or give up.
    fn ram_failed(&mut self, error: &RamError) -> Next {
        if error.is_transient() {
            return self.wait(error.to_string());
        }
        self.give_up(error.to_string(), true)
    }

    /// Waits, unless that was done often enough.
    fn wait(&mut self, why: String) -> Next {
        if self.row.attempts + 1 >= backoff::MOST_TRIES {
            return self.give_up(why, false);
        }
        Next::Later(why)
    }
}

// === impl Step ===

impl Step {
    const ALL: [Self; 8] = [
        Self::Plan,
        Self::Create,
        Self::Verify,
        Self::Drain,
        Self::Deactivate,
        Self::Delete,
        Self::Abort,
        Self::Report,
    ];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Create => "create",
            Self::Verify => "verify",
            Self::Drain => "drain",
            Self::Deactivate => "deactivate",
            Self::Delete => "delete",
            Self::Abort => "abort",
            Self::Report => "report",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == text)
    }
}

#[cfg(test)]
mod tests;
