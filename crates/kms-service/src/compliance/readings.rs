//! RAMs that are not this server's own are read, so often as rules want to know, and the rules
//! asked about what they said.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use kms_store::Mode;
use kms_types::AccountId;

use super::{
    kind::ResourceType,
    read::{Pace, Reader},
    reading::{Needs, Reading},
    rule::Rule,
};
use crate::{Ram, Service, SetupError, documents, failure::Failure};

/// What this periodic work is called where several servers share a database.
const LEASE: &str = "ram-readings";
/// How long one of them has it: longer than the pause between two looks.
const HELD: SignedDuration = SignedDuration::from_mins(15);
/// How old a reading may become: with the pause between two looks, an hour, so that the
/// shortest frequency of a rule has a fresh one.
const EVERY: SignedDuration = SignedDuration::from_mins(50);
/// How soon after a reading the next one may be, whoever wants it.
const SOONEST: SignedDuration = SignedDuration::from_mins(1);
/// How long after a failure it is tried again; twice as long after each further one.
const AFTER_FAILURE: SignedDuration = SignedDuration::from_mins(10);

impl Service {
    /// Reads the RAMs that are not this server's own of those accounts that rules are about,
    /// where it is time, and asks the rules about what is new; how many it has read. For a task
    /// that runs now and then on each server, and when [`Service::ram_is_wanted`] says so.
    ///
    /// # Errors
    /// Those of the store. That a RAM does not answer is none: the rules say so.
    pub async fn read_rams(&self, owner: &str, pace: &Pace) -> Result<usize, SetupError> {
        let questions = self.rams_in_question().await?;
        if questions.is_empty() {
            return Ok(0);
        }
        let now = self.now();
        let is_ours = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let held = tx.leases().acquire(LEASE, owner, now, HELD).await?;
                    Ok::<_, Failure>(held.is_some())
                })
            })
            .await?;
        let mut count = 0;
        for (account, (ram, needs)) in questions {
            let is_wanted = self.wanted().has(&account);
            if !is_ours && !is_wanted {
                continue;
            }
            let former = self
                .tx(Mode::Read, |mut tx| {
                    let account = &account;
                    Box::pin(async move { Reading::look_up(&mut *tx, account).await })
                })
                .await?;
            let former = former.unwrap_or_default();
            if !is_due(&former, needs, is_wanted, self.now()) {
                continue;
            }
            self.wanted().remove(&account);
            let reader = Reader {
                ram: ram.as_ref(),
                account: &account,
                pace,
            };
            let reading = reader.read(former, needs, self.now()).await;
            self.keep_reading(&account, &reading, needs).await?;
            self.ask_about(&account, is_wanted).await?;
            count += 1;
        }
        Ok(count)
    }

    /// Waits until the RAM of an account has to be read before its time.
    pub async fn ram_is_wanted(&self) {
        self.wanted().added().await;
    }

    /// Says that something about the account's users was changed where this server does not
    /// see it, or that somebody wants to know; nothing, if it is this server that keeps them.
    pub(crate) fn want_ram(&self, account: &AccountId) {
        if self.other_ram(account).is_some() {
            self.wanted().add(account);
        }
    }

    async fn keep_reading(
        &self,
        account: &AccountId,
        reading: &Reading,
        needs: Needs,
    ) -> Result<(), Failure> {
        let now = self.now();
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move { reading.keep(&mut *tx, account, now).await })
        })
        .await?;
        if let Some(unread) = reading.unread(needs) {
            tracing::warn!(
                %account, reason = %unread.why, failures = reading.failures,
                "the account's RAM cannot be read: rules say of its users what they said before"
            );
        } else {
            tracing::debug!(%account, users = reading.users.len(), "read a RAM");
        }
        Ok(())
    }

    /// The accounts with such a RAM that active rules are about, and what the rules need.
    async fn rams_in_question(
        &self,
    ) -> Result<BTreeMap<AccountId, (Arc<dyn Ram>, Needs)>, Failure> {
        let rules = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { documents::everywhere::<Rule>(&mut *tx, None).await })
            })
            .await?;
        let mut all: BTreeMap<AccountId, (Arc<dyn Ram>, Needs)> = BTreeMap::new();
        for (owner, rule) in &rules {
            let Some(kind) = rule.body.kind() else {
                continue;
            };
            if !rule.body.is_active() || kind.resource_type() != ResourceType::User {
                continue;
            }
            let needs = Needs::of(kind, &rule.body.scope);
            for account in self.accounts_of(owner, rule).await? {
                let Some(ram) = self.other_ram(&account) else {
                    continue;
                };
                let (_ram, own) = all.entry(account).or_insert((ram, needs));
                *own = own.or(needs);
            }
        }
        Ok(all)
    }
}

/// Whether it is time to read it again. One that fails is let alone for a while, whoever wants
/// it: it may fail because it is asked too much.
fn is_due(former: &Reading, needs: Needs, is_wanted: bool, now: Timestamp) -> bool {
    let since = now.as_millisecond().saturating_sub(former.tried);
    let since = SignedDuration::from_millis(since);
    if former.failures > 0 {
        let doublings = (former.failures - 1).min(3);
        let pause = AFTER_FAILURE.saturating_mul(1 << doublings);
        return since >= pause.min(EVERY);
    }
    let is_asked_for = is_wanted && since >= SOONEST;
    is_asked_for || former.lacks(needs) || since >= EVERY
}
