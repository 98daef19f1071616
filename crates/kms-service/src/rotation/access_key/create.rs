//! Has RAM make the new key. RAM shows its secret once, in the answer; if that is lost, the
//! key is of no use to anybody and goes.

use kms_store::StoreError;
use kms_wire::write_timestamp;

use super::{Next, RamError, Step, Work};
use crate::{NewAccessKey, Service, failure::Failure, secrets::Credential};

/// How often RAM is asked for a key by one rotation.
const MOST_CREATES: u32 = 16;

impl Service {
    pub(super) async fn make_new_key(&self, work: &mut Work) -> Result<Next, Failure> {
        let keys = match work.keys().await {
            Ok(keys) => keys,
            Err(error) => return Ok(work.ram_failed(&error)),
        };
        let keys = match self.remove_orphans(work, keys).await? {
            Ok(keys) => keys,
            Err(error) => return Ok(work.ram_failed(&error)),
        };
        if keys.len() >= 2 {
            // Made since the plan: by a call of a rotation before that RAM was late with, or by
            // somebody else. The plan tells them apart.
            return Ok(Next::Written(Step::Plan));
        }
        if work.body.creates_sent >= MOST_CREATES {
            let why = format!("RAM made no AccessKey when asked {MOST_CREATES} times");
            return Ok(work.give_up(why, false));
        }
        // Written down before, so that whoever comes after knows that there may be a key; and
        // proof that the answer can be written down, too.
        work.body.creates_sent += 1;
        work.body.first_create.get_or_insert(self.now());
        work.go_to(Step::Create)?;
        self.note(&work.row).await?;
        match work.ram.create_key(&work.user).await {
            Ok(key) => self.keep(work, key).await,
            // It may have done its work.
            Err(error @ (RamError::Unreachable(_) | RamError::Answer(_))) => {
                Ok(work.ram_failed(&error))
            }
            Err(error) => {
                work.body.creates_answered += 1;
                if error == RamError::KeyLimit {
                    // Somebody was faster. Who, the next look tells.
                    return Ok(work.wait(error.to_string()));
                }
                Ok(work.ram_failed(&error))
            }
        }
    }

    /// Seals the key and writes it down: from here on it outlives this worker.
    async fn keep(&self, work: &mut Work, key: NewAccessKey) -> Result<Next, Failure> {
        let id = key.id.clone();
        let value = Credential::of_access_key(key).to_value(&write_timestamp(self.now()))?;
        work.body.creates_answered += 1;
        work.body.new_key = Some(id.clone());
        work.go_to(Step::Verify)?;
        work.row.attempts = 0;
        work.row.error.clear();
        let secret = work.secret()?.clone();
        match self.hold(&mut work.row, &secret, &value).await {
            Ok(()) => Ok(Next::Step(Step::Verify)),
            Err(failure) => {
                // Nobody will ever know it. If another worker has the rotation by now, it takes
                // the key for an orphan; it finds none if this comes first.
                if matches!(failure, Failure::Store(StoreError::Deposed)) {
                    let _at_best = work.ram.delete_key(&work.user, &id).await;
                }
                Err(failure)
            }
        }
    }
}
