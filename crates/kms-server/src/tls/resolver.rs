use std::{collections::BTreeMap, sync::Arc};

use arc_swap::ArcSwap;
use jiff::Timestamp;
use rustls::{
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

/// The certificates in use. Connections that stand keep theirs; new ones get the newest.
#[derive(Debug)]
pub struct Certificates(ArcSwap<Chosen>);

/// Which certificate is for which name.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// For clients that ask for no name, or for one that is nobody's.
    pub default: Arc<CertifiedKey>,
    /// Names in lower case.
    pub by_name: BTreeMap<String, Arc<CertifiedKey>>,
    /// When the first of all ends.
    pub first_end: Option<Timestamp>,
}

// === impl Certificates ===

impl Certificates {
    /// Begins with these.
    pub fn new(chosen: Chosen) -> Arc<Self> {
        Arc::new(Self(ArcSwap::from_pointee(chosen)))
    }

    /// From now on these.
    pub fn replace(&self, chosen: Chosen) {
        self.0.store(Arc::new(chosen));
    }

    /// When the first of those in use ends.
    pub fn first_end(&self) -> Option<Timestamp> {
        self.0.load().first_end
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let chosen = self.0.load();
        let named = hello
            .server_name()
            .and_then(|name| chosen.by_name.get(&name.to_ascii_lowercase()));
        Some(Arc::clone(named.unwrap_or(&chosen.default)))
    }
}
