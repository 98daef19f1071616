//! A whole store in one file: made in one transaction that reads, read in one that writes.
//! What is sealed stays sealed.

use std::io::{Read, Write};

use crate::{Mode, Store, StoreError};

mod format;

pub(crate) use format::{Cell, Frame, Reader, Writer};

/// What a snapshot says of itself.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SnapshotHeader {
    /// The schema of the store that it was made of.
    pub schema: i64,
    /// What whoever made it wrote in it, such as the root key's id.
    pub note: String,
    /// The highest number that a secret ever had.
    pub last_secret: i64,
}

/// The name of the marker of a restoration that has not come to its end.
pub(crate) const RESTORING: &str = "restore";

/// Writes all of the store, as one moment saw it; how many records.
///
/// Left out are leases and used nonces.
///
/// # Errors
/// [`StoreError`]; what was written until then has no end, and so is no snapshot.
pub async fn export(
    store: &dyn Store,
    note: &str,
    to: &mut (dyn Write + Send),
) -> Result<u64, StoreError> {
    let mut tx = store.begin(Mode::Read).await?;
    let records = tx.snapshots().export(note, to).await?;
    tx.commit().await?;
    Ok(records)
}

/// What a snapshot says of itself; the reader stands behind it then.
///
/// # Errors
/// `Snapshot` and `Io`.
pub fn snapshot_header(from: &mut (dyn Read + Send)) -> Result<SnapshotHeader, StoreError> {
    Reader::new(from).map(|reader| reader.header)
}

/// Fills an empty store with a snapshot; how many records. From the first moment to the last
/// the store says that it is half restored, and refuses to be opened for anything but another
/// attempt.
///
/// # Errors
/// `Snapshot` (cut off, changed, or none at all), `SnapshotSchema`, `NotEmpty`, `Io`, and
/// whatever the database reports.
pub async fn import(store: &dyn Store, from: &mut (dyn Read + Send)) -> Result<u64, StoreError> {
    let mut tx = store.begin(Mode::Alone).await?;
    if !tx.snapshots().is_empty().await? {
        return Err(StoreError::NotEmpty);
    }
    tx.markers().put(RESTORING, "").await?;
    tx.commit().await?;

    let mut tx = store.begin(Mode::Alone).await?;
    if !tx.snapshots().is_empty().await? {
        return Err(StoreError::NotEmpty);
    }
    let records = tx.snapshots().import(from).await?;
    tx.markers().remove(RESTORING).await?;
    tx.commit().await?;
    Ok(records)
}
