use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;

use crate::{Issuer, IssuerError, Issuers, KeySet};

/// Issuers that answer what they were told, and count how often they are asked. Clones are
/// the same.
#[derive(Clone, Default)]
pub(crate) struct FakeIssuers(Arc<Mutex<HashMap<String, Fake>>>);

struct Fake {
    answer: Result<KeySet, IssuerError>,
    asked: usize,
}

impl FakeIssuers {
    /// What the issuer says from now on.
    pub(crate) fn say(&self, issuer: &str, answer: Result<KeySet, IssuerError>) {
        let asked = self.asked(issuer);
        let mut all = self.0.lock().unwrap();
        all.insert(issuer.to_owned(), Fake { answer, asked });
    }

    /// How often it was asked.
    pub(crate) fn asked(&self, issuer: &str) -> usize {
        let all = self.0.lock().unwrap();
        all.get(issuer).map_or(0, |fake| fake.asked)
    }
}

#[async_trait]
impl Issuers for FakeIssuers {
    async fn key_set(&self, issuer: &Issuer) -> Result<KeySet, IssuerError> {
        let mut all = self.0.lock().unwrap();
        match all.get_mut(issuer.url.as_str()) {
            Some(fake) => {
                fake.asked += 1;
                fake.answer.clone()
            }
            None => Err(IssuerError::Unreachable("nobody is there".to_owned())),
        }
    }
}
