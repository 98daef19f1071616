use std::{collections::BTreeMap, sync::Arc};

use arc_swap::ArcSwap;
use jiff::Timestamp;
use rustls::{
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

/// The certificates in use. Connections that stand keep theirs; new ones get the newest.
#[derive(Debug)]
pub struct Certificates {
    chosen: ArcSwap<Chosen>,
    bought: ArcSwap<ByName>,
}

/// Names in lower case.
pub(crate) type ByName = BTreeMap<String, Arc<CertifiedKey>>;

/// Which certificate is for which name.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// For clients that ask for no name, or for one that is nobody's.
    pub default: Arc<CertifiedKey>,
    /// Names in lower case.
    pub by_name: ByName,
    /// When the first of all ends.
    pub first_end: Option<Timestamp>,
}

// === impl Certificates ===

impl Certificates {
    /// Begins with these.
    pub fn new(chosen: Chosen) -> Arc<Self> {
        Arc::new(Self {
            chosen: ArcSwap::from_pointee(chosen),
            bought: ArcSwap::default(),
        })
    }

    /// From now on these.
    pub fn replace(&self, chosen: Chosen) {
        self.chosen.store(Arc::new(chosen));
    }

    /// From now on these for instances that were bought; those of the configuration go before.
    pub(crate) fn replace_bought(&self, bought: ByName) {
        self.bought.store(Arc::new(bought));
    }

    /// When the first of those in use ends.
    pub fn first_end(&self) -> Option<Timestamp> {
        self.chosen.load().first_end
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let (chosen, bought) = (self.chosen.load(), self.bought.load());
        let named = hello.server_name().and_then(|name| {
            let name = name.to_ascii_lowercase();
            chosen.by_name.get(&name).or_else(|| bought.get(&name))
        });
        Some(Arc::clone(named.unwrap_or(&chosen.default)))
    }
}
