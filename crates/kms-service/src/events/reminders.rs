//! That ClientKeys end: said 180, 90, 30 and 7 days before, each once (reference accesskey §1,
//! row 30). An end that is nearer than that when the key is made is not said: whoever makes a
//! key for twenty days hears of it seven days before.

use jiff::{SignedDuration, Timestamp};
use kms_store::{ClientKeyRecord, Mode};
use kms_types::AccountId;
use kms_wire::write_timestamp;
use serde_json::json;

use super::{Event, Level, raise};
use crate::{Service, SetupError, failure::Failure};

/// Days before the end.
const DAYS: [i64; 4] = [180, 90, 30, 7];

impl Service {
    /// Raises what is due for all ClientKeys and instances; how many there were. For a task that runs now
    /// and then: on however many servers, each is raised once.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn remind(&self) -> Result<usize, SetupError> {
        let now = self.now();
        let accounts = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { Ok::<_, Failure>((*tx).accounts().list().await?) })
            })
            .await?;
        let mut raised = 0;
        for account in &accounts {
            let account = &account.id;
            let keys = self
                .tx(Mode::Read, |mut tx| {
                    Box::pin(async move {
                        Ok::<_, Failure>((*tx).client_keys().list(account, None).await?)
                    })
                })
                .await?;
            for key in &keys {
                for days in due(key, now) {
                    raised += usize::from(self.remind_of(key, days, now).await?);
                }
            }
            raised += self.remind_of_instances(account, now).await?;
        }
        Ok(raised)
    }

    async fn remind_of(
        &self,
        key: &ClientKeyRecord,
        days: i64,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        let name = format!("client-key/{}/{days}", key.id);
        let event = Event {
            name: format!("ClientKey:Expiration:{days}Days"),
            level: Level::Critical,
            resource: format!("clientkey/{}", key.id),
            content: json!({
                "clientKeyId": key.id,
                "aapName": key.access_point,
                "notAfter": write_timestamp(key.not_after),
                "daysLeft": key.not_after.duration_since(now).as_hours() / 24,
            }),
        };
        let (name, event) = (&name, &event);
        if self.is_raised(&key.account, name).await? {
            return Ok(false);
        }
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                // It may have been deleted meanwhile.
                if tx.client_keys().find(&key.id).await?.is_none() {
                    return Ok(false);
                }
                raise(tx, &key.account, name, event, now).await
            })
        })
        .await
    }

    /// Whether an event of that name is written down. Asked before a transaction that writes:
    /// mostly it is, and then nothing is written.
    pub(crate) async fn is_raised(&self, account: &AccountId, name: &str) -> Result<bool, Failure> {
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move {
                let found = tx.documents().find(account, KIND, name).await?;
                Ok(found.is_some())
            })
        })
        .await
    }
}

/// Of how many days it is time to remind. One that was missed, because no server ran, is made
/// up for; when the key has ended there is nothing left to remind of.
fn due(key: &ClientKeyRecord, now: Timestamp) -> impl Iterator<Item = i64> {
    DAYS.into_iter().filter(move |days| {
        let before = SignedDuration::from_hours(days * 24);
        let time = key.not_after.checked_sub(before);
        time.is_ok_and(|time| key.created <= time && time <= now && now <= key.not_after)
    })
}

const KIND: kms_store::DocumentKind = kms_store::DocumentKind::Event;
