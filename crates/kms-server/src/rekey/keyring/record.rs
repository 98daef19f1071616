//! What is sealed, record by record.

use kms_crypto::{Keyring, OpenError, Place};
use kms_store::{SealedKind, SealedPlace, SealedRecord, Tx};
use kms_types::DataType;

use super::{BATCH, RekeyError};

/// Whether the record was of an older term, and is not any more.
pub(super) async fn seal_anew(
    tx: &mut dyn Tx,
    keyring: &Keyring,
    record: &SealedRecord,
) -> Result<bool, RekeyError> {
    if Keyring::term_of(&record.sealed).map_err(damaged(record))? >= keyring.newest_term() {
        return Ok(false);
    }
    let Some(place) = place(&record.place) else {
        return Ok(false);
    };
    let sealed = keyring
        .rewrap(&place, &record.sealed)
        .map_err(damaged(record))?;
    let replaced = tx.sealed().replace(&record.place, &record.sealed, &sealed);
    Ok(replaced.await?)
}

/// What the record's seal is bound to; nothing if its secret is gone, so that nobody opens it
/// any more: the rotation's next step ends it.
fn place(record: &SealedPlace) -> Option<Place<'_>> {
    Some(match record {
        SealedPlace::AccessKey { account, id } => Place::AccessKeySecret { account, id },
        SealedPlace::Authority { name } => Place::AuthorityKey { name },
        SealedPlace::KeyVersion {
            account,
            key,
            version,
        } => Place::KeyMaterial {
            account,
            key,
            version,
        },
        SealedPlace::Rotation {
            account,
            secret,
            version,
            ..
        } => Place::SecretValue {
            account,
            secret: secret.as_ref()?,
            version,
            data_type: DataType::Text,
        },
        SealedPlace::SecretVersion {
            account,
            secret,
            version,
            data_type,
            ..
        } => Place::SecretValue {
            account,
            secret,
            version,
            data_type: *data_type,
        },
    })
}

/// How many records there are that somebody may open and that are of an older term.
pub(super) async fn count_under_older_terms(
    tx: &mut dyn Tx,
    newest: u32,
) -> Result<u64, RekeyError> {
    let mut count = 0;
    for kind in SealedKind::ALL {
        let mut after: Option<String> = None;
        loop {
            let records = tx.sealed().next(kind, after.as_deref(), BATCH).await?;
            for record in &records {
                let term = Keyring::term_of(&record.sealed).map_err(damaged(record))?;
                count += u64::from(term < newest && place(&record.place).is_some());
            }
            match records.last() {
                Some(last) => after = Some(last.cursor.clone()),
                None => break,
            }
        }
    }
    Ok(count)
}

fn damaged(record: &SealedRecord) -> impl Fn(OpenError) -> RekeyError {
    let place = format!("{:?}", record.place);
    move |source| RekeyError::Record {
        place: place.clone(),
        source,
    }
}
