//! The journal of a server that is dead, looked at from beside.

use std::collections::BTreeMap;

use kms_server::{config, database::Database};
use kms_store::{Mode, StoreError, run_tx};
use kms_types::{AccountId, Env, SecretName};

use crate::place::Place;

/// The step at which each secret's rotation is, and lets go of what the dead server has
/// claimed: its lease ends after five minutes, for which nobody waits here.
pub(crate) fn let_go(
    place: &Place,
    account: &AccountId,
    secrets: &[SecretName],
) -> BTreeMap<String, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let config = config::load(&place.config(), &Env::default()).unwrap();
        let database: Database = config.settings.place().open().await.unwrap();
        let store = database.store();
        let steps = run_tx(&*store, Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut steps = BTreeMap::new();
                for name in secrets {
                    let secret = tx.secrets().find(account, name).await?.unwrap();
                    let newest = tx.rotations().of_secret(secret.id, 1).await?;
                    for row in newest.into_iter().filter(|row| row.finished.is_none()) {
                        tx.rotations().release(&row.id, row.fence).await?;
                        steps.insert(name.to_string(), row.step);
                    }
                }
                Ok::<_, StoreError>(steps)
            })
        })
        .await
        .unwrap();
        database.close().await;
        steps
    })
}
