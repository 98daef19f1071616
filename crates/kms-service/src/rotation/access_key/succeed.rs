//! Somebody deleted the current key at RAM while the old one was still good: what clients are
//! given opens nothing, so another key is made at once.

use jiff::SignedDuration;
use kms_store::Mode;

use super::{Next, RotationEvent, Work};
use crate::{
    Service,
    failure::Failure,
    rotation::{
        access_key::{Step, Why},
        begin::{Plan, begin},
        journal::{self, Engine, Kind},
        outcome,
    },
    secrets::random_version,
};

impl Service {
    /// Ends this rotation and begins the next, in one transaction. What this one would have
    /// taken away goes with the next, not earlier than it would have.
    pub(super) async fn replace_dead_key(&self, work: &mut Work) -> Result<Next, Failure> {
        let secret = work.secret()?.clone();
        let now = self.now();
        let left = (work.row.window_end).map_or(SignedDuration::ZERO, |end| {
            end.duration_since(self.window_now())
        });
        let window = left.max(self.rotation().windows.least);
        let mut body = super::Body::new(work.body.user.clone(), Why::Emergency, window.as_secs());
        body.leftovers.clone_from(&work.body.leftovers);
        body.leftovers.extend(work.body.old_key.clone());
        let plan = Plan {
            kind: Kind::new(Engine::AccessKey, true),
            subject: work.row.subject.clone(),
            step: Step::Plan.as_str(),
            body: body.to_text()?,
        };
        journal::DONE.clone_into(&mut work.row.step);
        work.row.body = work.body.to_text()?;
        "the new AccessKey was deleted or disabled at RAM; another one is made"
            .clone_into(&mut work.row.error);
        tracing::error!(
            account = %work.row.account,
            secret = %work.name,
            key = work.body.new_key.as_ref().map(tracing::field::display),
            "a hosted AccessKey was deleted or disabled at RAM; another one is made"
        );
        // As all ends: told first, for whoever dies between tells it again.
        self.tell_of(work, RotationEvent::IsOver, "");
        let version = random_version()?;
        let (row, plan, version, secret) = (&work.row, &plan, &version, &secret);
        self.tx(Mode::Record, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                outcome::raise(tx, row, now).await?;
                tx.rotations().finish(row, now).await?;
                begin(tx, secret, plan.clone(), version.clone(), now).await
            })
        })
        .await?;
        self.tell(secret, version, RotationEvent::Begins);
        Ok(Next::Left)
    }
}
