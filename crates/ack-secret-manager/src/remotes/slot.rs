//! One remote secret, followed for as long as somebody names it.

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, time};

use super::{Looks, Pace, Readers};
use crate::{
    backend::ReadError,
    chance::between,
    plan::{Answer, Provider, Remote, Value},
};

/// What follows it.
pub(super) struct Slot {
    pub(super) remote: Remote,
    pub(super) looks: Looks,
    pub(super) readers: Arc<dyn Readers>,
}

/// What is known of it.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// What was read last.
    value: Option<Value>,
    /// Why it could not be read the last time.
    trouble: Option<Trouble>,
}

/// Why it could not be read.
#[derive(Debug)]
struct Trouble {
    /// In one word. While that stays the same, so does the trouble: reasons hold ids of requests.
    code: String,
    reason: String,
}

/// How it is followed.
#[derive(Debug)]
pub(super) struct Orders {
    every: Duration,
    /// Goes up when it is to be looked at at once.
    now: u64,
}

/// Between tries of one look, about: 2 and 4 seconds (reference k8s-sync §1.5).
const PAUSES: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(4)];

/// After a look that failed, the first and the longest pause; never longer than the interval.
const FIRST_REST: Duration = Duration::from_secs(5);
const LONGEST_REST: Duration = Duration::from_mins(2);

// === impl Slot ===

impl Slot {
    /// Looks at it until nobody listens any more. `changed` is called when what is known is not what
    /// it was.
    pub(super) async fn follow(
        self,
        known: watch::Sender<Known>,
        mut orders: watch::Receiver<Orders>,
        changed: impl Fn(),
    ) {
        let mut looked = false;
        let mut failures = 0_u32;
        loop {
            orders.mark_unchanged();
            let now = orders.borrow().now;
            let read = self.read().await;
            failures = match read {
                Ok(_) => 0,
                Err(_) => failures.saturating_add(1),
            };
            if known.send_if_modified(|known| known.learn(read)) {
                changed();
            }
            let early = if looked { 0.0 } else { between(0.0, 1.0) };
            looked = failures == 0 || looked;
            loop {
                let (every, again) = {
                    let orders = orders.borrow_and_update();
                    (orders.every, orders.now != now)
                };
                if again {
                    break;
                }
                let rest = self.rest(every, failures, early);
                let over = async {
                    match rest {
                        Some(rest) => time::sleep(rest).await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    () = over => break,
                    more = orders.changed() => if more.is_err() {
                        return;
                    },
                }
            }
        }
    }

    /// How long it is left alone; for good where nobody wants to know again.
    fn rest(&self, every: Duration, failures: u32, early: f64) -> Option<Duration> {
        if failures > 0 {
            let doubled = FIRST_REST * 2_u32.saturating_pow(failures.saturating_sub(1).min(8));
            let rest = doubled.min(LONGEST_REST).min(every);
            return Some(rest.mul_f64(between(0.8, 1.0)));
        }
        let earlier = self.looks.spread.of(every).mul_f64(early);
        self.looks.polling.then(|| every.saturating_sub(earlier))
    }

    /// Reads it, and again where that may help.
    async fn read(&self) -> Result<Value, Trouble> {
        let reader = self.readers.reader(&self.remote.store).await;
        let reader = reader.map_err(|reason| Trouble {
            code: reason.clone(),
            reason,
        })?;
        let pace: &Pace = match self.remote.provider {
            Provider::Kms => &self.looks.kms,
            Provider::Oos => &self.looks.oos,
        };
        let mut pauses = PAUSES.iter();
        loop {
            pace.wait().await;
            let read = reader.read(&self.remote).await;
            let outcome = match &read {
                Ok(_) => "ok",
                Err(ReadError::Refused { .. }) => "refused",
                Err(ReadError::Passing { .. }) => "passing",
            };
            self.looks.metrics.read(self.remote.provider, outcome);
            match read {
                Ok(value) => return Ok(value),
                Err(ReadError::Refused { code, reason }) => return Err(Trouble { code, reason }),
                Err(ReadError::Passing { code, reason }) => match pauses.next() {
                    Some(pause) => time::sleep(pause.mul_f64(between(0.8, 1.2))).await,
                    None => return Err(Trouble { code, reason }),
                },
            }
        }
    }
}

// === impl Known ===

impl Known {
    /// What there is to tell, once it was looked at.
    pub(super) fn answer(&self) -> Option<Answer> {
        match (&self.value, &self.trouble) {
            (Some(value), None) => Some(Answer::Fresh(value.clone())),
            (Some(value), Some(trouble)) => {
                Some(Answer::Stale(value.clone(), trouble.reason.clone()))
            }
            (None, Some(trouble)) => Some(Answer::Missing(trouble.reason.clone())),
            (None, None) => None,
        }
    }

    /// Whether it is not what it was.
    fn learn(&mut self, read: Result<Value, Trouble>) -> bool {
        match read {
            Ok(value) => {
                // EXPOSE: compared with what is kept.
                let same = self
                    .value
                    .as_ref()
                    .is_some_and(|old| old.matches(value.expose()));
                let well = self.trouble.take().is_none();
                if !same {
                    self.value = Some(value);
                }
                !(same && well)
            }
            Err(trouble) => {
                let same = |old: &Trouble| old.code == trouble.code;
                let same = self.trouble.as_ref().is_some_and(same);
                if !same {
                    self.trouble = Some(trouble);
                }
                !same
            }
        }
    }
}

// === impl Orders ===

impl Orders {
    pub(super) fn new(every: Duration) -> Self {
        Self { every, now: 0 }
    }

    /// Whether that is something new.
    pub(super) fn every(&mut self, every: Duration) -> bool {
        let other = self.every != every;
        self.every = every;
        other
    }

    pub(super) fn again(&mut self) {
        self.now = self.now.wrapping_add(1);
    }
}
