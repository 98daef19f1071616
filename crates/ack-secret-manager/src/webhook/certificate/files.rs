//! A certificate in files, which somebody else keeps: cert-manager, or whoever runs the cluster.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use kms_telemetry::Lifecycle;
use kms_types::Clock;
use thiserror::Error;
use tokio::time::sleep;

use super::{
    Served,
    pair::{Pair, PairError},
};

/// Where they are.
pub(crate) struct Files {
    certificate: PathBuf,
    key: PathBuf,
    clock: Arc<dyn Clock>,
}

/// Files that are of no use.
#[derive(Debug, Error)]
pub enum FilesError {
    /// One cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// They hold something else.
    #[error("{} and {}: {reason}", certificate.display(), key.display())]
    Unfit {
        /// One.
        certificate: PathBuf,
        /// The other.
        key: PathBuf,
        /// Why.
        reason: String,
    },
}

/// Between two looks: a Secret that is mounted changes with no other sign.
const TURN: Duration = Duration::from_secs(10);

// === impl Files ===

impl Files {
    pub(crate) fn new(certificate: PathBuf, key: PathBuf, clock: Arc<dyn Clock>) -> Self {
        Self {
            certificate,
            key,
            clock,
        }
    }

    /// Serves what they hold now.
    ///
    /// # Errors
    /// [`FilesError`]; what was served before is served on.
    pub(crate) fn serve(&self, served: &Served) -> Result<(), FilesError> {
        let pair = Pair::read(&read(&self.certificate)?, &read(&self.key)?);
        let pair = pair.map_err(|error| self.unfit(error))?;
        if served.is(&pair) {
            return Ok(());
        }
        if pair.ends <= self.clock.now() {
            return Err(self.unfit(PairError::Ended));
        }
        tracing::info!(ends = %pair.ends, "serves a new certificate");
        served.replace(pair);
        Ok(())
    }

    /// Serves what they hold, whenever they change.
    pub(crate) async fn follow(self, served: Arc<Served>, mut lifecycle: Lifecycle) {
        let mut last = String::new();
        loop {
            tokio::select! {
                () = sleep(TURN) => {}
                () = lifecycle.reload() => {}
            }
            let said = match self.serve(&served) {
                Ok(()) => String::new(),
                Err(error) => error.to_string(),
            };
            // The same mistake once.
            if said != last && !said.is_empty() {
                tracing::error!(error = said, "serves the certificate of before");
            }
            last = said;
        }
    }

    fn unfit(&self, reason: PairError) -> FilesError {
        FilesError::Unfit {
            certificate: self.certificate.clone(),
            key: self.key.clone(),
            reason: reason.to_string(),
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, FilesError> {
    fs::read(path).map_err(|source| FilesError::Read {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests;
