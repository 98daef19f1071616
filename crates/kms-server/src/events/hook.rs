use std::sync::Arc;

use async_trait::async_trait;
use kms_service::{Level, Notice};
use kms_types::{Clock, Secret};
use tokio_rustls::TlsConnector;
use zeroize::Zeroizing;

use super::{Receiver, body};
use crate::webhook::{WebhookUrl, post};

/// A program that is told by a signed POST (docs/events.md).
#[derive(Clone)]
pub(crate) struct Hook {
    pub(super) url: WebhookUrl,
    pub(super) tls: TlsConnector,
    pub(super) key: Secret<Vec<u8>>,
    pub(super) clock: Arc<dyn Clock>,
    /// Of which events: those that matter that much, or more.
    pub(super) level: Level,
}

// === impl Hook ===

impl Hook {
    /// Sends it that. The words of what went wrong hold nothing of it.
    pub(crate) async fn post(&self, body: Vec<u8>) -> Result<(), String> {
        let call = post::sign(Zeroizing::new(body), &self.key, self.clock.now());
        let answer = post::post(&self.url, &self.tls, call).await;
        answer.map(drop).map_err(|reason| reason.to_string())
    }
}

#[async_trait]
impl Receiver for Hook {
    fn name(&self) -> String {
        format!("webhook {}", self.url)
    }

    fn wants(&self, notice: &Notice) -> bool {
        notice.level >= self.level
    }

    async fn tell(&self, notice: &Notice) -> Result<(), String> {
        self.post(body::of(notice).to_string().into_bytes()).await
    }
}

#[cfg(test)]
mod tests;
