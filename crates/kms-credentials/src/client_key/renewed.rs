use std::{
    fs::{self, Metadata},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use jiff::Timestamp;
use kms_types::Clock;
use tokio::{task::spawn_blocking, time::timeout};

use super::{ClientKey, ClientKeyError, ClientKeyPassword};

/// A ClientKey to sign with, maybe another one tomorrow.
#[async_trait]
pub trait ProvideClientKey: Send + Sync {
    /// The key to sign with at `now`, the service's time. It may have ended: then there is
    /// no other.
    ///
    /// # Errors
    /// [`ClientKeyError`]: the key in hand has ended, and why no other can be read.
    async fn client_key(&self, now: Timestamp) -> Result<ClientKey, ClientKeyError>;

    /// Tells that the service refuses this one. `true` if there is another.
    async fn refused(&self, _key: &ClientKey) -> bool {
        false
    }
}

/// A ClientKey whose file is replaced while the program runs, before the key ends.
///
/// Whether the files (the key's, and the password's) are others is looked at once a second
/// at most, when somebody signs; at once if the key has ended or is refused. New ones that
/// cannot be used, for they are half written or do not fit each other, change nothing:
/// the old key stays. Needs a Tokio runtime.
pub struct ClientKeyFile {
    path: PathBuf,
    password: ClientKeyPassword,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    /// One at a time looks.
    looking: tokio::sync::Mutex<()>,
}

struct State {
    key: ClientKey,
    /// As the files were when the key was read.
    read: Stamps,
    /// As they were when they could not be used, and why not.
    failed: Option<(Stamps, ClientKeyError)>,
    failures: u32,
    /// No look before this, on the monotonic clock.
    look_from: Duration,
    /// No second attempt with the same files before this.
    retry_from: Duration,
}

/// What tells a file from the one that was there before.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Stamp {
    modified: Option<SystemTime>,
    len: u64,
    number: u64,
}

/// What a look brought.
enum Found {
    /// The files are those that the key was read from.
    Same,
    /// They are those that were of no use a moment ago.
    SameFailure,
    /// They are others.
    Other(Stamps, Result<ClientKey, ClientKeyError>),
}

/// Of the key's file and the password's; `None` for one that is not there.
type Stamps = [Option<Stamp>; 2];

const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Between attempts with files that did not change; doubled each time.
const REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_mins(1);

/// A file system that does not answer (NFS) must not hold up calls for ever.
const PATIENCE: Duration = Duration::from_secs(5);

// === impl ClientKey ===

/// The same for ever.
#[async_trait]
impl ProvideClientKey for ClientKey {
    async fn client_key(&self, _now: Timestamp) -> Result<ClientKey, ClientKeyError> {
        Ok(self.clone())
    }
}

// === impl ClientKeyFile ===

impl ClientKeyFile {
    /// Reads the files, which must be good now.
    ///
    /// # Errors
    /// [`ClientKeyError`]. That the key has expired is none.
    pub fn open(
        path: impl Into<PathBuf>,
        password: ClientKeyPassword,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ClientKeyError> {
        let path = path.into();
        // Before reading: a file that is replaced in between must look new afterwards.
        let read = stamps(&path, &password);
        let key = ClientKey::read(&path, &password)?;
        Ok(Self {
            path,
            password,
            clock,
            state: Mutex::new(State {
                key,
                read,
                failed: None,
                failures: 0,
                look_from: Duration::ZERO,
                retry_from: Duration::ZERO,
            }),
            looking: tokio::sync::Mutex::default(),
        })
    }

    /// Reads the files again if they are others than before. If another look is on its way,
    /// it is enough unless this one is `urgent`.
    async fn look(&self, urgent: bool) {
        let _alone = match self.looking.try_lock() {
            Ok(alone) => alone,
            Err(_busy) if urgent => self.looking.lock().await,
            Err(_busy) => return,
        };
        let (path, password) = (self.path.clone(), self.password.clone());
        let (read, failed) = {
            let state = self.state();
            let resting = self.clock.monotonic() < state.retry_from;
            let failed = state.failed.as_ref().map(|(stamps, _)| stamps.clone());
            (state.read.clone(), failed.filter(|_| resting))
        };
        let looked = spawn_blocking(move || {
            let now = stamps(&path, &password);
            if now == read {
                Found::Same
            } else if failed.is_some_and(|failed| failed == now) {
                Found::SameFailure
            } else {
                let key = ClientKey::read(&path, &password);
                Found::Other(now, key)
            }
        });
        let found = match timeout(PATIENCE, looked).await {
            Ok(Ok(found)) => found,
            Ok(Err(broken_off)) => Found::Other(Stamps::default(), Err(self.wrong(&broken_off))),
            Err(elapsed) => Found::Other(Stamps::default(), Err(self.wrong(&elapsed))),
        };
        let monotonic = self.clock.monotonic();
        let mut state = self.state();
        state.look_from = monotonic.saturating_add(LOOK_EVERY);
        match found {
            Found::Same => {
                state.failed = None;
                state.failures = 0;
            }
            Found::SameFailure => {}
            Found::Other(stamps, Ok(key)) => {
                tracing::info!(
                    keyId = key.key().key_id().as_str(),
                    expires = %key.expires(),
                    "the client key's file is a new one"
                );
                state.key = key;
                state.read = stamps;
                state.failed = None;
                state.failures = 0;
            }
            Found::Other(stamps, Err(error)) => {
                tracing::warn!(
                    %error,
                    keyId = state.key.key().key_id().as_str(),
                    "the client key's file is a new one, but of no use; going on with the old key"
                );
                state.failed = Some((stamps, error));
                state.failures = state.failures.saturating_add(1);
                let rest = REST
                    .saturating_mul(2_u32.saturating_pow(state.failures.saturating_sub(1)))
                    .min(LONGEST_REST);
                state.retry_from = monotonic.saturating_add(rest);
            }
        }
    }

    fn wrong(&self, reason: &dyn std::fmt::Display) -> ClientKeyError {
        ClientKeyError {
            path: self.path.clone(),
            reason: reason.to_string(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl ProvideClientKey for ClientKeyFile {
    async fn client_key(&self, now: Timestamp) -> Result<ClientKey, ClientKeyError> {
        let (ended, due) = {
            let state = self.state();
            let due = self.clock.monotonic() >= state.look_from;
            (state.key.expires() <= now, due)
        };
        if ended || due {
            self.look(ended).await;
        }
        let state = self.state();
        match &state.failed {
            Some((_, error)) if state.key.expires() <= now => Err(error.clone()),
            _ => Ok(state.key.clone()),
        }
    }

    async fn refused(&self, key: &ClientKey) -> bool {
        self.look(true).await;
        self.state().key.key().key_id() != key.key().key_id()
    }
}

fn stamps(path: &Path, password: &ClientKeyPassword) -> Stamps {
    let stamp = |path: &Path| fs::metadata(path).ok().map(|metadata| Stamp::of(&metadata));
    [
        stamp(path),
        match password {
            ClientKeyPassword::File(path) => stamp(path),
            ClientKeyPassword::Value(_) => None,
        },
    ]
}

// === impl Stamp ===

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self {
            modified: metadata.modified().ok(),
            len: metadata.len(),
            number: number(metadata),
        }
    }
}

/// A file that was renamed into its place has another one.
#[cfg(unix)]
fn number(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn number(_metadata: &Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests;
