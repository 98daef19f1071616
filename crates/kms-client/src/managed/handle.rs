use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use kms_credentials::{Credentials, CredentialsError, ProvideCredentials};
use kms_types::{AccessKeyId, SecretRef};

use super::{
    AccessKeyPair, ManagedAccessKeyBuilder, ManagedAccessKeyError, ManagedCallError, ReadSecret,
    ServiceError, background::Task, error::SOURCE, refresh::Inner,
};

/// An AccessKey that KMS hosts: asked by the name of its secret, kept fresh through every
/// rotation. Cheap to clone; clones share the key, its reads and the background task, which
/// ends with the last of them. Needs a Tokio runtime.
///
/// It is a [`ProvideCredentials`], too: a [`crate::Client`] can call with it.
#[derive(Clone)]
pub struct ManagedAccessKey {
    pub(super) inner: Arc<Inner>,
    _task: Arc<Task>,
}

/// How a [`ManagedAccessKey`] fares.
#[derive(Clone, Debug)]
pub struct KeyHealth {
    /// When the key in hand was read; `None` if there is none yet.
    pub fetched: Option<Timestamp>,
    /// How long ago that was, whatever the wall clock did since.
    pub age: Option<Duration>,
    /// When it will be read again.
    pub next_refresh: Timestamp,
    /// Reads that failed since the last one that did not.
    pub failures: u32,
    /// Why the last one failed.
    pub last_error: Option<ManagedAccessKeyError>,
}

// === impl ManagedAccessKey ===

impl ManagedAccessKey {
    /// The key hosted under this name, read over a [`crate::Client`] or several
    /// ([`super::Regions`]) at the pace of the official plug-ins.
    pub fn open(secret: SecretRef, source: Arc<dyn ReadSecret>) -> Self {
        Self::builder(secret, source).open()
    }

    /// The same, as yet to be adjusted.
    pub fn builder(secret: SecretRef, source: Arc<dyn ReadSecret>) -> ManagedAccessKeyBuilder {
        ManagedAccessKeyBuilder::new(secret, source)
    }

    pub(super) fn keep(inner: Arc<Inner>) -> Self {
        Self {
            _task: Arc::new(Task::spawn(&inner)),
            inner,
        }
    }

    /// The key. From memory but for the first time, and for a key that nobody could look
    /// after ([`super::Pace::overdue`]); then KMS is waited for.
    ///
    /// # Errors
    /// [`ManagedAccessKeyError`], as long as there never was a key.
    pub async fn current(&self) -> Result<AccessKeyPair, ManagedAccessKeyError> {
        self.inner.current().await
    }

    /// Reads the key anew now. Whoever asks meanwhile shares the read.
    ///
    /// # Errors
    /// [`ManagedAccessKeyError`], also if there is a key in hand; it stays.
    pub async fn refresh(&self) -> Result<AccessKeyPair, ManagedAccessKeyError> {
        self.inner.refresh().await
    }

    /// Makes a call with the key. If the service says that the key is no longer good
    /// ([`super::EXPIRED_CODES`], unless others were given), the key is read again, and if
    /// that gives another one the call is made once more.
    ///
    /// # Errors
    /// [`ManagedCallError`]: no key, or the call's own error. A read that fails in between
    /// leaves the call's error as it is.
    pub async fn with<T, E, F>(
        &self,
        call: impl Fn(AccessKeyPair) -> F,
    ) -> Result<T, ManagedCallError<E>>
    where
        E: ServiceError,
        F: Future<Output = Result<T, E>>,
    {
        self.with_code(call, |error| error.code().map(str::to_owned))
            .await
    }

    /// [`ManagedAccessKey::with`] for errors of others: `code` takes the service's code out.
    ///
    /// # Errors
    /// As there.
    pub async fn with_code<T, E, F>(
        &self,
        call: impl Fn(AccessKeyPair) -> F,
        code: impl Fn(&E) -> Option<String>,
    ) -> Result<T, ManagedCallError<E>>
    where
        E: std::error::Error + 'static,
        F: Future<Output = Result<T, E>>,
    {
        let key = self.current().await.map_err(ManagedCallError::Key)?;
        let id = key.id.clone();
        let error = match call(key).await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        if !code(&error).is_some_and(|code| self.inner.expired_codes.contains(&code)) {
            return Err(ManagedCallError::Call(error));
        }
        match self.inner.after_refusal(&id).await {
            Ok(other) if other.id != id => call(other).await.map_err(ManagedCallError::Call),
            Ok(_the_same) => Err(ManagedCallError::Call(error)),
            Err(why) => {
                tracing::warn!(
                    error = why.in_full(),
                    "no other key for a call that was refused"
                );
                Err(ManagedCallError::Call(error))
            }
        }
    }

    /// Waits until the key is another one than that of this id, and gives it: the first one at
    /// once. For programs that hand it on.
    ///
    /// # Errors
    /// [`ManagedAccessKeyError`], which only [`ManagedAccessKey::current`] meets without a key.
    pub async fn changed(
        &self,
        than: Option<&AccessKeyId>,
    ) -> Result<AccessKeyPair, ManagedAccessKeyError> {
        self.inner.changed(than).await;
        self.current().await
    }

    /// Which secret it is.
    pub fn secret(&self) -> &SecretRef {
        &self.inner.secret
    }

    /// How old the key in hand is, when it is read again, what went wrong of late.
    pub fn health(&self) -> KeyHealth {
        self.inner.health()
    }
}

#[async_trait]
impl ProvideCredentials for ManagedAccessKey {
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        let key = self.current().await?;
        Ok(Credentials {
            key: key.signing_key(),
            expires: None,
            provider: SOURCE.to_owned(),
        })
    }

    async fn refused(&self, credentials: &Credentials) -> bool {
        let id = &credentials.key.access_key_id;
        let other = self.inner.after_refusal(id).await;
        other.is_ok_and(|other| other.id != *id)
    }
}
