//! Makes the new key the secret's current value, in one transaction.

use jiff::SignedDuration;
use kms_store::{Mode, SecretId, Tx};

use super::{Next, RotationEvent, Step, Work, abort, drain};
use crate::{Service, failure::Failure, rotation::journal, secrets::promote};

impl Service {
    pub(super) async fn promote_key(&self, work: &mut Work) -> Result<Next, Failure> {
        let now = self.now();
        let window = SignedDuration::from_secs(work.body.window_seconds);
        let window_now = self.window_now();
        let end = window_now.checked_add(window).unwrap_or(now);
        let before = (work.row.clone(), work.body.clone());
        let pending = journal::pending(&work.row).ok_or(Failure::Document("rotation"))?;
        work.body.promoted = Some(window_now);
        work.go_to(Step::Drain)?;
        let row = &mut work.row;
        row.attempts = 0;
        row.error.clear();
        // It is the version's now.
        row.sealed = None;
        row.window_end = Some(end);
        let look = window.min(drain::look(self.rotation().windows));
        row.next_try = now.checked_add(look).unwrap_or(now);
        let (row, pending) = (&*row, &pending);
        let is_promoted = self
            .tx(Mode::Record, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let secret = tx.secrets().find_by_id(row.secret).await?;
                    let usable = secret.filter(|secret| secret.planned_delete.is_none());
                    let Some(secret) = usable else {
                        return Ok(false);
                    };
                    promote(tx, secret, pending.clone(), now).await?;
                    drop_dead(tx, row.secret).await?;
                    tx.rotations().advance(row).await?;
                    tx.rotations().release(&row.id, row.fence).await?;
                    Ok::<_, Failure>(true)
                })
            })
            .await?;
        if !is_promoted {
            (work.row, work.body) = before;
            return Ok(work.give_up(abort::DELETED, false));
        }
        self.tell_of(work, RotationEvent::IsCurrent, "");
        Ok(Next::Left)
    }
}

/// Removes the values of keys that are gone: what bears no label is neither the current key
/// nor the one before.
async fn drop_dead(tx: &mut dyn Tx, secret: SecretId) -> Result<(), Failure> {
    let versions = tx.versions().of(secret).await?;
    for version in versions.iter().filter(|version| version.stages.is_empty()) {
        tx.versions().remove(secret, version.serial).await?;
    }
    Ok(())
}
