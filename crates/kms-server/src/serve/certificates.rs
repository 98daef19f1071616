//! The certificates that the settings name: read, or made by the server's own authority.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use jiff::Timestamp;
use rustls::sign::CertifiedKey;

use crate::{
    files::read_if_there,
    settings::{InstanceSettings, Settings},
    tls::{self, Authority, Certificates, Chosen, TlsError},
};

/// Those in use, and where they come from.
pub(super) struct CertificateSet {
    in_use: Arc<Certificates>,
    own_ca: PathBuf,
}

// === impl CertificateSet ===

impl CertificateSet {
    /// Loads all of them.
    ///
    /// # Errors
    /// [`TlsError`] for the first that cannot be used.
    pub(super) fn load(settings: &Settings, now: Timestamp) -> Result<Self, TlsError> {
        Ok(Self {
            in_use: Certificates::new(choose(settings, now)?),
            own_ca: authority(settings).ca,
        })
    }

    /// Puts what the settings name now in place of what is in use.
    ///
    /// # Errors
    /// [`TlsError`] for the first that cannot be used; then nothing changes.
    pub(super) fn read_again(&self, settings: &Settings, now: Timestamp) -> Result<(), TlsError> {
        self.in_use.replace(choose(settings, now)?);
        Ok(())
    }

    pub(super) fn in_use(&self) -> Arc<Certificates> {
        Arc::clone(&self.in_use)
    }

    /// What the instance's clients have to trust, PEM, if it is known.
    ///
    /// # Errors
    /// `File`.
    pub(super) fn ca_of(&self, instance: &InstanceSettings) -> Result<Option<String>, TlsError> {
        let path = match (&instance.ca_file, &instance.files) {
            (Some(path), _) => path,
            // A certificate of others', whose authority nobody named.
            (None, Some(_)) => return Ok(None),
            (None, None) => &self.own_ca,
        };
        read_if_there(path).map_err(|source| TlsError::File {
            path: path.clone(),
            source,
        })
    }
}

fn authority(settings: &Settings) -> Authority {
    Authority {
        dir: settings.data_dir.join("tls"),
        ca: settings.data_dir.join("ca.pem"),
        name: "kms-server",
    }
}

fn choose(settings: &Settings, now: Timestamp) -> Result<Chosen, TlsError> {
    let own = authority(settings);
    let mut ends = Vec::new();
    let mut keep = |(pair, end): (Arc<CertifiedKey>, Timestamp)| {
        ends.push(end);
        pair
    };
    let default = keep(match &settings.tls.files {
        Some(files) => tls::certified(files, now)?,
        None => own.certified("server", &settings.tls.names, now)?,
    });
    let mut by_name = BTreeMap::new();
    for instance in &settings.instances {
        let names = instance.all_names();
        let pair = keep(match &instance.files {
            Some(files) => tls::certified(files, now)?,
            None => own.certified(instance.id.as_str(), &names, now)?,
        });
        for name in names {
            by_name.insert(name.to_ascii_lowercase(), Arc::clone(&pair));
        }
    }
    Ok(Chosen {
        default,
        by_name,
        first_end: ends.into_iter().min(),
    })
}
