//! From a key to a value: the cache, else one call of KMS, else what may stand in.

use std::{sync::Arc, time::Duration};

use arc_swap::Guard;
use kms_client::AccessKeyPair;
use kms_types::{Clock, SecretName, SecretRef};
use kms_wire::response::GetSecretValue;
use tokio::sync::Semaphore;

use crate::{
    CacheState, ResponseType, SecretRequest, Settings, Upstream, UpstreamError,
    cache::{Cache, Entry, Found, Negative, Policy},
    flight::Flights,
    render,
};

/// Everything that reading a secret needs.
pub(super) struct Reads {
    cache: Cache,
    cache_off: bool,
    policy: Policy,
    negative: Negative,
    flights: Flights<SecretRequest, Answered>,
    upstream: Arc<dyn Upstream>,
    calls: Semaphore,
    response_type: ResponseType,
    kv2: bool,
    /// Whose AccessKeys may be asked for by themselves.
    hosted: Vec<SecretName>,
    clock: Arc<dyn Clock>,
}

/// What a read ended with.
pub(super) type Answered = (Result<Arc<Entry>, UpstreamError>, CacheState);

/// Calls of KMS at once; more wait.
const MAX_CALLS: usize = 64;

/// The upstream has its own deadlines; this one is for an upstream that forgets them.
const CALL_DEADLINE: Duration = Duration::from_mins(1);

// === impl Reads ===

impl Reads {
    pub(super) fn new(
        settings: &Settings,
        upstream: Arc<dyn Upstream>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let server = &settings.server;
        let policy = Policy::new(&settings.cache, server.ignore_transient_errors);
        Self {
            cache: Cache::new(&settings.cache, policy),
            cache_off: settings.cache.size == 0,
            policy,
            negative: Negative::new(settings.cache.negative_ttl),
            flights: Flights::new(),
            upstream,
            calls: Semaphore::new(MAX_CALLS),
            response_type: server.response_type,
            kv2: server.vault_mounts.values().any(|version| *version == 2),
            hosted: server.credentials_uri_secrets.clone(),
            clock,
        }
    }

    /// What can be answered at once: no waiting, no lock.
    pub(super) fn hit(&self, key: &SecretRequest, now: Duration) -> Option<Guard<Arc<Entry>>> {
        self.cache.fresh(key, now)
    }

    /// Everything else.
    pub(super) async fn read(self: &Arc<Self>, key: &SecretRequest) -> Answered {
        if self.cache_off {
            return self.call(key).await;
        }
        if let Some(answered) = self.known(key) {
            return answered;
        }
        let joined = self
            .flights
            .join(
                key,
                || self.known(key),
                || {
                    let (reads, key) = (Arc::clone(self), key.clone());
                    async move { reads.call(&key).await }
                },
            )
            .await;
        match joined {
            Ok(answered) => answered,
            Err(lost) => {
                tracing::error!(error = %lost, "a call of KMS ended without a result");
                let reason = lost.to_string();
                (Err(UpstreamError::Unreachable { reason }), CacheState::Miss)
            }
        }
    }

    /// Lets go of values that can never be handed out again.
    pub(super) fn purge(&self) {
        self.cache.purge(self.clock.monotonic());
    }

    fn known(&self, key: &SecretRequest) -> Option<Answered> {
        let now = self.clock.monotonic();
        match self.cache.look(key, now) {
            Found::Fresh(entry) => return Some((Ok(entry), CacheState::Hit)),
            Found::HeldOff(entry) => return Some((Ok(entry), CacheState::Stale)),
            Found::Stale(_) | Found::Missing => {}
        }
        let error = self.negative.look(key, now)?;
        Some((Err(error), CacheState::Negative))
    }

    /// Asks KMS and keeps what it says.
    async fn call(&self, key: &SecretRequest) -> Answered {
        // Never closed, so always granted.
        let _granted = self.calls.acquire().await;
        let asked = self.clock.monotonic();
        let fetched = tokio::time::timeout(CALL_DEADLINE, self.upstream.fetch(key))
            .await
            .unwrap_or(Err(UpstreamError::Timeout));
        let error = match fetched {
            Ok(value) => match self.entry(key, value, asked) {
                Ok(entry) => {
                    let entry = Arc::new(entry);
                    self.cache.put(key, Arc::clone(&entry));
                    return (Ok(entry), CacheState::Miss);
                }
                Err(reason) => UpstreamError::Unreachable {
                    reason: reason.to_string(),
                },
            },
            Err(error) => error,
        };
        self.failed(key, error)
    }

    fn entry(
        &self,
        key: &SecretRequest,
        value: GetSecretValue,
        asked: Duration,
    ) -> Result<Entry, serde_json::Error> {
        let fresh_for = self.policy.fresh_for(&value, self.clock.now());
        let hosted = matches!(&key.secret, SecretRef::Name(name) if self.hosted.contains(name));
        let access_key = hosted.then(|| AccessKeyPair::parse(&value));
        if let Some(Err(reason)) = &access_key {
            tracing::warn!(secret = %key.secret, %reason, "the value of CredentialsUriSecrets");
        }
        Ok(Entry {
            rendered: render::value(&value, self.response_type, self.kv2, fresh_for)?,
            fetched: asked,
            fresh_for,
            access_key: access_key.and_then(Result::ok),
            request_id: value.request_id.into(),
        })
    }

    fn failed(&self, key: &SecretRequest, error: UpstreamError) -> Answered {
        tracing::warn!(secret = %key.secret, %error, "KMS gave no value");
        let now = self.clock.monotonic();
        if Policy::revokes(&error) {
            self.cache.remove(key);
            if !self.cache_off {
                self.negative.put(key, &error, now);
            }
        } else if error.is_transient()
            && let Found::Stale(entry) | Found::HeldOff(entry) | Found::Fresh(entry) =
                self.cache.look(key, now)
        {
            self.cache.hold_off(key, now + self.policy.hold_off());
            return (Ok(entry), CacheState::Stale);
        }
        (Err(error), CacheState::Miss)
    }
}
