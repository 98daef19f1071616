//! Who writes, of several replicas: the holder of a Lease, which is the original's, so that during a
//! move from one program to the other only one of them writes (reference k8s-sync §5).

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use k8s_openapi::{
    api::coordination::v1::{Lease, LeaseSpec},
    apimachinery::pkg::apis::meta::v1::MicroTime,
};
use kms_types::Clock;
use kube::{
    Api, Client,
    api::{ObjectMeta, PostParams},
};
use tokio::{
    sync::watch,
    time::{self, Instant},
};

mod claim;
mod gate;

use claim::{Claim, Sight};
pub(crate) use gate::GateLayer;

/// Of the Lease.
pub(crate) const LEASE: &str = "ack-secret-manager-lock";

/// So long nobody else takes a Lease after it was renewed; client-go's.
const DURATION: Duration = Duration::from_secs(15);

/// Whoever has not renewed for so long writes no more: well before somebody else may.
const DEADLINE: Duration = Duration::from_secs(10);

/// Between two looks.
const TURN: Duration = Duration::from_secs(2);

/// Whether this process may write. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Leadership(watch::Receiver<Option<Instant>>);

/// Stands for election until it is dropped.
pub(crate) struct Candidate {
    leases: Api<Lease>,
    name: String,
    identity: String,
    clock: Arc<dyn Clock>,
    until: watch::Sender<Option<Instant>>,
    seen: Option<Sight>,
}

// === impl Leadership ===

impl Leadership {
    /// Of the only replica: for ever.
    pub(crate) fn alone() -> Self {
        let far = Instant::now() + Duration::from_hours(24 * 365 * 100);
        Self(watch::channel(Some(far)).1)
    }

    /// As whoever has the other end says.
    #[cfg(test)]
    pub(crate) fn until(until: watch::Receiver<Option<Instant>>) -> Self {
        Self(until)
    }

    /// Whether it may write now. Looks at a clock that goes on while the process is stopped, so one
    /// that was paused and goes on knows before its first write.
    pub(crate) fn holds(&self) -> bool {
        self.0.borrow().is_some_and(|until| Instant::now() < until)
    }

    /// Waits until it may.
    pub(crate) async fn gained(&mut self) {
        let holds = |until: &Option<Instant>| until.is_some_and(|until| Instant::now() < until);
        if self.0.wait_for(holds).await.is_err() {
            // Nobody stands for election any more.
            std::future::pending::<()>().await;
        }
    }

    /// Waits until it may not any more.
    pub(crate) async fn lost(&self) {
        let mut until = self.0.clone();
        loop {
            let Some(end) = *until.borrow_and_update() else {
                return;
            };
            tokio::select! {
                () = time::sleep_until(end) => if !self.holds() {
                    return;
                },
                changed = until.changed() => if changed.is_err() {
                    // The only replica's is never renewed.
                    time::sleep_until(end).await;
                },
            }
        }
    }
}

// === impl Candidate ===

impl Candidate {
    /// Of this namespace, under this name of its own.
    pub(crate) fn new(
        client: Client,
        namespace: &str,
        lease: &str,
        identity: String,
        clock: Arc<dyn Clock>,
    ) -> (Self, Leadership) {
        let (until, leadership) = watch::channel(None);
        let candidate = Self {
            leases: Api::namespaced(client, namespace),
            name: lease.to_owned(),
            identity,
            clock,
            until,
            seen: None,
        };
        (candidate, Leadership(leadership))
    }

    /// Stands for election, and renews, until told to stop; then gives the Lease back.
    pub(crate) async fn stand(mut self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        loop {
            // What is renewed is counted from before the question.
            let began = Instant::now();
            let turn = time::timeout(DEADLINE / 2, self.turn());
            match turn.await {
                Ok(Ok(true)) => {
                    self.until.send_replace(Some(began + DEADLINE));
                }
                Ok(Ok(false)) => {
                    self.until.send_replace(None);
                }
                Ok(Err(error)) => {
                    tracing::warn!(%error, lease = self.name, "the Lease was not renewed");
                }
                Err(_) => tracing::warn!(lease = self.name, "the Lease was not renewed in time"),
            }
            if self
                .until
                .borrow()
                .is_some_and(|until| Instant::now() >= until)
            {
                self.until.send_replace(None);
            }
            tokio::select! {
                () = time::sleep(TURN) => {}
                () = &mut stop => break,
            }
        }
        if self.until.send_replace(None).is_none() {
            return;
        }
        // Nobody waits longer for that than others wait for the Lease anyway.
        match time::timeout(DEADLINE / 2, self.give_back()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, lease = self.name, "the Lease was not given back");
            }
            Err(_) => tracing::warn!(lease = self.name, "the Lease was not given back in time"),
        }
    }

    /// Whether it has the Lease after this.
    async fn turn(&mut self) -> Result<bool, kube::Error> {
        let found = self.leases.get_opt(&self.name).await?;
        let spec = found.as_ref().and_then(|lease| lease.spec.as_ref());
        let claim = claim::claim(spec, &self.identity, self.seen.take(), Instant::now());
        self.seen = claim.seen().cloned();
        let spec = match &claim {
            Claim::Wait(_) => return Ok(false),
            Claim::Renew => self.spec(spec, false),
            Claim::Take => self.spec(spec, true),
        };
        let lease = Lease {
            metadata: ObjectMeta {
                name: Some(self.name.clone()),
                // Nobody else may have written since: whoever comes second is refused.
                resource_version: found
                    .as_ref()
                    .and_then(|found| found.metadata.resource_version.clone()),
                ..found
                    .as_ref()
                    .map(|found| found.metadata.clone())
                    .unwrap_or_default()
            },
            spec: Some(spec),
        };
        let params = PostParams::default();
        let written = if found.is_some() {
            self.leases.replace(&self.name, &params, &lease).await
        } else {
            self.leases.create(&params, &lease).await
        };
        match written {
            Ok(_) => Ok(true),
            Err(kube::Error::Api(status)) if status.code == 409 => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn give_back(&self) -> Result<(), kube::Error> {
        let Some(mut lease) = self.leases.get_opt(&self.name).await? else {
            return Ok(());
        };
        let Some(spec) = lease.spec.as_mut() else {
            return Ok(());
        };
        if spec.holder_identity.as_deref() != Some(&self.identity) {
            return Ok(());
        }
        spec.holder_identity = Some(String::new());
        spec.lease_duration_seconds = Some(1);
        self.leases
            .replace(&self.name, &PostParams::default(), &lease)
            .await
            .map(drop)
    }

    fn spec(&self, old: Option<&LeaseSpec>, taken: bool) -> LeaseSpec {
        let now = MicroTime(micro(self.clock.now()));
        let transitions = old.and_then(|old| old.lease_transitions).unwrap_or(0);
        let since = old.and_then(|old| old.acquire_time.clone());
        LeaseSpec {
            holder_identity: Some(self.identity.clone()),
            lease_duration_seconds: i32::try_from(DURATION.as_secs()).ok(),
            acquire_time: if taken { Some(now.clone()) } else { since },
            renew_time: Some(now),
            lease_transitions: Some(if taken && old.is_some() {
                transitions.saturating_add(1)
            } else {
                transitions
            }),
            ..old.cloned().unwrap_or_default()
        }
    }
}

/// The same moment in the type that k8s-openapi has, which is of an older jiff.
fn micro(moment: Timestamp) -> k8s_openapi::jiff::Timestamp {
    k8s_openapi::jiff::Timestamp::from_microsecond(moment.as_microsecond()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
