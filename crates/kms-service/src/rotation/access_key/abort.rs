//! The end of a rotation: of one that came to nothing, without a trace at RAM, and of all, in
//! the journal and the news.

use jiff::SignedDuration;
use kms_store::{Mode, RotationState};

use super::{Next, RamError, RotationEvent, Step, Work};
use crate::{
    Service,
    failure::Failure,
    rotation::{journal, outcome},
};

/// Why a rotation is given up whose secret goes.
pub(super) const DELETED: &str = "the secret was deleted, or is about to be";

/// When a rotation that was given up is tried again by itself, unless its interval is shorter.
pub(super) const AGAIN: SignedDuration = SignedDuration::from_hours(6);

impl Service {
    /// Takes away what was made at RAM. The secret's current value was never touched.
    pub(super) async fn abort(&self, work: &mut Work) -> Result<Next, Failure> {
        match self.take_back(work).await? {
            Ok(()) | Err(RamError::NoUser) => Ok(Next::Written(Step::Report)),
            Err(error) if error.is_transient() => Ok(Next::Later(error.to_string())),
            Err(error) => {
                // Nobody has its secret; the next rotation takes it away.
                let left = work.body.new_key.as_ref();
                let left = left.map(|id| format!("; the AccessKey {id} is left at RAM, unused"));
                let why = work.body.failure.take().unwrap_or_default();
                let more = left.unwrap_or_default();
                work.body.failure = Some(format!("{why} ({error}{more})"));
                work.body.is_for_people = true;
                Ok(Next::Written(Step::Report))
            }
        }
    }

    async fn take_back(&self, work: &mut Work) -> Result<Result<(), RamError>, Failure> {
        if let Some(id) = &work.body.new_key {
            match work.ram.delete_key(&work.user, id).await {
                Ok(()) | Err(RamError::NoKey) => {}
                Err(error) => return Ok(Err(error)),
            }
        }
        if work.body.unanswered() == 0 && work.body.orphans.is_empty() {
            return Ok(Ok(()));
        }
        let keys = match work.ram.keys(&work.user).await {
            Ok(keys) => keys,
            Err(error) => return Ok(Err(error)),
        };
        let left = self.remove_orphans(work, keys).await?;
        Ok(left.map(|_keys| ()))
    }

    /// Tells how it ended, then ends it: whoever dies between tells it once more.
    pub(super) async fn report(&self, work: &mut Work) -> Result<Next, Failure> {
        let failure = work.body.failure.clone();
        let event = match failure {
            None => RotationEvent::IsOver,
            Some(_) => RotationEvent::GivenUp,
        };
        self.tell_of(work, event, failure.as_deref().unwrap_or_default());
        let is_failure = failure.is_some();
        let step = if is_failure {
            journal::FAILED
        } else {
            journal::DONE
        };
        step.clone_into(&mut work.row.step);
        work.row.body = work.body.to_text()?;
        work.row.error = failure.unwrap_or_default();
        let now = self.now();
        let (row, is_for_people) = (&work.row, work.body.is_for_people);
        self.tx(Mode::Record, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                if is_failure && let Some(mut secret) = tx.secrets().find_by_id(row.secret).await? {
                    let rotation = &mut secret.rotation;
                    if is_for_people && rotation.state == RotationState::Enabled {
                        rotation.state = RotationState::Invalid;
                    }
                    // Not at once again.
                    let interval = rotation.interval_seconds.map(SignedDuration::from_secs);
                    rotation.next =
                        interval.and_then(|interval| now.checked_add(interval.min(AGAIN)).ok());
                    tx.secrets().update(&secret).await?;
                }
                outcome::raise(tx, row, now).await?;
                Ok::<_, Failure>(tx.rotations().finish(row, now).await?)
            })
        })
        .await?;
        Ok(Next::Left)
    }
}
