use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kms_client::{CallError, Client};
use kms_credentials::CredentialsError;
use kms_types::Clock;

/// A client that remembers for a moment that nobody answers or that it has no credentials.
///
/// kms-client has tried for up to half a minute by then. If each of a store's hundreds of secrets
/// did so, one round would take hours, and STS would be asked for each of them.
pub(super) struct Patient {
    client: Client,
    clock: Arc<dyn Clock>,
    last: Mutex<Option<Outage>>,
}

struct Outage {
    fault: Fault,
    /// On the monotonic clock.
    until: Duration,
}

/// The errors that the next call would end with, too.
#[derive(Clone)]
enum Fault {
    Credentials(CredentialsError),
    Timeout { seconds: u64 },
    Transport { host: String, reason: String },
}

/// Shorter than the operator waits before it tries an object again (`--reconcile-period`).
const REMEMBERED: Duration = Duration::from_secs(4);

// === impl Patient ===

impl Patient {
    pub(super) fn new(client: Client, clock: Arc<dyn Clock>) -> Self {
        Self {
            client,
            clock,
            last: Mutex::default(),
        }
    }

    /// Makes the call, or fails as the last one did a moment ago.
    pub(super) async fn call<T>(
        &self,
        call: impl AsyncFnOnce(&Client) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        if let Some(fault) = self.remembered() {
            return Err(fault.into());
        }
        let answer = call(&self.client).await;
        let fault = answer.as_ref().err().and_then(Fault::of);
        *self.last() = fault.map(|fault| Outage {
            fault,
            until: self.clock.monotonic().saturating_add(REMEMBERED),
        });
        answer
    }

    fn remembered(&self) -> Option<Fault> {
        let now = self.clock.monotonic();
        let last = self.last();
        let outage = last.as_ref().filter(|outage| now < outage.until);
        outage.map(|outage| outage.fault.clone())
    }

    fn last(&self) -> MutexGuard<'_, Option<Outage>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl Fault ===

impl Fault {
    fn of(error: &CallError) -> Option<Self> {
        Some(match error {
            CallError::Credentials(why) => Self::Credentials(why.clone()),
            CallError::Timeout { seconds } => Self::Timeout { seconds: *seconds },
            CallError::Transport { host, reason } => Self::Transport {
                host: host.clone(),
                reason: reason.clone(),
            },
            _ => return None,
        })
    }
}

impl From<Fault> for CallError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Credentials(why) => Self::Credentials(why),
            Fault::Timeout { seconds } => Self::Timeout { seconds },
            Fault::Transport { host, reason } => Self::Transport { host, reason },
        }
    }
}

#[cfg(test)]
mod tests;
