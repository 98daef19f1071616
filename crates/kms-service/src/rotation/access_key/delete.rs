//! The old key's end.

use kms_store::Mode;
use kms_types::VersionStage;

use super::{Next, RamError, Step, Work};
use crate::{Service, failure::Failure, rotation::readers};

impl Service {
    pub(super) async fn delete_old_key(&self, work: &mut Work) -> Result<Next, Failure> {
        let mut going: Vec<_> = work.body.leftovers.clone();
        going.extend(work.body.old_key.clone());
        for id in going
            .iter()
            .filter(|id| Some(*id) != work.body.new_key.as_ref())
        {
            match work.ram.delete_key(&work.user, id).await {
                Ok(()) | Err(RamError::NoKey | RamError::NoUser) => {}
                // A key that should be dead and is not is worth trying without end.
                Err(error) => return Ok(Next::Later(error.to_string())),
            }
        }
        if work.body.unanswered() > 0 || !work.body.orphans.is_empty() {
            let keys = match work.ram.keys(&work.user).await {
                Ok(keys) => keys,
                Err(RamError::NoUser) => Vec::new(),
                Err(error) => return Ok(Next::Later(error.to_string())),
            };
            if let Err(error) = self.remove_orphans(work, keys).await? {
                return Ok(Next::Later(error.to_string()));
            }
        }
        self.forget_old_value(work).await?;
        Ok(Next::Step(Step::Report))
    }

    /// The value of a key that is gone opens nothing; nobody gets it any more.
    async fn forget_old_value(&self, work: &mut Work) -> Result<(), Failure> {
        work.go_to(Step::Report)?;
        work.row.attempts = 0;
        work.row.error.clear();
        let now = self.now();
        let (row, old) = (&work.row, work.body.old_version.as_ref());
        self.tx(Mode::Record, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let previous = VersionStage::previous();
                let found = tx.versions().find_by_stage(row.secret, &previous).await?;
                let secret = tx.secrets().find_by_id(row.secret).await?;
                if let (Some(found), Some(mut secret)) = (found, secret)
                    && Some(&found.id) == old
                {
                    tx.versions().remove_stage(row.secret, &previous).await?;
                    tx.versions().remove(row.secret, found.serial).await?;
                    secret.updated = now;
                    tx.secrets().update(&secret).await?;
                }
                if let Some(old) = old {
                    readers::forget(tx, row.secret, old).await?;
                }
                Ok::<_, Failure>(tx.rotations().advance(row).await?)
            })
        })
        .await
    }
}
