use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use arc_swap::Guard;
use jiff::{SignedDuration, Timestamp};
use kms_crypto::{Keyring, RootKey};
use kms_store::{Mode, Moment, Scope, SharedNonces, Store, Work, run_read, run_tx};
use kms_types::{Clock, RegionId};
use kms_wire::{ApiError, Request, Response};

use crate::{
    Caller, Issuer, IssuerError, Issuers, KeySet, NonceHistory, Rotation, UnlockError,
    authenticate::{Callers, Nonces},
    compliance::Wanted,
    failure::{Failure, MayMissTerm},
    keys::Handles,
    networks::Doors,
    oidc::KeyCache,
    rotation::{Anchor, Readers, Turns},
    unlock::LiveKeyring,
};

mod about;
mod dispatch;
mod policies;
mod refusal;

pub(crate) use policies::PolicyCache;
pub(crate) use refusal::refused;

/// What a service stands on.
#[derive(Clone)]
pub struct Parts {
    /// Where records lie.
    pub store: Arc<dyn Store>,
    /// What seals them; see [`crate::unlock()`].
    pub keyring: Keyring,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The region that this server answers as.
    pub region: RegionId,
    /// How issuers of OIDC tokens are asked for their keys.
    pub issuers: Arc<dyn Issuers>,
}

/// The KMS behind every gateway. Cheap to clone.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

struct Inner {
    parts: Parts,
    keyring: LiveKeyring,
    nonces: Nonces,
    callers: Callers,
    issuer_keys: KeyCache,
    handles: Handles,
    policies: PolicyCache,
    doors: Doors,
    rotation: OnceLock<Rotation>,
    anchor: OnceLock<Anchor>,
    connecting: OnceLock<SignedDuration>,
    readers: Readers,
    turns: Turns,
    wanted: Wanted,
}

/// How many nonces are remembered unless told otherwise: 4,400 calls a second, all the
/// time, in about 80 MB; a quiet server needs a few kilobytes.
const NONCES: usize = 4_000_000;

impl Service {
    /// Puts a service on its parts.
    pub fn new(parts: Parts) -> Self {
        Self::with_nonce_limit(parts, NONCES)
    }

    /// As [`Service::new`], with another bound for remembered nonces. When it is
    /// reached, calls are throttled; no nonce is forgotten early.
    pub fn with_nonce_limit(parts: Parts, nonces: usize) -> Self {
        Self::with_nonces(parts, Nonces::new(nonces))
    }

    /// As [`Service::with_nonce_limit`], and no call of the runs before can be played again
    /// either.
    pub fn with_nonce_history(parts: Parts, nonces: usize, history: NonceHistory) -> Self {
        Self::with_nonces(parts, Nonces::with_history(nonces, history))
    }

    fn with_nonces(parts: Parts, nonces: Nonces) -> Self {
        Self(Arc::new(Inner {
            keyring: LiveKeyring::new(parts.keyring.clone()),
            parts,
            nonces,
            callers: Callers::default(),
            issuer_keys: KeyCache::default(),
            handles: Handles::default(),
            policies: PolicyCache::default(),
            doors: Doors::default(),
            rotation: OnceLock::new(),
            anchor: OnceLock::new(),
            connecting: OnceLock::new(),
            readers: Readers::default(),
            turns: Turns::default(),
            wanted: Wanted::default(),
        }))
    }

    /// Does what is asked, if the caller may.
    ///
    /// # Errors
    /// The codes of the action (reference kms-api §1.8, §2).
    pub async fn call(&self, caller: &Caller, request: Request) -> Result<Response, ApiError> {
        self.run(caller, request)
            .await
            .map_err(Failure::into_api_error)
    }

    /// Says how secrets are rotated; at most once, and before the first call. Nobody rotates
    /// them otherwise.
    pub fn set_rotation(&self, rotation: Rotation) {
        // A second one would be a mistake of the program's; the first stays.
        let _is_set = self.0.rotation.set(rotation);
    }

    /// Says how long an instance is being connected after ConnectKmsInstance; at most once, and
    /// before the first call. Without it no time at all.
    pub fn set_connect_time(&self, time: SignedDuration) {
        let _is_set = self.0.connecting.set(time);
    }

    pub(crate) fn connect_time(&self) -> SignedDuration {
        self.0.connecting.get().copied().unwrap_or_default()
    }

    /// Says what opens the keyring once it is another one; at most once, and before the first
    /// call. Without it [`Service::reload_keyring`] does nothing.
    pub fn set_root_keys(&self, roots: Vec<RootKey>) {
        self.0.keyring.set_roots(roots);
    }

    /// Takes the stored keyring if it has other terms than the one in use, so that what is
    /// sealed from now on is sealed under the newest; whether it had. A record of an unknown
    /// term makes a server look by itself.
    ///
    /// # Errors
    /// [`UnlockError`]; the one in use stays.
    pub async fn reload_keyring(&self) -> Result<bool, UnlockError> {
        let is_new = self.0.keyring.reload(self.0.parts.store.as_ref()).await?;
        if is_new {
            tracing::info!(
                term = self.keyring().newest_term(),
                "the keyring has other terms"
            );
        }
        Ok(is_new)
    }

    pub(crate) fn rotation(&self) -> &Rotation {
        self.0.rotation.get_or_init(Rotation::default)
    }

    /// Where steady time is counted from: this moment, for the first who asks.
    pub(crate) fn anchor(&self, now: Anchor) -> Anchor {
        *self.0.anchor.get_or_init(|| now)
    }

    pub(crate) fn readers(&self) -> &Readers {
        &self.0.readers
    }

    pub(crate) fn wanted(&self) -> &Wanted {
        &self.0.wanted
    }

    pub(crate) fn turns(&self) -> &Turns {
        &self.0.turns
    }

    /// One transaction; see [`run_tx`].
    pub(crate) async fn tx<'env, T, E, F>(&self, mode: Mode, work: F) -> Result<T, E>
    where
        T: Send,
        E: MayMissTerm + Send,
        F: for<'t> Fn(Scope<'t, 'env>) -> Work<'t, T, E> + Send + Sync,
    {
        let store = self.0.parts.store.as_ref();
        let done = run_tx(store, mode, &work).await;
        let is_unknown = matches!(&done, Err(failure) if failure.is_unknown_term());
        if is_unknown && self.learns_terms().await {
            return run_tx(store, mode, work).await;
        }
        done
    }

    /// Looks for a term that something which lies nowhere claims to be of, if this server has
    /// none so new. At most once a second: whoever sends it may have made the claim up.
    pub(crate) async fn look_for_term(&self, claimed: Option<u32>) {
        let is_newer = claimed.is_some_and(|term| term > self.keyring().newest_term());
        if is_newer && self.0.keyring.may_look(self.monotonic()) {
            self.learns_terms().await;
        }
    }

    /// Looks whether the stored keyring has other terms by now.
    pub(crate) async fn learns_terms(&self) -> bool {
        self.reload_keyring().await.unwrap_or_else(|reason| {
            tracing::error!(error = %reason, "cannot read the keyring again");
            false
        })
    }

    /// One transaction that reads what was so at a moment that the store was asked for, or
    /// later; see [`run_read`].
    pub(crate) async fn read<'env, T, E, F>(&self, moment: Option<&Moment>, work: F) -> Result<T, E>
    where
        T: Send,
        E: MayMissTerm + Send,
        F: for<'t> Fn(Scope<'t, 'env>) -> Work<'t, T, E> + Send + Sync,
    {
        let store = self.0.parts.store.as_ref();
        let done = run_read(store, moment, &work).await;
        let is_unknown = matches!(&done, Err(failure) if failure.is_unknown_term());
        if is_unknown && self.learns_terms().await {
            return run_read(store, moment, work).await;
        }
        done
    }

    /// The store now; see [`Store::moment`].
    pub(crate) async fn moment(&self) -> Result<Option<Moment>, Failure> {
        Ok(self.0.parts.store.moment().await?)
    }

    /// The time to the millisecond, which is what the store keeps.
    pub(crate) fn now(&self) -> Timestamp {
        let now = self.0.parts.clock.now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// What seals and opens records. Not to be kept: another one takes its place.
    pub(crate) fn keyring(&self) -> Guard<Arc<Keyring>> {
        self.0.keyring.in_use()
    }

    pub(crate) fn region(&self) -> &RegionId {
        &self.0.parts.region
    }

    /// The keys of an issuer of OIDC tokens; see [`KeyCache::keys`].
    pub(crate) async fn issuer_keys(
        &self,
        issuer: &Issuer,
        suits: impl Fn(&KeySet) -> bool,
    ) -> Result<Arc<KeySet>, IssuerError> {
        let Parts { issuers, clock, .. } = &self.0.parts;
        self.0.issuer_keys.keys(issuers, clock, issuer, suits).await
    }

    /// Time that nobody moves, for ages.
    pub(crate) fn monotonic(&self) -> Duration {
        self.0.parts.clock.monotonic()
    }

    pub(crate) fn handles(&self) -> &Handles {
        &self.0.handles
    }

    pub(crate) fn policies(&self) -> &PolicyCache {
        &self.0.policies
    }

    pub(crate) fn doors(&self) -> &Doors {
        &self.0.doors
    }

    pub(crate) fn callers(&self) -> &Callers {
        &self.0.callers
    }

    pub(crate) fn nonces(&self) -> &Nonces {
        &self.0.nonces
    }

    /// The nonces of all servers, where there are several.
    pub(crate) fn shared_nonces(&self) -> Option<&dyn SharedNonces> {
        self.0.parts.store.nonces()
    }
}
