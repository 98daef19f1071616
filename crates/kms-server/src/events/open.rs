//! From the configuration to those who are told.

use std::{io, path::PathBuf, sync::Arc};

use kms_types::{Clock, Secret};
use rustls::pki_types::CertificateDer;
use thiserror::Error;

use super::{Receiver, Receivers, hook::Hook, mail::Mail};
use crate::{
    files::read_private,
    settings::{EventWebhookSettings, MailSettings, Settings},
    tls::{self, TlsError},
    webhook::{WebhookError, connector, signing_key, system_roots},
};

/// Why nobody can be told.
#[derive(Debug, Error)]
pub enum EventsError {
    /// A program.
    #[error("cannot tell {url} of events")]
    Webhook {
        /// Which.
        url: String,
        /// Why.
        #[source]
        source: WebhookError,
    },
    /// A mail server.
    #[error("cannot send mail by {server}")]
    Mail {
        /// Which.
        server: String,
        /// Why.
        #[source]
        source: MailError,
    },
}

/// Why no mail can be sent.
#[derive(Debug, Error)]
pub enum MailError {
    /// The password's file.
    #[error("cannot use password_file {}", path.display())]
    Password {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The authority's file.
    #[error(transparent)]
    Ca(#[from] TlsError),
    /// No TLS.
    #[error("cannot set up TLS")]
    Tls(#[from] lettre::transport::smtp::Error),
}

/// The longest password, and the end of a line.
const READ_LIMIT: u64 = 1024;

// === impl Receivers ===

impl Receivers {
    /// Reads the files that the configuration names.
    ///
    /// # Errors
    /// [`EventsError`].
    pub fn open(settings: &Settings, clock: &Arc<dyn Clock>) -> Result<Self, EventsError> {
        let mut all: Vec<Arc<dyn Receiver>> = Vec::new();
        let of_events = |one: &&EventWebhookSettings| one.target.is_none();
        for one in settings.event_webhooks.iter().filter(of_events) {
            let hook = hook(one, clock).map_err(|source| EventsError::Webhook {
                url: one.url.to_string(),
                source,
            })?;
            all.push(Arc::new(hook));
        }
        for one in &settings.mail {
            all.push(Arc::new(mail(one).map_err(|source| EventsError::Mail {
                server: one.server.to_string(),
                source,
            })?));
        }
        Ok(Self { all })
    }
}

/// The program of such a table.
pub(crate) fn hook(
    settings: &EventWebhookSettings,
    clock: &Arc<dyn Clock>,
) -> Result<Hook, WebhookError> {
    let own = settings.ca_file.as_deref().map(tls::chain).transpose()?;
    let trusted: Vec<CertificateDer<'static>> = match own {
        Some(own) => own,
        None if settings.url.is_tls() => system_roots(),
        None => Vec::new(),
    };
    Ok(Hook {
        url: settings.url.clone(),
        tls: connector(&trusted)?,
        key: signing_key(&settings.signing_key_file)?,
        clock: Arc::clone(clock),
        level: settings.level,
    })
}

fn mail(settings: &MailSettings) -> Result<Mail, MailError> {
    let own = settings.ca_file.as_deref().map(tls::chain).transpose()?;
    let authorities = own.unwrap_or_else(system_roots);
    let password = settings.password_file.as_deref().map(|path| {
        let text = read_private(path, READ_LIMIT).map_err(|source| MailError::Password {
            path: path.to_owned(),
            source,
        })?;
        Ok::<_, MailError>(Secret::from(text.trim_end_matches(['\r', '\n'])))
    });
    let password = password.transpose()?;
    Ok(Mail::new(settings, password.as_ref(), &authorities)?)
}
