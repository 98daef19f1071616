//! Keeps credentials, and has others in hand before they end.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use kms_types::Clock;
use tokio::sync::watch;

use crate::{Credentials, CredentialsError, ProvideCredentials};

/// Comes by credentials, each time anew.
#[async_trait]
pub(crate) trait Search: Send + Sync + 'static {
    async fn search(&self) -> Result<Credentials, CredentialsError>;
}

/// Credentials that are looked for once, however many ask, and again before they end.
///
/// The official SDKs wait for new ones when 180 s (Go) or 15 minutes (Python) are left
/// (reference kms-api §6.5). Here the search begins in the background when 15 minutes are
/// left, or a quarter of their life if that is less, and is waited for only when 180 s, or
/// an eighth of their life, are left. A search that fails changes nothing as long as the
/// old ones are valid.
pub(crate) struct Cached {
    inner: Arc<Inner>,
}

struct Inner {
    search: Box<dyn Search>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    flight: Option<watch::Receiver<Option<Answer>>>,
    /// Searches that failed in a row, while there were credentials to go on with.
    failures: u32,
    /// When the service last refused what was held, on the monotonic clock.
    refused: Option<Duration>,
}

struct Held {
    credentials: Credentials,
    /// When a search may begin in the background, on the wall clock.
    renew: Option<Timestamp>,
    /// From when on it is waited for.
    urgent: Option<Timestamp>,
    /// No search before this, on the monotonic clock, unless they have ended.
    rest_until: Duration,
    /// The service refused them.
    suspect: bool,
}

type Answer = Result<Credentials, CredentialsError>;

/// What a caller gets at once.
enum Now {
    Have(Credentials),
    Wait(watch::Receiver<Option<Answer>>),
}

const BACKGROUND: SignedDuration = SignedDuration::from_mins(15);
const URGENT: SignedDuration = SignedDuration::from_secs(180);

/// The background search begins up to so many seconds earlier.
const SPREAD: i64 = 60;

/// After a search that failed or brought nothing longer-lived, doubled each time.
const REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_mins(1);

/// Refused credentials are looked up again no more often than this.
const REFUSALS: Duration = Duration::from_secs(30);

// === impl Cached ===

impl Cached {
    pub(crate) fn new(search: impl Search, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner: Arc::new(Inner {
                search: Box::new(search),
                clock,
                state: Mutex::default(),
            }),
        }
    }
}

#[async_trait]
impl ProvideCredentials for Cached {
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        let mut flight = match Inner::now(&self.inner) {
            Now::Have(credentials) => return Ok(credentials),
            Now::Wait(flight) => flight,
        };
        let landed = flight.wait_for(Option::is_some).await;
        let answer = landed.ok().and_then(|answer| answer.clone());
        answer.unwrap_or_else(|| {
            Err(CredentialsError::Unreachable {
                source_name: "default",
                reason: "the search broke off".to_owned(),
            })
        })
    }

    async fn refused(&self, credentials: &Credentials) -> bool {
        if !self.inner.doubt(credentials) {
            return false;
        }
        self.credentials()
            .await
            .is_ok_and(|other| !same(&other, credentials))
    }
}

// === impl Inner ===

impl Inner {
    fn now(self: &Arc<Self>) -> Now {
        let now = self.clock.now();
        let monotonic = self.clock.monotonic();
        let mut state = self.state();
        let Some(held) = &state.held else {
            return Now::Wait(self.fly(&mut state));
        };
        let past = |moment: Option<Timestamp>| moment.is_some_and(|moment| now >= moment);
        if past(held.credentials.expires) || held.suspect {
            return Now::Wait(self.fly(&mut state));
        }
        let rested = monotonic >= held.rest_until;
        if rested && past(held.urgent) {
            return Now::Wait(self.fly(&mut state));
        }
        let credentials = held.credentials.clone();
        if rested && past(held.renew) {
            let _in_background = self.fly(&mut state);
        }
        Now::Have(credentials)
    }

    /// The search that is on its way, or a new one. It runs in a task of its own: whoever
    /// began it may give up, the others still get its answer.
    fn fly(self: &Arc<Self>, state: &mut State) -> watch::Receiver<Option<Answer>> {
        if let Some(flight) = &state.flight
            && flight.has_changed().is_ok()
        {
            return flight.clone();
        }
        let (sender, receiver) = watch::channel(None);
        state.flight = Some(receiver.clone());
        let inner = Arc::clone(self);
        tokio::spawn(async move {
            let found = inner.search.search().await;
            let answer = inner.land(found);
            sender.send_replace(Some(answer));
        });
        receiver
    }

    /// Takes what a search brought, and says what those who waited get.
    fn land(&self, found: Answer) -> Answer {
        let now = self.clock.now();
        let monotonic = self.clock.monotonic();
        let mut state = self.state();
        state.flight = None;
        let error = match found {
            Ok(credentials) => {
                tracing::debug!(provider = credentials.provider, expires = ?credentials.expires, "credentials found");
                let repeated = state
                    .held
                    .as_ref()
                    .is_some_and(|held| same(&held.credentials, &credentials));
                state.failures = if repeated {
                    state.failures.saturating_add(1)
                } else {
                    0
                };
                let rest_until = monotonic.saturating_add(rest(state.failures));
                state.held = Some(Held::new(credentials.clone(), now, rest_until));
                return Ok(credentials);
            }
            Err(error) => error,
        };
        state.failures = state.failures.saturating_add(1);
        let rest_until = monotonic.saturating_add(rest(state.failures));
        match &mut state.held {
            Some(held) if held.credentials.expires.is_none_or(|end| now < end) => {
                tracing::warn!(%error, provider = held.credentials.provider,
                    "no new credentials; going on with the old ones");
                held.rest_until = rest_until;
                held.suspect = false;
                Ok(held.credentials.clone())
            }
            _ => Err(error),
        }
    }

    /// Marks refused credentials for another search, unless that was done a moment ago.
    fn doubt(&self, credentials: &Credentials) -> bool {
        let monotonic = self.clock.monotonic();
        let mut state = self.state();
        let recently = state
            .refused
            .is_some_and(|when| monotonic.saturating_sub(when) < REFUSALS);
        match &mut state.held {
            Some(held) if same(&held.credentials, credentials) => {
                if recently {
                    return false;
                }
                held.suspect = true;
                state.refused = Some(monotonic);
                true
            }
            // Others are in hand already.
            _ => true,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl Held ===

impl Held {
    fn new(credentials: Credentials, now: Timestamp, rest_until: Duration) -> Self {
        let end = credentials.expires;
        let life = end.map_or(SignedDuration::ZERO, |end| end.duration_since(now));
        // By the key, so that machines that began together do not renew together.
        let spread = credentials.key.access_key_id.as_str().bytes();
        let spread = spread.fold(0_i64, |sum, b| (sum * 31 + i64::from(b)) % SPREAD);
        let spread = SignedDuration::from_secs(spread).min(life / 16);
        let before_end = |margin| end.and_then(|end| end.checked_sub(margin).ok());
        Self {
            renew: before_end(BACKGROUND.min(life / 4).saturating_add(spread)),
            urgent: before_end(URGENT.min(life / 8)),
            credentials,
            rest_until,
            suspect: false,
        }
    }
}

fn rest(failures: u32) -> Duration {
    match failures.checked_sub(1) {
        None => Duration::ZERO,
        Some(doublings) => REST
            .saturating_mul(2_u32.saturating_pow(doublings))
            .min(LONGEST_REST),
    }
}

fn same(one: &Credentials, other: &Credentials) -> bool {
    let token = |credentials: &Credentials| credentials.key.security_token.clone();
    one.key.access_key_id == other.key.access_key_id
        // EXPOSE: compared in constant time, in memory.
        && one.key.access_key_secret.matches(other.key.access_key_secret.expose().as_bytes())
        && match (token(one), token(other)) {
            (None, None) => true,
            // EXPOSE: compared in constant time, in memory.
            (Some(one), Some(other)) => one.matches(other.expose().as_bytes()),
            _ => false,
        }
}

#[cfg(test)]
mod tests;
