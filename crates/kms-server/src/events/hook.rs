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
pub(super) struct Hook {
    pub(super) url: WebhookUrl,
    pub(super) tls: TlsConnector,
    pub(super) key: Secret<Vec<u8>>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) is_for: For,
}

/// What it is told.
#[derive(Clone)]
pub(super) enum For {
    /// Events of at least that level.
    Events(Level),
    /// Findings of a channel.
    Channel {
        id: String,
        /// Whether annotations are text.
        has_text: bool,
    },
}

#[async_trait]
impl Receiver for Hook {
    fn name(&self) -> String {
        match &self.is_for {
            For::Events(_) => format!("webhook {}", self.url),
            For::Channel { id, .. } => format!("channel/{id}"),
        }
    }

    fn wants(&self, notice: &Notice) -> bool {
        match self.is_for {
            For::Events(least) => notice.level >= least,
            For::Channel { .. } => true,
        }
    }

    async fn tell(&self, notice: &Notice) -> Result<(), String> {
        let body = match &self.is_for {
            For::Events(_) => body::of(notice),
            For::Channel { has_text, .. } => body::finding(notice, *has_text),
        };
        let body = Zeroizing::new(body.to_string().into_bytes());
        let call = post::sign(body, &self.key, self.clock.now());
        let answer = post::post(&self.url, &self.tls, call).await;
        answer.map(drop).map_err(|reason| reason.to_string())
    }
}

#[cfg(test)]
mod tests;
