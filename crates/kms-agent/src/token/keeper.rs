use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use kms_telemetry::Lifecycle;
use kms_types::Secret;
use tokio::time::{Instant, sleep_until};

use super::{TokenError, TokenSource};
use crate::AcceptedTokens;

/// Keeps the accepted tokens in step with their source: on a reload the file is read
/// again, and the token before stays valid for a minute, for programs that hold it.
#[derive(Debug)]
pub struct TokenKeeper {
    source: TokenSource,
    current: Secret<String>,
    accepted: Arc<ArcSwap<AcceptedTokens>>,
    /// When the token before ends.
    overlap_until: Option<Instant>,
}

const OVERLAP: Duration = Duration::from_mins(1);

impl TokenKeeper {
    /// Reads the token for the first time, making its file if there is none.
    ///
    /// # Errors
    /// [`TokenError`]; the agent must not start then.
    pub fn start(source: TokenSource) -> Result<Self, TokenError> {
        let current = source.read(true)?;
        let accepted = Arc::new(ArcSwap::from_pointee(AcceptedTokens::new([&current])));
        Ok(Self {
            source,
            current,
            accepted,
            overlap_until: None,
        })
    }

    /// What the guard compares with; changes under its hands.
    pub fn accepted(&self) -> Arc<ArcSwap<AcceptedTokens>> {
        Arc::clone(&self.accepted)
    }

    /// Follows the orders to reload, for ever.
    pub async fn run(mut self, mut lifecycle: Lifecycle) {
        loop {
            let overlap_until = self.overlap_until;
            tokio::select! {
                () = lifecycle.reload() => self.reload(),
                () = sleep_until(overlap_until.unwrap_or_else(Instant::now)), if overlap_until.is_some() => {
                    self.end_overlap();
                }
            }
        }
    }

    /// Reads the file again. One that is broken changes nothing.
    fn reload(&mut self) {
        let source = &self.source;
        if !source.is_file() {
            tracing::warn!(%source, "nothing to read again: only a restart changes a token that is no file");
            return;
        }
        match source.read(false) {
            Err(error) => {
                let error: &(dyn std::error::Error + 'static) = &error;
                tracing::error!(%source, error, "the token stays as it was");
            }
            // EXPOSE: compared in constant time.
            Ok(fresh) if self.current.matches(fresh.expose().as_bytes()) => {
                tracing::info!(%source, "the token is unchanged");
            }
            Ok(fresh) => {
                self.accepted
                    .store(Arc::new(AcceptedTokens::new([&fresh, &self.current])));
                self.current = fresh;
                self.overlap_until = Some(Instant::now() + OVERLAP);
                tracing::info!(%source, overlapSeconds = OVERLAP.as_secs(), "the token was exchanged");
            }
        }
    }

    fn end_overlap(&mut self) {
        self.overlap_until = None;
        self.accepted
            .store(Arc::new(AcceptedTokens::new([&self.current])));
    }
}
