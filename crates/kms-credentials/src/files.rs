use std::{io, path::Path, time::Duration};

use async_trait::async_trait;
use kms_types::Secret;
use tokio::{fs::File, io::AsyncReadExt, time::timeout};

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

#[async_trait]
impl Files for SystemFiles {
    async fn read(&self, path: &Path, limit: usize) -> io::Result<Secret<Vec<u8>>> {
        timeout(PATIENCE, read(path, limit))
            .await
            .unwrap_or_else(|_elapsed| Err(io::Error::from(io::ErrorKind::TimedOut)))
    }
}

async fn read(path: &Path, limit: usize) -> io::Result<Secret<Vec<u8>>> {
    // Asked before opening: to open a pipe is to wait for its writer.
    let metadata = tokio::fs::metadata(path).await?;
    if !metadata.is_file() {
        return Err(io::Error::other("is no regular file"));
    }
    let too_large = || io::Error::other(format!("is larger than {limit} bytes"));
    let size = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    if size > limit {
        return Err(too_large());
    }
    let file = File::open(path).await?;
    let mut content = zeroize::Zeroizing::new(Vec::with_capacity(size.saturating_add(1)));
    let most = u64::try_from(limit).unwrap_or(u64::MAX);
    file.take(most.saturating_add(1))
        .read_to_end(&mut content)
        .await?;
    if content.len() > limit {
        return Err(too_large());
    }
    Ok(Secret::new(std::mem::take(&mut *content)))
}
