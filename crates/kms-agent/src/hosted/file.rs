//! Files with a hosted AccessKey, kept fresh.

use std::{
    collections::HashMap,
    fs::{self, Metadata},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use kms_client::{AccessKeyPair, Client, ManagedAccessKey, ManagedAccessKeyError, Pace};
use kms_credentials::read_file;
use kms_types::{AccessKeyId, Clock, SecretName, SecretRef};
use thiserror::Error;
use tokio::{
    task::{JoinSet, spawn_blocking},
    time::{sleep, timeout},
};

use super::text::{is_ours, text};
use crate::{RenderSettings, Settings, private_file};

/// All of `[[Render]]`.
pub(crate) struct RenderedFiles(Vec<Arc<Rendered>>);

/// One file.
struct Rendered {
    settings: RenderSettings,
    region: String,
    key: ManagedAccessKey,
    /// Whose key stands in the file.
    written: Mutex<Option<AccessKeyId>>,
}

/// Why a file cannot be kept. Names files and secrets, never a value.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RenderError {
    /// Nowhere to write.
    #[error("{} is no folder; make it first", path.display())]
    Folder {
        /// Which one.
        path: PathBuf,
    },
    /// Somebody else's file.
    #[error(
        "{} is there and was not written by this agent; name another File, or move it away",
        path.display()
    )]
    Foreign {
        /// Which one.
        path: PathBuf,
    },
    /// It is there, and cannot be looked at.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// KMS gives no key.
    #[error(transparent)]
    Key(#[from] ManagedAccessKeyError),
    /// A key that would not be itself in a file.
    #[error("the AccessKeySecret of {secret} has characters that a file cannot hold plainly")]
    Characters {
        /// Of which secret.
        secret: SecretName,
    },
}

/// How often is looked whether the file is still there, and ours.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// After a file could not be written.
const REST: Duration = Duration::from_secs(5);

/// How long the start waits for the first keys.
const PATIENCE: Duration = Duration::from_secs(10);

/// A file of ours has some hundred bytes.
const LARGEST: usize = 64 << 10;

// === impl RenderedFiles ===

impl RenderedFiles {
    /// Looks at the places of the files and begins to read their keys, one reader for each
    /// secret.
    ///
    /// # Errors
    /// [`RenderError`], for the first place that is of no use.
    pub(crate) fn open(
        settings: &Settings,
        client: Client,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, RenderError> {
        let source = Arc::new(client);
        let mut keys: HashMap<SecretName, ManagedAccessKey> = HashMap::new();
        let mut files = Vec::new();
        for entry in &settings.render {
            check_place(entry)?;
            let key = keys.entry(entry.secret.clone()).or_insert_with(|| {
                ManagedAccessKey::builder(SecretRef::Name(entry.secret.clone()), source.clone())
                    .clock(Arc::clone(clock))
                    .pace(pace(settings.cache.ttl))
                    .open()
            });
            files.push(Arc::new(Rendered {
                settings: entry.clone(),
                region: settings.kms.region.clone(),
                key: key.clone(),
                written: Mutex::default(),
            }));
        }
        Ok(Self(files))
    }

    /// Writes what can be had now; what cannot, [`RenderedFiles::keep`] goes on with.
    pub(crate) async fn write(&self) {
        let mut writing = JoinSet::new();
        for file in &self.0 {
            let file = Arc::clone(file);
            writing.spawn(async move {
                let written = timeout(PATIENCE, file.write()).await;
                if let Ok(Err(error)) = written {
                    file.report(&error);
                }
            });
        }
        while writing.join_next().await.is_some() {}
    }

    /// Keeps all files fresh, for ever.
    pub(crate) async fn keep(&self) {
        let mut keeping = JoinSet::new();
        for file in &self.0 {
            let file = Arc::clone(file);
            keeping.spawn(async move { file.keep().await });
        }
        while keeping.join_next().await.is_some() {}
        // There is none.
        std::future::pending::<()>().await;
    }
}

// === impl Rendered ===

impl Rendered {
    async fn keep(self: &Arc<Self>) {
        loop {
            let written = self.id();
            // Either there is another key, or it is time to look after the file.
            drop(timeout(LOOK_EVERY, self.key.changed(written.as_ref())).await);
            if let Err(error) = self.write().await {
                self.report(&error);
                sleep(REST).await;
            }
        }
    }

    /// The key in hand into the file, unless it stands there.
    async fn write(self: &Arc<Self>) -> Result<(), RenderError> {
        let pair = self.key.current().await?;
        let file = Arc::clone(self);
        let id = pair.id.clone();
        let written = spawn_blocking(move || file.put(&pair));
        let path = &self.settings.file;
        let changed = written.await.map_err(|broken_off| RenderError::Write {
            path: path.clone(),
            source: io::Error::other(broken_off),
        })??;
        if changed {
            tracing::info!(file = %path.display(), secret = %self.settings.secret,
                accessKeyId = id.as_str(), "the file has another AccessKey");
        }
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = Some(id);
        Ok(())
    }

    /// Whether the file had to be written.
    fn put(&self, pair: &AccessKeyPair) -> Result<bool, RenderError> {
        let settings = &self.settings;
        let text = text(settings, &self.region, pair).ok_or_else(|| RenderError::Characters {
            secret: settings.secret.clone(),
        })?;
        if let Some((there, metadata)) = look(settings)?
            // EXPOSE: compared with what stands in the file.
            && there == text.expose().as_bytes()
            && has_mode(&metadata, settings.group)
        {
            return Ok(false);
        }
        // EXPOSE: into the file, which only its owner, and the group if so configured, can read.
        private_file::replace(&settings.file, text.expose().as_bytes(), settings.group)
            .map(|()| true)
            .map_err(|source| RenderError::Write {
                path: settings.file.clone(),
                source,
            })
    }

    fn report(&self, error: &RenderError) {
        let cause = std::error::Error::source(error).map(ToString::to_string);
        tracing::error!(%error, cause, file = %self.settings.file.display(),
            "a file of [[Render]] is not fresh; what stands in it stays");
    }

    fn id(&self) -> Option<AccessKeyId> {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.clone()
    }
}

/// As often as the agent's cache looks, within what a hosted key can be relied on.
fn pace(ttl: Duration) -> Pace {
    let usual = Pace::default();
    let interval = ttl.clamp(Duration::from_secs(1), Duration::from_mins(5));
    Pace {
        interval,
        delay: interval.min(Duration::from_mins(1)),
        jitter: interval / 10,
        again: usual.again.min(interval),
        longest_again: usual.longest_again.min(interval),
        rest: usual.rest.min(interval),
        longest_rest: usual.longest_rest.min(interval.max(usual.rest)),
        ..usual
    }
}

fn check_place(settings: &RenderSettings) -> Result<(), RenderError> {
    let folder = match settings.file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        return Err(RenderError::Folder {
            path: folder.to_owned(),
        });
    }
    look(settings).map(drop)
}

/// What stands in the file, if it is there. It must be ours, or empty.
fn look(settings: &RenderSettings) -> Result<Option<(Vec<u8>, Metadata)>, RenderError> {
    let path = &settings.file;
    let read = || {
        let content = read_file(path, LARGEST)?;
        // EXPOSE: compared with what is to be written.
        Ok((content.expose().clone(), fs::metadata(path)?))
    };
    match read() {
        Ok((content, metadata)) if content.is_empty() || is_ours(settings.format, &content) => {
            Ok(Some((content, metadata)))
        }
        Ok(_) => Err(RenderError::Foreign { path: path.clone() }),
        Err(error) if io::Error::kind(&error) == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(RenderError::Read {
            path: path.clone(),
            source,
        }),
    }
}

#[cfg(unix)]
fn has_mode(metadata: &Metadata, group: bool) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let wanted = if group { 0o640 } else { 0o600 };
    metadata.permissions().mode() & 0o777 == wanted
}

#[cfg(not(unix))]
fn has_mode(_metadata: &Metadata, _group: bool) -> bool {
    true
}

#[cfg(test)]
mod tests;
