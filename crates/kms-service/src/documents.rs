//! Named things of an account that the store keeps as JSON.

use jiff::Timestamp;
use kms_store::{DocumentKind, DocumentRecord, Page, StoreError, Tx};
use kms_types::{AccountId, ErrorCode};
use kms_wire::ApiError;
use serde::{Serialize, de::DeserializeOwned};

use crate::failure::Failure;

/// What can be kept as a document. Fields that come later need a default: documents of
/// former versions are read, not rewritten.
pub(crate) trait Document: Serialize + DeserializeOwned + Send + Sync {
    const KIND: DocumentKind;
}

/// A document with its name.
pub(crate) struct Named<T> {
    pub(crate) name: String,
    pub(crate) body: T,
    pub(crate) created: Timestamp,
}

/// The account's document of that name, if there is one.
pub(crate) async fn look_up<T: Document>(
    tx: &mut dyn Tx,
    account: &AccountId,
    name: &str,
) -> Result<Option<Named<T>>, Failure> {
    let found = tx.documents().find(account, T::KIND, name).await?;
    found.map(read).transpose()
}

/// The account's document of that name, which must exist.
///
/// # Errors
/// `Forbidden.ResourceNotFound`.
pub(crate) async fn find<T: Document>(
    tx: &mut dyn Tx,
    account: &AccountId,
    name: &str,
) -> Result<Named<T>, Failure> {
    look_up(tx, account, name)
        .await?
        .ok_or_else(|| ApiError::not_found().into())
}

/// A page of the account's documents, by name, and how many there are on all pages.
pub(crate) async fn page<T: Document>(
    tx: &mut dyn Tx,
    account: &AccountId,
    page: Page,
) -> Result<(Vec<Named<T>>, u64), Failure> {
    let (records, total) = tx.documents().list(account, T::KIND, page).await?;
    let documents: Result<Vec<_>, _> = records.into_iter().map(read).collect();
    Ok((documents?, total))
}

/// The account's documents whose names come behind the marker, at most that many, by
/// name; and whether there are more. RAM lists so: what is made or deleted between two
/// pages moves nothing from one to the other.
pub(crate) async fn behind<T: Document>(
    tx: &mut dyn Tx,
    account: &AccountId,
    marker: Option<&str>,
    most: u32,
) -> Result<(Vec<Named<T>>, bool), Failure> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    let mut page = Page {
        number: 1,
        size: 1000,
    };
    loop {
        let (records, total) = tx.documents().list(account, T::KIND, page).await?;
        for record in records {
            if marker.is_some_and(|marker| record.name.as_str() <= marker) {
                continue;
            }
            if found.len() == most {
                return Ok((found, true));
            }
            found.push(read(record)?);
        }
        page.number = page.number.saturating_add(1);
        if u64::try_from(page.offset()).unwrap_or(u64::MAX) >= total {
            return Ok((found, false));
        }
    }
}

/// All of the account's documents, by name.
pub(crate) async fn all<T: Document>(
    tx: &mut dyn Tx,
    account: &AccountId,
) -> Result<Vec<Named<T>>, Failure> {
    Ok(behind(tx, account, None, u32::MAX).await?.0)
}

/// The documents of that name in all accounts, with their owners.
pub(crate) async fn everywhere<T: Document>(
    tx: &mut dyn Tx,
    name: Option<&str>,
) -> Result<Vec<(AccountId, Named<T>)>, Failure> {
    let records = tx.documents().everywhere(T::KIND, name).await?;
    let owned = |record: DocumentRecord| Ok((record.account.clone(), read(record)?));
    records.into_iter().map(owned).collect()
}

/// Whether any account has a document of that kind.
pub(crate) async fn is_any<T: Document>(tx: &mut dyn Tx) -> Result<bool, Failure> {
    let records = tx.documents().everywhere(T::KIND, None).await?;
    Ok(!records.is_empty())
}

/// How many documents of that kind the account has.
pub(crate) async fn count<T: Document>(
    tx: &mut dyn Tx,
    account: &AccountId,
) -> Result<u64, Failure> {
    let page = Page { number: 1, size: 1 };
    Ok(tx.documents().list(account, T::KIND, page).await?.1)
}

/// Adds a document.
///
/// # Errors
/// `Rejected.ResourceExist`.
pub(crate) async fn create<T: Document>(
    tx: &mut dyn Tx,
    account: &AccountId,
    name: &str,
    body: &T,
    now: Timestamp,
) -> Result<(), Failure> {
    match tx
        .documents()
        .insert(&write(account, name, body, now)?)
        .await
    {
        Err(StoreError::Taken) => Err(exists().into()),
        done => Ok(done?),
    }
}

/// Writes another body.
///
/// # Errors
/// `Forbidden.ResourceNotFound`.
pub(crate) async fn update<T: Document>(
    tx: &mut dyn Tx,
    account: &AccountId,
    document: &Named<T>,
) -> Result<(), Failure> {
    let record = write(account, &document.name, &document.body, document.created)?;
    found(tx.documents().update(&record).await)
}

/// Writes the body, whether or not there was such a document.
pub(crate) async fn put<T: Document>(
    tx: &mut dyn Tx,
    account: &AccountId,
    document: &Named<T>,
) -> Result<(), Failure> {
    let record = write(account, &document.name, &document.body, document.created)?;
    match tx.documents().update(&record).await {
        Err(StoreError::Gone { .. }) => Ok(tx.documents().insert(&record).await?),
        done => Ok(done?),
    }
}

/// Removes a document.
///
/// # Errors
/// As [`update`].
pub(crate) async fn remove<T: Document>(
    tx: &mut dyn Tx,
    account: &AccountId,
    name: &str,
) -> Result<(), Failure> {
    found(tx.documents().remove(account, T::KIND, name).await)
}

fn found(done: Result<(), StoreError>) -> Result<(), Failure> {
    match done {
        Err(StoreError::Gone { .. }) => Err(ApiError::not_found().into()),
        done => Ok(done?),
    }
}

fn read<T: Document>(record: DocumentRecord) -> Result<Named<T>, Failure> {
    let body =
        serde_json::from_str(&record.body).map_err(|_quotes_the_text| damaged(record.kind))?;
    Ok(Named {
        name: record.name,
        body,
        created: record.created,
    })
}

fn write<T: Document>(
    account: &AccountId,
    name: &str,
    body: &T,
    created: Timestamp,
) -> Result<DocumentRecord, Failure> {
    Ok(DocumentRecord {
        account: account.clone(),
        kind: T::KIND,
        name: name.to_owned(),
        body: serde_json::to_string(body).map_err(|_not_json| damaged(T::KIND))?,
        created,
    })
}

fn damaged(kind: DocumentKind) -> Failure {
    Failure::Document(kind.as_str())
}

fn exists() -> ApiError {
    ApiError::new(ErrorCode::ResourceExist, "The resource already exists.")
}
