use jiff::{SignedDuration, Timestamp};
use kms_store::Mode;

use super::Event;
use crate::{Service, SetupError, documents, failure::Failure};

/// How long events are listed.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// And those that say that something is due: until long after they could be raised again.
const KEPT_REMINDERS: SignedDuration = SignedDuration::from_hours(400 * 24);
/// How many are forgotten in one go.
const MOST: usize = 100;

impl Service {
    /// Forgets events of long ago, a hundred at most; how many.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn forget_events(&self) -> Result<usize, SetupError> {
        let now = self.now();
        let all = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { documents::everywhere::<Event>(&mut *tx, None).await })
            })
            .await?;
        let old: Vec<_> = all
            .into_iter()
            .filter(|(_, event)| is_old(&event.name, event.created, now))
            .take(MOST)
            .collect();
        let going = &old;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                for (account, event) in going {
                    let found = documents::look_up::<Event>(tx, account, &event.name).await?;
                    if found.is_some() {
                        documents::remove::<Event>(tx, account, &event.name).await?;
                    }
                }
                Ok::<_, Failure>(())
            })
        })
        .await?;
        Ok(old.len())
    }
}

fn is_old(name: &str, raised: Timestamp, now: Timestamp) -> bool {
    let kept = if name.starts_with("client-key/") {
        KEPT_REMINDERS
    } else {
        KEPT
    };
    now.duration_since(raised) > kept
}
