use std::collections::BTreeMap;

use jiff::Timestamp;
use kms_store::Mode;

use super::{Event, Level};
use crate::{Service, SetupError, documents};

/// How many events of a name and level are listed, and when the newest happened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EventCount {
    /// The name.
    pub name: String,
    /// How much it matters.
    pub level: Level,
    /// How many.
    pub count: u64,
    /// The newest.
    pub newest: Timestamp,
}

impl Service {
    /// All events of all accounts, counted, by name.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn count_events(&self) -> Result<Vec<EventCount>, SetupError> {
        let all = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { documents::everywhere::<Event>(&mut *tx, None).await })
            })
            .await?;
        let mut counts: BTreeMap<(String, Level), EventCount> = BTreeMap::new();
        for (_, event) in all {
            let created = event.created;
            let Event { name, level, .. } = event.body;
            let count = counts
                .entry((name.clone(), level))
                .or_insert_with(|| EventCount {
                    name,
                    level,
                    count: 0,
                    newest: created,
                });
            count.count += 1;
            count.newest = count.newest.max(created);
        }
        Ok(counts.into_values().collect())
    }
}
