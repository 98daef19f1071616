//! `kms-server rekey --keyring`: another key under the root key. The keyring gets a new term,
//! and everything that is sealed is sealed anew under it, in batches, while servers work.
//!
//! How far it came is noted in the store with each batch, so that a run that was cut off goes
//! on. Servers on the same store take the new term when they meet it, and within seconds by
//! themselves; what they seal under the old one until then is sealed anew in another round.
//!
//! `--retire` takes old terms away.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use kms_crypto::{Keyring, RootKey};
use kms_store::{Mode, SealedKind, Store, Tx, run_tx};
use kms_types::{Clock, Env};

use self::{
    progress::Progress,
    record::{count_under_older_terms, seal_anew},
};
use super::RekeyError;
use crate::{
    audit::Log,
    database::{Database, Place},
    settings::Settings,
};

mod progress;
mod record;
mod retire;
mod stored;

pub use retire::{Retired, retire};

/// What came of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Resealed {
    /// The term under which everything is sealed now.
    pub term: u32,
    /// Whether a run before had made it.
    pub is_resumed: bool,
    /// Records that were sealed anew.
    pub records: u64,
}

/// Told after each batch how many of its records were sealed anew.
pub type Told<'t> = &'t (dyn Fn(u64) + Send + Sync);

/// Whether how far a round has come is noted in the store, and told.
#[derive(Clone, Copy)]
enum Noted<'t> {
    Yes(Told<'t>),
    No,
}

/// Records of one transaction.
const BATCH: u32 = 100;

/// Servers look for new terms every ten seconds; who seals under an old one after this many
/// rounds, a second apart, knows no new ones.
const ROUNDS: u32 = 60;
const BETWEEN_ROUNDS: Duration = Duration::from_secs(1);

/// Makes a term, or goes on with the one that a run before has made, and seals everything
/// anew under it.
///
/// # Errors
/// [`RekeyError`]; what was done stays done, and the next run goes on.
pub async fn reseal(
    settings: &Settings,
    env: &Env,
    clock: Arc<dyn Clock>,
    told: Told<'_>,
) -> Result<Resealed, RekeyError> {
    let (database, root) = open(settings, env).await?;
    let done = reseal_in(&*database.store(), &root, clock.now(), told).await;
    database.close().await;
    let (done, keyring) = done?;
    let audit = Log::open(settings.operations_audit(), &keyring, clock)?;
    let (term, records) = (done.term.to_string(), done.records.to_string());
    audit.note("rekey.keyring", &[("term", &term), ("records", &records)]);
    audit.close().await;
    Ok(done)
}

async fn open(settings: &Settings, env: &Env) -> Result<(Database, RootKey), RekeyError> {
    let keys = &settings.root_key;
    let place = settings.place();
    if let Place::Sqlite(file) = &place
        && !keys.same_filesystem
    {
        keys.current.check_apart(file)?;
    }
    let root = keys.current.load(env).await?;
    Ok((place.open().await?, root))
}

async fn reseal_in(
    store: &dyn Store,
    root: &RootKey,
    now: Timestamp,
    told: Told<'_>,
) -> Result<(Resealed, Keyring), RekeyError> {
    let (keyring, mut progress, is_resumed) = begin(store, root, now).await?;
    let term = keyring.newest_term();
    let mut records = 0;
    for _ in 0..ROUNDS {
        records += round(store, &keyring, progress, Noted::Yes(told)).await?;
        if left(store, &keyring).await? == 0 {
            Progress::forget(store).await?;
            let done = Resealed {
                term,
                is_resumed,
                records,
            };
            return Ok((done, keyring));
        }
        // A server has not taken the term yet.
        tokio::time::sleep(BETWEEN_ROUNDS).await;
        progress = Progress::beginning(term);
    }
    Err(RekeyError::StillUsed)
}

/// The keyring with the term that everything is to be sealed under.
async fn begin(
    store: &dyn Store,
    root: &RootKey,
    now: Timestamp,
) -> Result<(Keyring, Progress, bool), RekeyError> {
    run_tx(store, Mode::Alone, |mut tx| {
        Box::pin(async move {
            let tx = &mut *tx;
            let (record, keyring) = stored::load(tx, root).await?;
            let progress = Progress::noted(tx).await?;
            let term = keyring.newest_term();
            if let Some(progress) = progress.filter(|progress| progress.term == term) {
                return Ok((keyring, progress, true));
            }
            let grown = keyring.with_new_term(now)?;
            stored::save(tx, root, &record, &grown).await?;
            let progress = Progress::beginning(grown.newest_term());
            progress.note(tx).await?;
            Ok((grown, progress, false))
        })
    })
    .await
}

/// Goes through everything from there on; how much was sealed anew.
async fn round(
    store: &dyn Store,
    keyring: &Keyring,
    mut progress: Progress,
    noted: Noted<'_>,
) -> Result<u64, RekeyError> {
    let mut resealed = 0;
    while let Some(kind) = SealedKind::ALL.get(progress.kind) {
        let at = &progress;
        let (count, next) = run_tx(store, Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                if let Noted::Yes(_) = noted {
                    let before = Progress::noted(tx).await?;
                    let is_ours = before.is_some_and(|before| before.term == at.term);
                    is_ours.then_some(()).ok_or(RekeyError::Overtaken)?;
                }
                let (count, next) = batch(tx, keyring, *kind, at).await?;
                if let Noted::Yes(_) = noted {
                    next.note(tx).await?;
                }
                Ok::<_, RekeyError>((count, next))
            })
        })
        .await?;
        if let Noted::Yes(told) = noted {
            told(count);
        }
        resealed += count;
        progress = next;
    }
    Ok(resealed)
}

/// One batch, and where the next begins.
async fn batch(
    tx: &mut dyn Tx,
    keyring: &Keyring,
    kind: SealedKind,
    at: &Progress,
) -> Result<(u64, Progress), RekeyError> {
    let records = tx.sealed().next(kind, at.after.as_deref(), BATCH).await?;
    let mut resealed = 0;
    for record in &records {
        resealed += u64::from(seal_anew(tx, keyring, record).await?);
    }
    let (kind, after) = match records.last() {
        Some(last) => (at.kind, Some(last.cursor.clone())),
        None => (at.kind + 1, None),
    };
    let term = at.term;
    Ok((resealed, Progress { term, kind, after }))
}

async fn left(store: &dyn Store, keyring: &Keyring) -> Result<u64, RekeyError> {
    run_tx(store, Mode::Read, |mut tx| {
        Box::pin(async move { count_under_older_terms(&mut *tx, keyring.newest_term()).await })
    })
    .await
}

#[cfg(test)]
mod tests;
