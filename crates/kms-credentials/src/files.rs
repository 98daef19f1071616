use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
    time::Duration,
};

use async_trait::async_trait;
use kms_types::Secret;
use tokio::time::timeout;
use zeroize::Zeroizing;

/// The file system, as far as credentials lie in it.
#[async_trait]
pub trait Files: Send + Sync {
    /// The whole file, which is a regular one (links are followed) of at most `limit`
    /// bytes.
    async fn read(&self, path: &Path, limit: usize) -> io::Result<Secret<Vec<u8>>>;
}

/// The machine's own file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemFiles;

/// A file system that does not answer (NFS) must not hold up the search for ever.
const PATIENCE: Duration = Duration::from_secs(5);

// === impl SystemFiles ===

#[async_trait]
impl Files for SystemFiles {
    async fn read(&self, path: &Path, limit: usize) -> io::Result<Secret<Vec<u8>>> {
        let path = path.to_owned();
        let reading = tokio::task::spawn_blocking(move || read_file(&path, limit));
        timeout(PATIENCE, reading)
            .await
            .map_err(|_elapsed| io::Error::from(io::ErrorKind::TimedOut))?
            .map_err(io::Error::other)?
    }
}

/// The whole file, which is a regular one (links are followed) of at most `limit` bytes.
///
/// # Errors
/// Those of the file system, and one for each of the two conditions.
pub fn read_file(path: &Path, limit: usize) -> io::Result<Secret<Vec<u8>>> {
    // Asked before opening: to open a pipe is to wait for its writer.
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::other("is no regular file"));
    }
    let too_large = || io::Error::other(format!("is larger than {limit} bytes"));
    let size = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    if size > limit {
        return Err(too_large());
    }
    // In one piece: growing would leave copies behind.
    let mut content = Zeroizing::new(Vec::with_capacity(size.saturating_add(1)));
    let most = u64::try_from(limit).unwrap_or(u64::MAX);
    File::open(path)?
        .take(most.saturating_add(1))
        .read_to_end(&mut content)?;
    if content.len() > limit {
        return Err(too_large());
    }
    Ok(Secret::new(std::mem::take(&mut *content)))
}
