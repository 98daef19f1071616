//! From what a store says to what reads as it.

use std::sync::Arc;

use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_STANDARD};
use kms_client::{Endpoint, Identity};
use kms_credentials::Exchange;

use super::{
    Around, Found, ReadError, Reader, StoreError,
    endpoints::of_instance,
    environment,
    kms::{Kms, Place},
    oos::Oos,
    reader::Readers,
    references::{DEDICATED, KMS_AUTH, OOS_AUTH},
    store::Spec,
    way::{KmsWay, Way},
};
use crate::{
    api::{DedicatedAuth, SecretStoreSpec},
    plan::{Remote, Store, Value},
};

/// Reads nothing, and says why.
struct Nobody(StoreError);

/// What reads as a store says. Nothing is sent before the first read.
///
/// # Errors
/// [`StoreError`]: a spec of no use, or something that it refers to and that is not there or of no
/// use.
pub fn open(
    spec: &SecretStoreSpec,
    store: &Store,
    found: &Found,
    around: &Arc<Around>,
) -> Result<Arc<dyn Reader>, StoreError> {
    let at = Spec { store, found };
    Ok(Arc::new(match Way::of(spec)? {
        Way::Kms(KmsWay::Auth(auth)) => {
            let identity = credentials(at.identity(KMS_AUTH, auth)?, around)?;
            Readers {
                kms: Some(Kms::new(
                    identity,
                    Place::Usual(around.kms()),
                    Arc::clone(around),
                )),
                oos: None,
            }
        }
        Way::Kms(KmsWay::Dedicated(auth)) => {
            let key = at.client_key(auth, around)?;
            Readers {
                kms: Some(Kms::new(
                    key.into(),
                    instance(auth, around)?,
                    Arc::clone(around),
                )),
                oos: None,
            }
        }
        Way::Oos(auth) => {
            let identity = credentials(at.identity(OOS_AUTH, auth)?, around)?;
            Readers {
                kms: None,
                oos: Some(Oos::new(identity, around)),
            }
        }
    }))
}

/// What reads as the operator itself, for entries that name no store. If its environment is of no
/// use, each read says why.
pub fn operator(around: &Arc<Around>) -> Arc<dyn Reader> {
    match as_operator(around) {
        Ok(readers) => Arc::new(readers),
        Err(why) => Arc::new(Nobody(why)),
    }
}

fn as_operator(around: &Arc<Around>) -> Result<Readers, StoreError> {
    let identity = credentials(environment::identity(&around.own)?, around)?;
    Ok(Readers {
        kms: Some(Kms::new(
            identity.clone(),
            Place::Usual(around.kms()),
            Arc::clone(around),
        )),
        oos: Some(Oos::new(identity, around)),
    })
}

/// Credentials that are kept, and renewed before their end.
fn credentials(said: super::chain::Identity, around: &Around) -> Result<Identity, StoreError> {
    let source = said.source(around)?;
    let around = around.surroundings(public(around)?);
    Ok(Arc::new(source.credentials(around)).into())
}

/// At the instance that a store names, where its CA counts and no other.
fn instance(auth: &DedicatedAuth, around: &Around) -> Result<Place, StoreError> {
    let field = format!("{DEDICATED}.endpoint");
    let text = auth.endpoint.trim();
    if text.is_empty() {
        return Err(StoreError::empty(
            field,
            "fill in the id of the KMS instance",
        ));
    }
    // Version 0.5 took the id, and put the rest of the host's name behind it.
    let named = if text.contains(['.', ':']) {
        around.named(text)
    } else {
        around.named(&of_instance(text))
    };
    let endpoint = named.map_err(|why| StoreError::new(field, why))?;
    let way = way_to(auth, &endpoint, around)?;
    Ok(Place::Only(endpoint, way))
}

fn way_to(
    auth: &DedicatedAuth,
    endpoint: &Endpoint,
    around: &Around,
) -> Result<Arc<dyn Exchange>, StoreError> {
    let field = format!("{DEDICATED}.ca");
    let text: String = auth.ca.split_whitespace().collect();
    if text.is_empty() {
        let way = if endpoint.is_instance() {
            around.ways.instances()
        } else {
            around.ways.public()
        };
        return way.map_err(|why| StoreError::new(field, why));
    }
    let pem = BASE64_STANDARD.decode(text).map_err(|_quotes_it| {
        StoreError::new(&field, "is no base64; write the CA's PEM in base64")
    })?;
    let way = around.ways.private(&pem);
    way.map_err(|why| StoreError::new(field, format!("what the base64 stands for {why}")))
}

fn public(around: &Around) -> Result<Arc<dyn Exchange>, StoreError> {
    let way = around.ways.public();
    way.map_err(|why| StoreError::new("the operator's certificates or proxy", why))
}

// === impl Nobody ===

#[async_trait]
impl Reader for Nobody {
    async fn read(&self, _remote: &Remote) -> Result<Value, ReadError> {
        Err(ReadError::Refused {
            code: "NoCredentials".to_owned(),
            reason: self.0.to_string(),
        })
    }
}
