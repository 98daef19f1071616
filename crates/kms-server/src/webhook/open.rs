//! From the configuration to what is asked.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use kms_types::{Clock, Secret};
use rustls::pki_types::CertificateDer;
use thiserror::Error;

use super::{Webhook, Webhooks};
use crate::{
    files::read_private,
    settings::WebhookSettings,
    tls::{self, TlsError},
};

/// Why webhooks cannot be called.
#[derive(Debug, Error)]
pub enum WebhookError {
    /// The key's file.
    #[error("cannot use signing_key_file {}", path.display())]
    KeyFile {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The key could be guessed, or is not what anybody would type into another program.
    #[error(
        "signing_key_file {} must hold one line of {SHORTEST} to {LONGEST} printable ASCII \
         characters; openssl rand -hex 32 makes one", path.display()
    )]
    Key {
        /// Of which file.
        path: PathBuf,
    },
    /// The authority's file.
    #[error(transparent)]
    Ca(#[from] TlsError),
    /// No TLS.
    #[error("cannot set up TLS for webhooks")]
    Tls(#[from] rustls::Error),
}

/// The key's least length: of hexadecimal digits, 128 bits.
const SHORTEST: usize = 32;
/// Its greatest.
const LONGEST: usize = 512;
/// More than that and the end of a line.
const READ_LIMIT: u64 = 1024;

// === impl Webhooks ===

impl Webhooks {
    /// Reads the files that the configuration names. Without an authority of its own, a
    /// webhook's certificate must be issued by one of the system's roots, or of those of
    /// SSL_CERT_FILE and SSL_CERT_DIR.
    ///
    /// # Errors
    /// [`WebhookError`].
    pub fn open(settings: &[WebhookSettings], clock: Arc<dyn Clock>) -> Result<Self, WebhookError> {
        let hooks = settings.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        // Most servers need them not.
        let needs_roots = hooks
            .iter()
            .any(|hook| hook.url.is_tls() && hook.authorities.is_none());
        let roots = if needs_roots {
            system_roots()
        } else {
            Vec::new()
        };
        Self::new(hooks, &roots, clock)
    }
}

fn open(settings: &WebhookSettings) -> Result<Webhook, WebhookError> {
    let authorities = settings.ca_file.as_deref().map(tls::chain).transpose()?;
    Ok(Webhook {
        account: settings.account.clone(),
        types: settings.types.clone(),
        names: settings.names.clone(),
        url: settings.url.clone(),
        key: signing_key(&settings.signing_key_file)?,
        patience: settings.patience,
        authorities,
    })
}

/// The key that calls are signed with.
///
/// # Errors
/// `KeyFile` and `Key`.
pub(crate) fn signing_key(path: &Path) -> Result<Secret<Vec<u8>>, WebhookError> {
    let weak = || WebhookError::Key {
        path: path.to_owned(),
    };
    let text = read_private(path, READ_LIMIT).map_err(|source| match source.kind() {
        io::ErrorKind::InvalidData => weak(),
        _ => WebhookError::KeyFile {
            path: path.to_owned(),
            source,
        },
    })?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    let is_fine = (SHORTEST..=LONGEST).contains(&line.len())
        && line.bytes().all(|byte| byte.is_ascii_graphic());
    if is_fine {
        Ok(Secret::new(line.as_bytes().to_vec()))
    } else {
        Err(weak())
    }
}

/// The roots that this machine trusts.
pub(crate) fn system_roots() -> Vec<CertificateDer<'static>> {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::debug!(%error, "a root of the system cannot be read");
    }
    found.certs
}

#[cfg(test)]
mod tests;
