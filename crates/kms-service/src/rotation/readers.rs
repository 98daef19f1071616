//! Who has read which version of a hosted AccessKey. A reader of the old one that has read
//! the new one has let go of the old.
//!
//! A reader is a principal at an address: programs that share a user, a role or a ClientKey
//! are told apart by where they call from. One that is gone for good never reads the new
//! version; then it is not known that everybody has moved, which is the safe side.

use std::{
    collections::{BTreeSet, HashSet},
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
};

use kms_store::{Mode, SecretId, SecretRecord, Tx, VersionRecord};
use kms_types::{SecretType, VersionId};
use serde::{Deserialize, Serialize};

use crate::{Caller, Principal, Service, failure::Failure};

/// What this server has written down already: a reader is written once for each version.
#[derive(Default)]
pub(crate) struct Readers {
    hasher: RandomState,
    known: Mutex<HashSet<u64>>,
}

/// As it is stored.
#[derive(Default, Deserialize, Serialize)]
struct Noted {
    readers: BTreeSet<String>,
    /// There were more.
    #[serde(default)]
    is_cut: bool,
}

/// Readers of one version that are told apart. Of more it is never known that all have moved.
const MOST_READERS: usize = 1000;
/// What this server remembers of them; forgotten all at once, which costs a write each.
const MOST_KNOWN: usize = 100_000;

impl Service {
    /// Notes that the caller was given the version, if it is an AccessKey. A read never fails
    /// of it: what could not be written is written at the next read.
    pub(crate) async fn note_reader(
        &self,
        caller: &Caller,
        secret: &SecretRecord,
        version: &VersionRecord,
    ) {
        if secret.secret_type != SecretType::RamCredentials.as_str() {
            return;
        }
        let reader = name(caller);
        let hash = (self.readers().hasher).hash_one((secret.id.0, version.serial, &reader));
        if self.readers().is_known(hash) {
            return;
        }
        match self.write_reader(secret.id, &version.id, reader).await {
            Ok(()) => self.readers().add(hash),
            Err(failure) => tracing::warn!(
                secret = %secret.name,
                error = %failure,
                "who read a hosted AccessKey could not be noted"
            ),
        }
    }

    async fn write_reader(
        &self,
        secret: SecretId,
        version: &VersionId,
        reader: String,
    ) -> Result<(), Failure> {
        let (place, reader) = (&place(secret, version), &reader);
        self.tx(Mode::Record, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut noted = load(tx, place).await?.unwrap_or_default();
                if noted.readers.contains(reader) || noted.is_cut {
                    return Ok(());
                }
                if noted.readers.len() >= MOST_READERS {
                    noted.is_cut = true;
                } else {
                    noted.readers.insert(reader.clone());
                }
                let body = serde_json::to_string(&noted);
                let body = body.map_err(|_cannot_be| Failure::Document("readers"))?;
                Ok::<_, Failure>(tx.markers().put(place, &body).await?)
            })
        })
        .await
    }

    /// Whether all who are known to have read the one version have read the other. Not if
    /// nobody is known: who brought the key may use it.
    pub(super) async fn have_moved(
        &self,
        secret: SecretId,
        old: &VersionId,
        new: &VersionId,
    ) -> Result<bool, Failure> {
        let (old, new) = (&place(secret, old), &place(secret, new));
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let old = load(tx, old).await?.unwrap_or_default();
                let new = load(tx, new).await?.unwrap_or_default();
                let are_known = !old.is_cut && !new.is_cut && !old.readers.is_empty();
                Ok::<_, Failure>(are_known && old.readers.is_subset(&new.readers))
            })
        })
        .await
    }
}

/// Forgets who read a version that goes.
pub(super) async fn forget(
    tx: &mut dyn Tx,
    secret: SecretId,
    version: &VersionId,
) -> Result<(), Failure> {
    Ok(tx.markers().remove(&place(secret, version)).await?)
}

async fn load(tx: &mut dyn Tx, place: &str) -> Result<Option<Noted>, Failure> {
    let body = tx.markers().get(place).await?;
    body.map(|body| serde_json::from_str(&body))
        .transpose()
        .map_err(|_damaged| Failure::Document("readers"))
}

fn place(secret: SecretId, version: &VersionId) -> String {
    format!("readers/{}/{version}", secret.0)
}

fn name(caller: &Caller) -> String {
    let who = match &caller.principal {
        Principal::User { user_id, .. } => format!("user/{user_id}"),
        Principal::Role { role_id, .. } => format!("role/{role_id}"),
        Principal::Client { key_id, .. } => format!("client/{key_id}"),
        Principal::Anonymous => "nobody".to_owned(),
    };
    format!("{who}@{}", caller.source)
}

// === impl Readers ===

impl Readers {
    fn is_known(&self, hash: u64) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.contains(&hash)
    }

    fn add(&self, hash: u64) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(hash);
    }
}
