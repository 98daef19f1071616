//! Keys that RAM made for calls of which no answer came: nobody knows their secrets, nobody
//! can use them, and each takes one of the two places that a user has.

use jiff::SignedDuration;

use super::{Body, RamError, RamKey, Work};
use crate::{Service, failure::Failure};

/// How much earlier than here it may be at RAM: a signature is taken within 15 minutes.
const SKEW: SignedDuration = SignedDuration::from_mins(16);

/// Whether nothing speaks against the key being such a one: it was not there before, and made
/// since one was asked for.
pub(super) fn is_candidate(body: &Body, key: &RamKey) -> bool {
    let is_known = [&body.old_key, &body.new_key]
        .into_iter()
        .flatten()
        .chain(&body.baseline)
        .chain(&body.leftovers)
        .any(|known| *known == key.id);
    let since = body
        .first_create
        .and_then(|first| first.checked_sub(SKEW).ok());
    !is_known && since.is_some_and(|since| key.created >= since)
}

impl Service {
    /// Removes such keys from among these, never more than calls are unanswered; the keys that
    /// are left. One that was used is somebody's and stays.
    pub(super) async fn remove_orphans(
        &self,
        work: &mut Work,
        mut keys: Vec<RamKey>,
    ) -> Result<Result<Vec<RamKey>, RamError>, Failure> {
        for key in keys.clone() {
            let is_found = work.body.orphans.contains(&key.id);
            if !is_found {
                if work.body.unanswered() == 0 || !is_candidate(&work.body, &key) {
                    continue;
                }
                match work.ram.last_used(&work.user, &key.id).await {
                    // The service role's rights do not go so far: what is known has to do.
                    Ok(None) | Err(RamError::Denied(_)) => {}
                    Ok(Some(_)) | Err(RamError::NoKey) => continue,
                    Err(error) => return Ok(Err(error)),
                }
                // In the journal before it goes.
                work.body.orphans.push(key.id.clone());
                work.body.creates_answered += 1;
                work.go_to(work.step)?;
                self.note(&work.row).await?;
            }
            match work.ram.delete_key(&work.user, &key.id).await {
                Ok(()) | Err(RamError::NoKey) => keys.retain(|kept| kept.id != key.id),
                Err(error) => return Ok(Err(error)),
            }
            tracing::warn!(
                account = %work.row.account,
                secret = %work.name,
                key = %key.id,
                "an AccessKey was removed whose secret never arrived"
            );
        }
        Ok(Ok(keys))
    }
}
