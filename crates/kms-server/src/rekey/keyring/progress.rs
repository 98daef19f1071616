//! How far a run has come, noted in the store.

use kms_store::{Mode, Store, Tx, run_tx};
use serde::{Deserialize, Serialize};

use super::RekeyError;

/// Where the next batch begins.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Progress {
    /// The term under which everything is to be sealed.
    pub(super) term: u32,
    /// Among the kinds of sealed things.
    pub(super) kind: usize,
    /// Behind which record's cursor.
    pub(super) after: Option<String>,
}

/// Under which name it is noted.
const MARKER: &str = "rekey-keyring";

// === impl Progress ===

impl Progress {
    pub(super) fn beginning(term: u32) -> Self {
        Self {
            term,
            kind: 0,
            after: None,
        }
    }

    /// What a run has noted that has not come to its end.
    pub(super) async fn noted(tx: &mut dyn Tx) -> Result<Option<Self>, RekeyError> {
        let found = tx.markers().get(MARKER).await?;
        // What cannot be read was written by another program: it is begun anew.
        Ok(found.and_then(|found| serde_json::from_str(&found).ok()))
    }

    pub(super) async fn note(&self, tx: &mut dyn Tx) -> Result<(), RekeyError> {
        // Numbers and a text: there is nothing that could fail.
        let body = serde_json::to_string(self).unwrap_or_default();
        Ok(tx.markers().put(MARKER, &body).await?)
    }

    /// The end.
    pub(super) async fn forget(store: &dyn Store) -> Result<(), RekeyError> {
        run_tx(store, Mode::Write, |mut tx| {
            Box::pin(async move { Ok((*tx).markers().remove(MARKER).await?) })
        })
        .await
    }
}
