use std::path::Path;

use async_trait::async_trait;

use crate::{Mode, Store, StoreError, Tx};

/// One SQLite file.
#[derive(Clone, Debug)]
pub struct SqliteStore {}

impl SqliteStore {
    /// Opens the file, making it (mode 0600) if there is none, and brings its schema up
    /// to date.
    #[expect(clippy::unused_async, reason = "opening is asynchronous")]
    pub async fn open(_path: &Path) -> Result<Self, StoreError> {
        Err(StoreError::Unavailable("not built yet".to_owned()))
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn begin(&self, _mode: Mode) -> Result<Box<dyn Tx>, StoreError> {
        Err(StoreError::Unavailable("not built yet".to_owned()))
    }
}
