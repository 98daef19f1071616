use thiserror::Error;

/// What went wrong in the store. No text of any record is in it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The store cannot be reached or opened.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
}
