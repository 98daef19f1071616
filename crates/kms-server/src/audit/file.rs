//! The file: numbered, chained, synced, rotated by size, and found again after a crash.

use std::{
    fs, io, mem,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use kms_crypto::Keyring;
use kms_types::Clock;

use super::{
    AuditError,
    chain::Chain,
    device::{Device, Refused},
    entry::Entry,
    sheet::{OpenSheet, Sheet},
    verify::{Trust, Walk},
};

/// A log file and its chain.
pub(super) struct FileDevice {
    path: PathBuf,
    server: String,
    max_size: u64,
    reserve: u64,
    clock: Arc<dyn Clock>,
    open: OpenSheet,
    sheet: Option<Box<dyn Sheet>>,
    /// What is in the file and counts.
    size: u64,
    /// Up to where room is set aside.
    reserved: u64,
    /// Something beyond `size` may have reached the file and must go first.
    is_torn: bool,
    /// The disk failed to sync: nothing that is written there is certain any more.
    is_dead: bool,
    rotate_at: u64,
    chain: Chain,
    buffer: Vec<u8>,
}

/// How a file device is set up.
pub(super) struct FileParts {
    pub(super) path: PathBuf,
    pub(super) server: String,
    pub(super) max_size: u64,
    pub(super) reserve: u64,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) open: OpenSheet,
}

/// What was found in a file.
struct Found {
    chain: Chain,
    size: u64,
    /// Bytes behind it that are no whole line.
    torn: u64,
}

/// A burst's memory beyond this is given back.
const KEEP: usize = 256 << 10;

// === impl FileDevice ===

impl FileDevice {
    /// Opens the file and goes on where it ends. What a crash left of a line at the very end
    /// is cut off; any other damage stops here. How many bytes were cut off.
    ///
    /// # Errors
    /// [`AuditError`].
    pub(super) fn open(parts: FileParts, keyring: &Keyring) -> Result<(Self, u64), AuditError> {
        let path = parts.path.clone();
        let failed = |source| AuditError::Open {
            path: path.clone(),
            source,
        };
        let sheet = (parts.open)(&path).map_err(failed)?;
        let keys = keyring.audit_keys().map_err(AuditError::Keys)?;
        let fresh = Chain::new(keys, keyring.installation());
        let found = match read(&path, keyring, &fresh)? {
            Some(found) => found,
            None => Found {
                // Moved away by somebody else, as a rule: the newest of ours goes on.
                chain: last_rotated(&path, keyring, &fresh)?.unwrap_or(fresh),
                size: 0,
                torn: 0,
            },
        };
        let mut device = Self {
            path: path.clone(),
            server: parts.server,
            max_size: parts.max_size,
            reserve: parts.reserve,
            clock: parts.clock,
            open: parts.open,
            sheet: Some(sheet),
            size: found.size,
            reserved: 0,
            is_torn: found.torn > 0,
            is_dead: false,
            rotate_at: parts.max_size,
            chain: found.chain,
            buffer: Vec::new(),
        };
        device.put(&[]).map_err(|refused| failed(refused.reason))?;
        sync_parent(&path).map_err(failed)?;
        Ok((device, found.torn))
    }

    /// Writes and syncs these lines, with a file's beginning where it begins.
    fn put(&mut self, bodies: &[&[u8]]) -> Result<(), Refused> {
        if self.is_dead {
            return Err(Refused::for_good(io::Error::other(
                "the disk failed before; restart the program once it is well",
            )));
        }
        let now = self.clock.now();
        if self.sheet.is_none() {
            self.open_another()?;
        }
        let Some(sheet) = &mut self.sheet else {
            return Err(io::Error::from(io::ErrorKind::NotFound).into());
        };
        if self.is_torn {
            sheet.cut(self.size)?;
            self.is_torn = false;
        }
        let mut chain = self.chain.clone();
        let mut out = mem::take(&mut self.buffer);
        out.clear();
        if self.size == 0 {
            chain.begin(&mut out, &self.server, now);
        }
        for body in bodies {
            chain.append(&mut out, body, now);
        }
        let written = sheet.append(&out);
        if let Err(reason) = written {
            self.is_torn = sheet.cut(self.size).is_err();
            self.buffer = out;
            return Err(reason.into());
        }
        if let Err(reason) = sheet.sync() {
            // The system has marked the pages clean: another sync would lie (reference
            // security §6.3, rule 4).
            self.is_dead = true;
            return Err(Refused::for_good(reason));
        }
        self.size += u64::try_from(out.len()).unwrap_or(u64::MAX);
        self.chain = chain;
        if out.capacity() <= KEEP {
            self.buffer = out;
        }
        self.set_aside();
        Ok(())
    }

    /// Where the last file was let go.
    fn open_another(&mut self) -> io::Result<()> {
        let sheet = (self.open)(&self.path)?;
        if fs::metadata(&self.path)?.len() > 0 {
            return Err(io::Error::other("another file lies in the log's place"));
        }
        (self.size, self.reserved, self.is_torn) = (0, 0, false);
        self.rotate_at = self.max_size;
        self.sheet = Some(sheet);
        Ok(())
    }

    /// Keeps room for what comes, so that others who fill the disk do not stop the log at
    /// once. Best effort: not every file system can.
    fn set_aside(&mut self) {
        let Some(sheet) = &mut self.sheet else { return };
        if self.reserve > 0
            && self.reserved < self.size.saturating_add(self.reserve / 2)
            && sheet.reserve(self.size, self.reserve).is_ok()
        {
            self.reserved = self.size.saturating_add(self.reserve);
        }
    }

    /// Ends the file with a checkpoint and lets go of it; the next line begins another.
    fn finish(&mut self) -> Result<(), Refused> {
        self.checkpoint()?;
        if let Some(mut sheet) = self.sheet.take() {
            // Gives back what was set aside.
            drop(sheet.cut(self.size));
        }
        Ok(())
    }

    fn rotate(&mut self) {
        self.rotate_at = self.size.saturating_add(self.max_size / 10);
        if self.finish().is_err() {
            return;
        }
        let renamed = unused(&self.path, self.clock.now())
            .and_then(|target| fs::rename(&self.path, target))
            .and_then(|()| sync_parent(&self.path));
        match renamed {
            Ok(()) => drop(self.put(&[]).inspect_err(|refused| {
                tracing::error!(error = %refused.reason, "no new audit log file");
            })),
            Err(reason) => {
                tracing::error!(error = %reason, path = %self.path.display(), "cannot rotate the audit log");
                // Better a file that grows too large.
                self.sheet = (self.open)(&self.path).ok();
            }
        }
    }
}

impl Device for FileDevice {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn write(&mut self, entries: &[Arc<Entry>]) -> Result<(), Refused> {
        let bodies: Vec<&[u8]> = entries.iter().map(|entry| entry.body.as_slice()).collect();
        self.put(&bodies)
    }

    fn settle(&mut self) {
        if self.size >= self.rotate_at && self.sheet.is_some() && !self.is_dead {
            self.rotate();
        }
    }

    fn checkpoint(&mut self) -> Result<(), Refused> {
        if self.chain.since <= 1 || self.sheet.is_none() {
            return Ok(());
        }
        let now = self.clock.now();
        let mut chain = self.chain.clone();
        let mut out = Vec::new();
        chain.checkpoint(&mut out, now);
        self.put_raw(&out, chain)
    }

    fn reopen(&mut self) -> Result<(), Refused> {
        if self
            .sheet
            .as_ref()
            .is_some_and(|sheet| sheet.is_at(&self.path))
        {
            return Ok(());
        }
        self.finish()?;
        self.put(&[])?;
        Ok(sync_parent(&self.path)?)
    }
}

impl FileDevice {
    /// Writes and syncs what is chained already.
    fn put_raw(&mut self, out: &[u8], chain: Chain) -> Result<(), Refused> {
        if self.is_dead {
            return Ok(());
        }
        let Some(sheet) = &mut self.sheet else {
            return Ok(());
        };
        if let Err(reason) = sheet.append(out) {
            self.is_torn = sheet.cut(self.size).is_err();
            return Err(reason.into());
        }
        if let Err(reason) = sheet.sync() {
            self.is_dead = true;
            return Err(Refused::for_good(reason));
        }
        self.size += u64::try_from(out.len()).unwrap_or(u64::MAX);
        self.chain = chain;
        Ok(())
    }
}

/// What the file holds; nothing if it is empty.
fn read(path: &Path, keyring: &Keyring, fresh: &Chain) -> Result<Option<Found>, AuditError> {
    let trust = Trust::Keyring(keyring.clone());
    let mut walk = Walk::new(&trust);
    let (size, torn) = walk.recover(path).map_err(|reason| match reason {
        super::verify::Unwalked::Io(source) => AuditError::Open {
            path: path.to_owned(),
            source,
        },
        super::verify::Unwalked::Broken(broken) => AuditError::Damaged(broken),
    })?;
    if size == 0 && torn == 0 {
        return Ok(None);
    }
    let chain = walk.into_chain().unwrap_or_else(|| fresh.clone());
    Ok(Some(Found { chain, size, torn }))
}

/// Where the newest file that was rotated away has come to.
fn last_rotated(
    path: &Path,
    keyring: &Keyring,
    fresh: &Chain,
) -> Result<Option<Chain>, AuditError> {
    let failed = |source| AuditError::Open {
        path: path.to_owned(),
        source,
    };
    let (Some(dir), Some(stem)) = (
        path.parent(),
        path.file_stem().and_then(|stem| stem.to_str()),
    ) else {
        return Ok(None);
    };
    let newest = fs::read_dir(dir)
        .map_err(failed)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| {
            let rest = name
                .strip_prefix(stem)
                .and_then(|rest| rest.strip_prefix('-'));
            rest.and_then(|rest| rest.strip_suffix(".log")).is_some()
        })
        .max();
    let Some(newest) = newest else {
        return Ok(None);
    };
    Ok(read(&dir.join(newest), keyring, fresh)?.map(|found| found.chain))
}

/// `<stem>-2026-11-24T15-02-03.123-000.log`: these sort by age.
fn unused(path: &Path, now: Timestamp) -> io::Result<PathBuf> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let time = now.strftime("%Y-%m-%dT%H-%M-%S.%3f");
    (0..1000)
        .map(|counter| path.with_file_name(format!("{stem}-{time}-{counter:03}.log")))
        .find(|target| fs::symlink_metadata(target).is_err())
        .ok_or_else(|| io::ErrorKind::AlreadyExists.into())
}

/// A new name is durable once the folder is.
#[cfg(unix)]
fn sync_parent(path: &Path) -> io::Result<()> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
    fs::File::open(dir.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_parent(_path: &Path) -> io::Result<()> {
    Ok(())
}
