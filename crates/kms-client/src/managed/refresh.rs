//! What a handle holds, and the one read that all who ask at once wait for.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use kms_types::{AccessKeyId, Clock, SecretRef};
use tokio::sync::watch;

use super::{AccessKeyPair, KeyHealth, ManagedAccessKeyError, Pace, ReadSecret, bucket::Bucket};

/// What all clones of a handle share.
pub(super) struct Inner {
    pub(super) secret: SecretRef,
    pub(super) pace: Pace,
    pub(super) expired_codes: Vec<String>,
    source: Arc<dyn ReadSecret>,
    clock: Arc<dyn Clock>,
    /// This handle's part of [`Pace::jitter`].
    jitter: Duration,
    state: Mutex<State>,
    /// The id of the key in hand, for those who wait for another one.
    id: watch::Sender<Option<AccessKeyId>>,
}

struct State {
    held: Option<Held>,
    flight: Option<Flight>,
    /// When the next read is due, on the monotonic clock.
    due: Duration,
    failures: u32,
    /// Reads in a row that found the planned rotation not done yet.
    late: u32,
    error: Option<ManagedAccessKeyError>,
    bucket: Bucket,
}

struct Held {
    pair: AccessKeyPair,
    /// When it was read, by both clocks.
    at: Timestamp,
    since: Duration,
}

pub(super) type Answer = Result<AccessKeyPair, ManagedAccessKeyError>;
type Flight = watch::Receiver<Option<Answer>>;

// === impl Inner ===

impl Inner {
    pub(super) fn new(
        secret: SecretRef,
        source: Arc<dyn ReadSecret>,
        clock: Arc<dyn Clock>,
        pace: Pace,
        jitter: Duration,
        expired_codes: Vec<String>,
    ) -> Self {
        let now = clock.monotonic();
        Self {
            secret,
            expired_codes,
            source,
            jitter,
            state: Mutex::new(State {
                held: None,
                flight: None,
                due: now,
                failures: 0,
                late: 0,
                error: None,
                bucket: Bucket::full(&pace, now),
            }),
            id: watch::Sender::new(None),
            clock,
            pace,
        }
    }

    /// The key in hand. Waits for KMS only if there is none, or if it should have been read
    /// again long ago: then nobody looks after it.
    pub(super) async fn current(self: &Arc<Self>) -> Answer {
        let now = self.clock.monotonic();
        let flight = {
            let mut state = self.state();
            let overdue = now > state.due.saturating_add(self.pace.overdue);
            match &state.held {
                Some(held) if !overdue => {
                    let pair = held.pair.clone();
                    if now >= state.due {
                        let _in_background = self.fly(&mut state);
                    }
                    return Ok(pair);
                }
                // Failed a moment ago: the next attempt has its time.
                None if now < state.due && state.flight.is_none() => {
                    if let Some(error) = &state.error {
                        return Err(error.clone());
                    }
                    self.fly(&mut state)
                }
                _ => self.fly(&mut state),
            }
        };
        self.land_with(flight).await
    }

    /// Reads anew, whatever is in hand. A failure is one here, also with a key in hand.
    pub(super) async fn refresh(self: &Arc<Self>) -> Answer {
        let flight = self.fly(&mut self.state());
        self.land_with(flight).await?;
        let state = self.state();
        match (&state.error, &state.held) {
            (None, Some(held)) => Ok(held.pair.clone()),
            (Some(error), _) => Err(error.clone()),
            (None, None) => Err(self.broken_off()),
        }
    }

    /// What to call with after a service refused the key of this id: another one that is in
    /// hand already, else what KMS gives out now.
    pub(super) async fn after_refusal(self: &Arc<Self>, refused: &AccessKeyId) -> Answer {
        let flight = {
            let mut state = self.state();
            if let Some(held) = &state.held
                && held.pair.id != *refused
            {
                return Ok(held.pair.clone());
            }
            if let Some(flight) = state.aloft() {
                flight
            } else if state.bucket.take(&self.pace, self.clock.monotonic()) {
                tracing::info!(secret = %self.secret, accessKeyId = refused.as_str(),
                    "the hosted AccessKey is refused; reading it again");
                self.fly(&mut state)
            } else {
                return Err(ManagedAccessKeyError::TooManyRefusals {
                    secret: self.secret.clone(),
                });
            }
        };
        self.land_with(flight).await
    }

    /// Waits until the key in hand is another one than this.
    pub(super) async fn changed(&self, than: Option<&AccessKeyId>) {
        let mut id = self.id.subscribe();
        // The sender lives as long as this.
        drop(id.wait_for(|id| id.is_some() && id.as_ref() != than).await);
    }

    /// Reads if that is due.
    pub(super) async fn tick(self: &Arc<Self>) {
        let flight = {
            let mut state = self.state();
            if self.clock.monotonic() < state.due {
                return;
            }
            self.fly(&mut state)
        };
        // What came of it is in the state, and in the log.
        drop(self.land_with(flight).await);
    }

    pub(super) fn until_due(&self) -> Duration {
        let due = self.state().due;
        due.saturating_sub(self.clock.monotonic())
    }

    pub(super) fn health(&self) -> KeyHealth {
        let now = self.clock.monotonic();
        let state = self.state();
        let due_in = state.due.saturating_sub(now);
        KeyHealth {
            fetched: state.held.as_ref().map(|held| held.at),
            age: state
                .held
                .as_ref()
                .map(|held| now.saturating_sub(held.since)),
            next_refresh: self
                .clock
                .now()
                .saturating_add(due_in)
                .unwrap_or(Timestamp::MAX),
            failures: state.failures,
            last_error: state.error.clone(),
        }
    }

    /// The read that is on its way, or a new one. It runs in a task of its own: whoever began
    /// it may give up, the others still get its answer.
    fn fly(self: &Arc<Self>, state: &mut State) -> Flight {
        if let Some(flight) = state.aloft() {
            return flight;
        }
        let (sender, receiver) = watch::channel(None);
        state.flight = Some(receiver.clone());
        let inner = Arc::clone(self);
        tokio::spawn(async move {
            let read = inner.read().await;
            let answer = inner.land(read);
            sender.send_replace(Some(answer));
        });
        receiver
    }

    async fn land_with(&self, mut flight: Flight) -> Answer {
        let landed = flight.wait_for(Option::is_some).await;
        let answer = landed.ok().and_then(|answer| answer.clone());
        answer.unwrap_or_else(|| Err(self.broken_off()))
    }

    async fn read(&self) -> Answer {
        let value = self.source.read(&self.secret).await;
        let value = value.map_err(|error| ManagedAccessKeyError::Read {
            secret: self.secret.clone(),
            source: Arc::new(error),
        })?;
        AccessKeyPair::parse(&value).map_err(|reason| ManagedAccessKeyError::Value {
            secret: self.secret.clone(),
            reason,
        })
    }

    /// Takes what a read brought, and says what those who waited get.
    fn land(&self, read: Answer) -> Answer {
        let now = self.clock.now();
        let monotonic = self.clock.monotonic();
        let mut state = self.state();
        state.flight = None;
        match read {
            Ok(pair) => {
                let wait = self.plan(&mut state, &pair, now);
                state.due = monotonic.saturating_add(wait);
                state.failures = 0;
                state.error = None;
                self.id.send_replace(Some(pair.id.clone()));
                state.held = Some(Held {
                    pair: pair.clone(),
                    at: now,
                    since: monotonic,
                });
                Ok(pair)
            }
            Err(error) => {
                state.failures = state.failures.saturating_add(1);
                let wait = self.pace.wait_failed(state.failures);
                state.due = monotonic.saturating_add(wait);
                state.error = Some(error.clone());
                let Some(held) = &state.held else {
                    return Err(error);
                };
                tracing::warn!(secret = %self.secret, error = error.in_full(),
                    accessKeyId = held.pair.id.as_str(),
                    ageSeconds = monotonic.saturating_sub(held.since).as_secs(),
                    "the hosted AccessKey cannot be read again; going on with the one in hand");
                Ok(held.pair.clone())
            }
        }
    }

    /// How long until the next read, after one that gave `new`.
    fn plan(&self, state: &mut State, new: &AccessKeyPair, now: Timestamp) -> Duration {
        let before = state.held.as_ref().map(|held| &held.pair);
        let changed = before.is_some_and(|before| before.id != new.id);
        let announced = before.and_then(|before| before.next_rotation);
        if let Some(before) = before.filter(|_| changed) {
            tracing::info!(secret = %self.secret, old = before.id.as_str(), new = new.id.as_str(),
                "the hosted AccessKey was rotated");
        }
        if !changed && self.pace.is_late(now, new.next_rotation, announced) {
            state.late = state.late.saturating_add(1);
            return self.pace.wait_late(state.late);
        }
        state.late = 0;
        self.pace.wait(now, new.next_rotation, self.jitter)
    }

    fn broken_off(&self) -> ManagedAccessKeyError {
        ManagedAccessKeyError::BrokenOff {
            secret: self.secret.clone(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl State ===

impl State {
    /// The read that is on its way, unless its task is gone.
    fn aloft(&self) -> Option<Flight> {
        let flight = self.flight.as_ref()?;
        flight.has_changed().is_ok().then(|| flight.clone())
    }
}
