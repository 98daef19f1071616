//! Keeps the certificate: makes and renews it in the Secret that all replicas share, tells the API server
//! whom to believe, and serves it.
//!
//! There is no leader. Who writes the Secret second is refused by the API server and takes what the first
//! one wrote; a configuration is patched from what the Secret holds at that moment, so no replica takes
//! back what another has just done. A new certificate is served only some time after the
//! configurations carry its authority, and old authorities stay there until their end: at no moment is
//! a replica not believed, whichever of the two it serves.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use futures_util::{Stream, StreamExt as _};
use kms_types::Clock;
use rustls::pki_types::CertificateDer;
use tokio::{sync::watch, time::sleep};

use super::{
    CertificateError, Served,
    issue::issue,
    kept::{Data, Kept},
    pair::Pair,
};
use crate::webhook::probes::NotReady;

/// The objects that are kept, wherever they are.
#[async_trait]
pub(crate) trait Objects: Send + Sync {
    /// The Secret, if it is there.
    async fn secret(&self) -> Result<Option<Stored>, CertificateError>;

    /// Writes the Secret's data: over this version, or as a new Secret if there is none.
    async fn write(&self, data: Data, version: Option<&str>) -> Result<Written, CertificateError>;

    /// The configurations that carry the authorities, by name.
    async fn configurations(&self) -> Result<Vec<Configuration>, CertificateError>;

    /// Gives all webhooks of a configuration these authorities (PEM).
    async fn tell(
        &self,
        configuration: &Configuration,
        authorities: &str,
    ) -> Result<Written, CertificateError>;
}

/// A Secret as it is.
pub(crate) struct Stored {
    pub(crate) data: Data,
    pub(crate) version: String,
}

/// A configuration as it is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Configuration {
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    /// `None`: it is not there.
    pub(crate) version: Option<String>,
    /// Name and authorities (PEM) of each of its webhooks.
    pub(crate) webhooks: Vec<(String, String)>,
}

/// What came of a change.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Written {
    Done,
    /// Somebody was faster.
    Late,
}

/// Keeps it.
pub(crate) struct Keeper {
    objects: Box<dyn Objects>,
    names: Vec<String>,
    served: Arc<Served>,
    clock: Arc<dyn Clock>,
    /// The next certificate, and since when the configurations carry its authority.
    next: Option<(CertificateDer<'static>, Duration)>,
}

/// What a look found.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Look {
    pub(super) ready: NotReady,
    /// When to look again, if nothing changes.
    pub(super) again: Duration,
}

/// So long API servers may take to hear of a new authority.
const SETTLE: Duration = Duration::from_secs(30);

/// Between two looks when nothing changes; a certificate is renewed a month before its end.
const REST: Duration = Duration::from_mins(10);

/// Between two looks at the least, whoever else writes these objects.
const PAUSE: Duration = Duration::from_millis(500);

/// Between two looks when the API server does not answer: this at first, and twice as long each time.
const FIRST_RETRY: Duration = Duration::from_secs(1);

const LAST_RETRY: Duration = Duration::from_secs(30);

/// Others write too, but not that often.
const ATTEMPTS: usize = 10;

// === impl Keeper ===

impl Keeper {
    /// Of a certificate with at least these names.
    pub(crate) fn new(
        objects: Box<dyn Objects>,
        names: Vec<String>,
        served: Arc<Served>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            objects,
            names,
            served,
            clock,
            next: None,
        }
    }

    /// Looks whenever one of the objects changed, and from time to time. `ready` is told.
    pub(crate) async fn keep(
        mut self,
        changes: impl Stream<Item = ()> + Send,
        ready: watch::Sender<NotReady>,
    ) {
        tokio::pin!(changes);
        let mut retry = FIRST_RETRY;
        loop {
            let again = match self.look().await {
                Ok(look) => {
                    retry = FIRST_RETRY;
                    let is_news = *ready.borrow() != look.ready;
                    match &look.ready {
                        None if is_news => tracing::info!("ready"),
                        Some(why) if is_news => tracing::warn!(why, "not ready"),
                        _ => {}
                    }
                    ready.send_replace(look.ready);
                    look.again
                }
                Err(error) => {
                    tracing::warn!(%error, "the certificate was not looked after");
                    // What is served is served on: an API server that cannot be asked asks nothing.
                    if !self.served.is_good(self.clock.now()) {
                        ready.send_replace(Some(error.to_string()));
                    }
                    let pause = retry;
                    retry = (retry * 2).min(LAST_RETRY);
                    pause
                }
            };
            sleep(PAUSE).await;
            tokio::select! {
                Some(()) = changes.next() => {}
                () = sleep(again) => {}
            }
        }
    }

    /// Does what is to be done now.
    ///
    /// # Errors
    /// [`CertificateError`].
    pub(super) async fn look(&mut self) -> Result<Look, CertificateError> {
        for _ in 0..ATTEMPTS {
            if let Some(look) = self.attempt().await? {
                return Ok(look);
            }
        }
        Err(CertificateError::Restless)
    }

    /// `None`: something was written, by us or by somebody else, and all of it is to be looked at anew.
    async fn attempt(&mut self) -> Result<Option<Look>, CertificateError> {
        let now = self.clock.now();
        let stored = self.objects.secret().await?;
        let none = Data::default();
        let kept = Kept::read(stored.as_ref().map_or(&none, |stored| &stored.data));
        let pair = match &kept.pair {
            Ok(_) if kept.is_due(&self.names, now) => None,
            Ok(pair) => Some(pair.clone()),
            Err(why) => {
                if stored
                    .as_ref()
                    .is_some_and(|stored| !stored.data.is_empty())
                {
                    tracing::warn!(%why, "the Secret cannot be used, and is written anew");
                }
                None
            }
        };
        let Some(pair) = pair else {
            let issued = issue(&kept.names(&self.names), now)?;
            let version = stored.as_ref().map(|stored| stored.version.as_str());
            if self.objects.write(kept.with(&issued, now), version).await? == Written::Done {
                tracing::info!("made a certificate");
            }
            return Ok(None);
        };
        let bundle = kept.bundle(now);
        let mut missing = None;
        for configuration in self.objects.configurations().await? {
            if configuration.version.is_none() {
                let Configuration { kind, name, .. } = configuration;
                missing = Some(format!("there is no {kind} {name}"));
            } else if configuration
                .webhooks
                .iter()
                .any(|(_, told)| *told != bundle)
            {
                let told = self.objects.tell(&configuration, &bundle).await?;
                if told == Written::Late {
                    return Ok(None);
                }
                let Configuration { kind, name, .. } = configuration;
                tracing::info!(kind, name, "told the API server whom to believe");
            }
        }
        let is_believed = |served: &Pair| now < served.ends && kept.knows(served);
        let again = if self.served.holds(is_believed) {
            self.serve_soon(pair, missing.is_none())
        } else {
            self.serve(pair)
        };
        Ok(Some(Look {
            ready: missing,
            again,
        }))
    }

    /// Serves it once all API servers believe it: what is served now is good for that long. Says when to
    /// look again.
    fn serve_soon(&mut self, pair: Pair, is_told: bool) -> Duration {
        if self.served.is(&pair) {
            self.next = None;
            return REST;
        }
        if !is_told {
            self.next = None;
            return SETTLE;
        }
        let now = self.clock.monotonic();
        let own = pair.certified.cert.first();
        let next = self.next.as_ref().filter(|(next, _)| Some(next) == own);
        let since = next.map_or(now, |(_, since)| *since);
        let left = SETTLE.saturating_sub(now.saturating_sub(since));
        if left.is_zero() {
            return self.serve(pair);
        }
        self.next = own.map(|own| (own.clone(), since));
        left
    }

    fn serve(&mut self, pair: Pair) -> Duration {
        tracing::info!(ends = %pair.ends, "serves a new certificate");
        self.next = None;
        self.served.replace(pair);
        REST
    }
}

#[cfg(test)]
mod tests;
