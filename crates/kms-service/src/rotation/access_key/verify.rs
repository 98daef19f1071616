//! Signs with the new key before anybody else does: a key that RAM has just made is not
//! accepted everywhere at once (reference accesskey §4.1).

use kms_store::Mode;

use super::{Next, RamError, Work, plan::protects};
use crate::{
    KeyOwner, NewAccessKey, Service, failure::Failure, rotation::journal, secrets::Credential,
};

/// How often the new key may be refused. With the waits between, eleven minutes.
const MOST_REFUSALS: u32 = 16;
/// The longest of these waits, in seconds.
const LONGEST_WAIT: i64 = 64;

impl Service {
    pub(super) async fn verify_new_key(&self, work: &mut Work) -> Result<Next, Failure> {
        let key = match self.pending_key(work).await {
            Ok(key) => key,
            Err(Failure::Refused(error)) => return Ok(work.wait(protects(&error.message))),
            Err(failure) => return Err(failure),
        };
        match work.ram.owner(&key).await {
            Ok(KeyOwner::User(user)) if user == work.user => self.promote_key(work).await,
            Ok(_somebody_else) => {
                let why = "the new AccessKey is not the RAM user's; see who answers for RAM";
                Ok(work.give_up(why, true))
            }
            Err(RamError::KeyRefused(code)) => {
                work.body.refusals += 1;
                if work.body.refusals >= MOST_REFUSALS {
                    let why = format!("RAM does not accept the new AccessKey: {code}");
                    return Ok(work.give_up(why, false));
                }
                let doublings = (work.body.refusals - 1).min(6);
                let seconds = (1_i64 << doublings).min(LONGEST_WAIT);
                Ok(Next::After(seconds, RamError::KeyRefused(code).to_string()))
            }
            // There is a good key and one that may be: nothing is lost by waiting.
            Err(error) if error.is_transient() => Ok(Next::Later(error.to_string())),
            Err(error) => Ok(work.ram_failed(&error)),
        }
    }

    /// The new key, from the journal.
    async fn pending_key(&self, work: &Work) -> Result<NewAccessKey, Failure> {
        let secret = work.secret()?;
        let pending = journal::pending(&work.row).ok_or(Failure::Document("rotation"))?;
        let pending = &pending;
        let value = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { self.open_value(&mut *tx, None, secret, pending).await })
            })
            .await?;
        let key = Credential::of_value(&value).and_then(Credential::into_access_key);
        key.ok_or(Failure::Document("rotation"))
    }
}
