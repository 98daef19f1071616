//! That what was paid for beforehand ends. In the cloud (KMS manual, "Billing", "Expiration") an
//! instance serves nobody from that moment on until it is renewed, people hear of it 7, 3 and 1
//! days before, and on the sixteenth day after it all that is in the instance is destroyed. The
//! last is not done here: nobody waits for money.

use jiff::{SignedDuration, Timestamp};
use kms_store::{Mode, Tx};
use kms_types::AccountId;
use kms_wire::{ApiError, write_timestamp};
use serde_json::json;

use super::{Instance, anywhere, wrong_state};
use crate::{
    Service,
    documents::{self, Named},
    events::{self, Event, Level},
    failure::Failure,
};

/// Days before the end.
const DAYS: [(i64, Level); 3] = [(7, Level::Warn), (3, Level::Warn), (1, Level::Critical)];

/// How long after the end it is still said, by a server that did not run: shorter than events are
/// kept, so that it is said once.
const SAID: SignedDuration = SignedDuration::from_hours(60 * 24);

/// Something that is due, and under which name.
struct Due {
    key: String,
    event: Event,
}

// === impl Instance ===

impl Instance {
    /// That it has not expired.
    ///
    /// # Errors
    /// `Forbidden.DKMSInstanceStateInvalid`.
    pub(crate) fn check_live(&self, now: Timestamp) -> Result<(), ApiError> {
        let end = self.purchase.as_ref().and_then(|own| own.ends(now));
        match end {
            Some(end) if end <= now => Err(wrong_state(&format!(
                "The KMS instance has expired: it was paid for until {}. RenewInstance brings it \
                 back.",
                write_timestamp(end)
            ))),
            _ => Ok(()),
        }
    }
}

/// That the instance in which something lives has not expired; nothing of what lives in none.
///
/// # Errors
/// `Forbidden.DKMSInstanceStateInvalid`.
pub(crate) async fn check_live(tx: &mut dyn Tx, id: &str, now: Timestamp) -> Result<(), Failure> {
    if id.is_empty() {
        return Ok(());
    }
    match anywhere(tx, id).await? {
        Some((_owner, instance)) => Ok(instance.body.check_live(now)?),
        None => Ok(()),
    }
}

impl Service {
    /// Raises what is due for the account's instances; how many there were.
    pub(crate) async fn remind_of_instances(
        &self,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<usize, Failure> {
        let instances = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { documents::all::<Instance>(&mut *tx, account).await })
            })
            .await?;
        let mut raised = 0;
        for instance in &instances {
            for due in due(instance, now) {
                if !self.is_raised(account, &due.key).await? {
                    raised += usize::from(self.raise_due(account, instance, &due, now).await?);
                }
            }
        }
        Ok(raised)
    }

    async fn raise_due(
        &self,
        account: &AccountId,
        instance: &Named<Instance>,
        wanted: &Due,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                // It may have been renewed or given back meanwhile.
                let found = documents::look_up::<Instance>(tx, account, &instance.name).await?;
                let mut still = found.iter().flat_map(|found| due(found, now));
                if still.all(|due| due.key != wanted.key) {
                    return Ok(false);
                }
                events::raise(tx, account, &wanted.key, &wanted.event, now).await
            })
        })
        .await
    }
}

/// What it is time to say. What was missed, because no server ran, is made up for, until the end;
/// who wants no renewal or has it renewed by itself is not reminded.
fn due(instance: &Named<Instance>, now: Timestamp) -> Vec<Due> {
    let Some(purchase) = &instance.body.purchase else {
        return Vec::new();
    };
    let Some(end) = purchase.ends(now) else {
        return Vec::new();
    };
    let id = &instance.name;
    let due = |what: String, name: String, level| Due {
        // Of another end it is said again.
        key: format!("instance/{id}/expiration/{}/{what}", end.as_millisecond()),
        event: Event {
            name,
            level,
            resource: format!("keystore/{id}"),
            content: json!({
                "instanceId": id,
                "endDate": write_timestamp(end),
                "daysLeft": end.duration_since(now).as_hours().max(0) / 24,
            }),
        },
    };
    if end <= now {
        let is_news = now.duration_since(end) < SAID;
        let expired = || {
            due(
                "over".to_owned(),
                "Instance:Expired".to_owned(),
                Level::Critical,
            )
        };
        return is_news.then(expired).into_iter().collect();
    }
    if !purchase.wants_reminders() {
        return Vec::new();
    }
    let days = DAYS.into_iter().filter(|(days, _)| {
        let before = SignedDuration::from_hours(days * 24);
        end.duration_since(now) <= before
    });
    days.map(|(days, level)| {
        let name = format!("Instance:Expiration:{days}Days");
        due(days.to_string(), name, level)
    })
    .collect()
}

#[cfg(test)]
mod tests;
