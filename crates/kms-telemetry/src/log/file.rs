use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use super::{LogError, LogOptions, names};

/// The live file and its rotated predecessors. Appends only, takes no lock, and looks
/// before each write whether its name still leads to it.
pub(super) struct RotatingFile {
    options: LogOptions,
    path: PathBuf,
    open: Option<Open>,
    /// Rotation failed (the directory is read-only?): not before this time again.
    retry_rotation_at: Duration,
}

struct Open {
    file: File,
    size: u64,
}

const RETRY_ROTATION: Duration = Duration::from_mins(1);

impl RotatingFile {
    pub(super) fn open(options: LogOptions) -> Result<Self, LogError> {
        let path = options.dir.join(format!("{}.log", options.stem));
        let open = Open::at(&options.dir, &path).map_err(|source| LogError::Open {
            path: path.clone(),
            source,
        })?;
        Ok(Self {
            options,
            path,
            open: Some(open),
            retry_rotation_at: Duration::ZERO,
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn clock(&self) -> &dyn kms_types::Clock {
        &*self.options.clock
    }

    /// Writes some of `lines` from `from` on and says up to where; a new file begins
    /// with a whole line. Rotates between lines.
    pub(super) fn write(&mut self, lines: &[u8], from: usize) -> io::Result<usize> {
        let mut from = from;
        if !self
            .open
            .as_ref()
            .is_some_and(|open| open.is_at(&self.path))
        {
            self.open = Some(Open::at(&self.options.dir, &self.path)?);
            from = line_start(lines, from);
        }
        let rest = lines.get(from..).unwrap_or_default();
        let mut size = self.open.as_ref().map_or(0, |open| open.size);
        if size > 0 && !fits(rest, size, self.options.max_size) && self.may_rotate() {
            self.rotate()?;
            size = self.open.as_ref().map_or(0, |open| open.size);
        }
        let Some(open) = &mut self.open else {
            return Ok(from);
        };
        let room = self.options.max_size.saturating_sub(size);
        let written = open.file.write(head(rest, room))?;
        open.size += u64::try_from(written).unwrap_or(u64::MAX);
        if written == 0 && !rest.is_empty() {
            return Err(io::ErrorKind::WriteZero.into());
        }
        Ok(from + written)
    }

    /// Asks the disk to keep what was written.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.open
            .as_ref()
            .map_or(Ok(()), |open| open.file.sync_data())
    }

    fn may_rotate(&self) -> bool {
        self.options.clock.monotonic() >= self.retry_rotation_at
    }

    fn rotate(&mut self) -> io::Result<()> {
        // Closed first: Windows renames no open file.
        self.open = None;
        if let Err(error) = self.move_away() {
            // Better a file that grows too large than a retrieval that is not written.
            self.retry_rotation_at = self.options.clock.monotonic() + RETRY_ROTATION;
            complain("cannot rotate", &self.path, &error);
        }
        self.open = Some(Open::at(&self.options.dir, &self.path)?);
        let dir = &self.options.dir;
        if let Err(error) = names::prune(dir, &self.options.stem, self.options.max_backups) {
            complain("cannot delete old logs in", dir, &error);
        }
        Ok(())
    }

    fn move_away(&self) -> io::Result<()> {
        let now = self.options.clock.now();
        for counter in 0..1000 {
            let name = names::rotated(&self.options.stem, now, counter);
            let target = self.options.dir.join(name);
            if fs::symlink_metadata(&target).is_err() {
                return fs::rename(&self.path, target);
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

impl Open {
    fn at(dir: &Path, path: &Path) -> io::Result<Self> {
        make_dir(dir)?;
        let mut file = open_for_append(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        let mut size = file.seek(SeekFrom::End(0))?;
        if size > 0 {
            // A predecessor that was killed within a line must not spoil ours.
            let mut last = [0];
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
            if last != *b"\n" {
                file.write_all(b"\n")?;
                size += 1;
            }
        }
        Ok(Self { file, size })
    }

    #[cfg(unix)]
    fn is_at(&self, path: &Path) -> bool {
        use std::os::unix::fs::MetadataExt;

        let (Ok(ours), Ok(there)) = (self.file.metadata(), fs::symlink_metadata(path)) else {
            return false;
        };
        (ours.dev(), ours.ino()) == (there.dev(), there.ino())
    }

    #[cfg(not(unix))]
    #[expect(
        clippy::unused_self,
        reason = "no file identity without unsafe code there"
    )]
    fn is_at(&self, path: &Path) -> bool {
        path.exists()
    }
}

/// To standard error: the log itself is what is broken.
pub(super) fn complain(what: &str, path: &Path, error: &io::Error) {
    let text = format!("log: {what} {}: {error}\n", path.display());
    // If that is gone too, nobody is left to tell.
    drop(io::stderr().write_all(text.as_bytes()));
}

#[cfg(unix)]
fn make_dir(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    DirBuilder::new().recursive(true).mode(0o750).create(dir)
}

#[cfg(not(unix))]
fn make_dir(dir: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(dir)
}

#[cfg(unix)]
fn open_for_append(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;

    use rustix::fs::OFlags;
    // NONBLOCK: a FIFO in the file's place must not hang the start; it means nothing to a file.
    let flags = OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o640)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
}

#[cfg(not(unix))]
fn open_for_append(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .open(path)
}

/// Whether at least the next line has room.
fn fits(rest: &[u8], size: u64, max: u64) -> bool {
    let line = rest
        .iter()
        .position(|b| *b == b'\n')
        .map_or(rest.len(), |at| at + 1);
    u64::try_from(line).is_ok_and(|line| size.saturating_add(line) <= max)
}

/// As many whole lines as fit into `room`, but at least one.
fn head(rest: &[u8], room: u64) -> &[u8] {
    let room = usize::try_from(room).unwrap_or(usize::MAX);
    if rest.len() <= room {
        return rest;
    }
    let (within, _) = rest.split_at(room);
    let end = match within.iter().rposition(|b| *b == b'\n') {
        Some(at) => at + 1,
        None => rest
            .iter()
            .position(|b| *b == b'\n')
            .map_or(rest.len(), |at| at + 1),
    };
    rest.get(..end).unwrap_or(rest)
}

/// Where the line that `at` lies in begins.
fn line_start(lines: &[u8], at: usize) -> usize {
    let before = lines.get(..at).unwrap_or_default();
    before
        .iter()
        .rposition(|b| *b == b'\n')
        .map_or(0, |newline| newline + 1)
}
