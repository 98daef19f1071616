//! Who may be worked for at once, and how often: a short wait is better than a refusal, for
//! most clients do not try again (reference real-clients §5).

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use kms_service::Principal;
use kms_types::{Clock, ErrorCode};
use kms_wire::ApiError;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};

/// How much at most.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Calls that are worked on at once.
    pub concurrency: usize,
    /// Calls of one principal in a second, in the long run; 0 for no bound.
    pub per_second: u32,
    /// Calls of one principal that may come at once after a pause.
    pub burst: u32,
    /// How long a call waits for its turn before it is refused.
    pub patience: Duration,
}

/// Lets calls in. Cheap to clone.
#[derive(Clone)]
pub struct Admission(Arc<Inner>);

struct Inner {
    rates: Rates,
    clock: Arc<dyn Clock>,
    seats: Arc<Semaphore>,
    /// When each principal's calls would all be paid for, on the monotonic clock.
    paid: Mutex<HashMap<String, Duration>>,
    throttled: AtomicU64,
}

/// So many principals are remembered; those that owe nothing go first.
const REMEMBERED: usize = 10_000;

// === impl Admission ===

impl Admission {
    /// With these bounds.
    pub fn new(rates: Rates, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner {
            rates,
            clock,
            seats: Arc::new(Semaphore::new(rates.concurrency)),
            paid: Mutex::default(),
            throttled: AtomicU64::new(0),
        }))
    }

    /// A seat among the calls that are worked on.
    ///
    /// # Errors
    /// `Rejected.Throttling` if none was free in time.
    pub(super) async fn seat(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        let seat = Arc::clone(&self.0.seats).acquire_owned();
        match timeout(self.0.rates.patience, seat).await {
            Ok(Ok(seat)) => Ok(seat),
            // Nobody closes the semaphore.
            Ok(Err(_)) | Err(_) => Err(self.refuse()),
        }
    }

    /// Waits until one more call of this principal is within its rate.
    ///
    /// # Errors
    /// `Rejected.Throttling` if that takes longer than a client waits.
    pub(super) async fn rate(&self, principal: &Principal) -> Result<(), ApiError> {
        let Some(key) = key(principal) else {
            return Ok(());
        };
        match self.reserve(key) {
            Some(wait) if wait.is_zero() => Ok(()),
            Some(wait) => {
                sleep(wait).await;
                Ok(())
            }
            None => Err(self.refuse()),
        }
    }

    /// How many calls were refused.
    pub fn throttled(&self) -> u64 {
        self.0.throttled.load(Ordering::Relaxed)
    }

    /// How many are worked on.
    pub fn in_flight(&self) -> usize {
        let free = self.0.seats.available_permits();
        self.0.rates.concurrency.saturating_sub(free)
    }

    /// The generic cell rate algorithm (ITU-T I.371): each call is paid for with its share of
    /// a second, and a principal may owe a burst. How long to wait, or none if the call is
    /// not to be: then it owes nothing for it.
    fn reserve(&self, key: String) -> Option<Duration> {
        let rates = &self.0.rates;
        if rates.per_second == 0 {
            return Some(Duration::ZERO);
        }
        let share = Duration::from_secs(1) / rates.per_second;
        let credit = share * rates.burst.max(1).saturating_sub(1);
        let now = self.0.clock.monotonic();
        let mut paid = self.0.paid.lock().unwrap_or_else(PoisonError::into_inner);
        if paid.len() >= REMEMBERED && !paid.contains_key(&key) {
            paid.retain(|_, until| *until > now);
        }
        let until = paid.get(&key).copied().unwrap_or(now).max(now);
        let wait = until.saturating_sub(now).saturating_sub(credit);
        if wait > rates.patience {
            return None;
        }
        paid.insert(key, until + share);
        Some(wait)
    }

    fn refuse(&self) -> ApiError {
        self.0.throttled.fetch_add(1, Ordering::Relaxed);
        ApiError::new(ErrorCode::Throttling, "QPS Limit Exceeded")
    }
}

/// Sessions of one role share its rate, as AccessKeys of one user do.
fn key(principal: &Principal) -> Option<String> {
    match principal {
        Principal::User { user_id, .. } => Some(format!("user/{user_id}")),
        Principal::Role { role_id, .. } => Some(format!("role/{role_id}")),
        Principal::Client { key_id, .. } => Some(format!("client/{key_id}")),
        // Bounded by its issuer's tokens and by the seats.
        _ => None,
    }
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            concurrency: 256,
            per_second: 10_000,
            burst: 20_000,
            patience: Duration::from_secs(2),
        }
    }
}

#[cfg(test)]
mod tests;
