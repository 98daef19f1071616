//! Old terms of the keyring are taken away (reference security §6.2: only once a scan has found
//! nothing under them, in the transaction that takes them away).

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use kms_crypto::{Keyring, RootKey};
use kms_store::{KeyringRecord, Mode, Store, Tx, run_tx};
use kms_types::{Clock, Env};

use super::{Noted, RekeyError, open, progress::Progress, record, round, stored};
use crate::{audit::Log, settings::Settings};

/// What was taken away.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Retired {
    /// The newest term, which stays.
    pub term: u32,
    /// How many terms are gone.
    pub terms: usize,
}

/// What was sealed under an old term and lies nowhere is over then: tokens for the import of
/// key material live a day, those of temporary credentials less.
const TOKENS_LIVE: SignedDuration = SignedDuration::from_hours(25);

/// Takes the terms away under which nothing is sealed any more.
///
/// # Errors
/// [`RekeyError`]; then the keyring is as it was.
pub async fn retire(
    settings: &Settings,
    env: &Env,
    clock: Arc<dyn Clock>,
) -> Result<Retired, RekeyError> {
    let (database, root) = open(settings, env).await?;
    let done = retire_in(&*database.store(), &root, clock.now()).await;
    database.close().await;
    let (done, keyring) = done?;
    let audit = Log::open(settings.operations_audit(), &keyring, clock)?;
    let (term, terms) = (done.term.to_string(), done.terms.to_string());
    audit.note("rekey.retire", &[("term", &term), ("terms", &terms)]);
    audit.close().await;
    Ok(done)
}

pub(super) async fn retire_in(
    store: &dyn Store,
    root: &RootKey,
    now: Timestamp,
) -> Result<(Retired, Keyring), RekeyError> {
    let keyring = run_tx(store, Mode::Read, |mut tx| {
        Box::pin(async move {
            retirable(&mut *tx, root, now)
                .await
                .map(|(_, keyring)| keyring)
        })
    })
    .await?;
    let term = keyring.newest_term();
    // What a server sealed that learned of the newest term last.
    round(store, &keyring, Progress::beginning(term), Noted::No).await?;
    run_tx(store, Mode::Alone, |mut tx| {
        Box::pin(async move {
            let tx = &mut *tx;
            let (record, keyring) = retirable(tx, root, now).await?;
            let term = keyring.newest_term();
            let terms = keyring.terms().count() - 1;
            if terms == 0 {
                return Ok((Retired { term, terms }, keyring));
            }
            if record::count_under_older_terms(tx, term).await? > 0 {
                return Err(RekeyError::StillUsed);
            }
            let left = keyring.without_terms_before(term)?;
            stored::save(tx, root, &record, &left).await?;
            Ok((Retired { term, terms }, left))
        })
    })
    .await
}

/// The keyring, if terms before its newest may be taken away as far as time goes, or there
/// are none.
async fn retirable(
    tx: &mut dyn Tx,
    root: &RootKey,
    now: Timestamp,
) -> Result<(KeyringRecord, Keyring), RekeyError> {
    let (record, keyring) = stored::load(tx, root).await?;
    if Progress::noted(tx).await?.is_some() {
        return Err(RekeyError::Unfinished);
    }
    let mut terms = keyring.terms();
    if let (Some(_first), Some((_, begun))) = (terms.next(), terms.last())
        && now < begun + TOKENS_LIVE
    {
        return Err(RekeyError::TooEarly(begun + TOKENS_LIVE));
    }
    Ok((record, keyring))
}
