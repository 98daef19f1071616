use std::{
    fs::File,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use kms_types::Clock;

use super::{LogError, LogOptions, file::RotatingFile};

/// Where lines go.
pub(super) enum Target {
    File(RotatingFile),
    Stream(Stream),
}

/// What whoever started the program reads: nothing of it is kept or rotated here.
pub(super) struct Stream {
    path: PathBuf,
    /// Our own handle, past the buffer and the lock of `io::stdout`.
    file: File,
    clock: Arc<dyn Clock>,
}

/// In the place of a directory, it means standard output.
pub(super) const STDOUT: &str = "/dev/stdout";

// === impl Target ===

impl Target {
    pub(super) fn open(options: LogOptions) -> Result<Self, LogError> {
        if options.dir != Path::new(STDOUT) {
            return RotatingFile::open(options).map(Self::File);
        }
        let path = options.dir;
        let file = stdout().map_err(|source| LogError::Open {
            path: path.clone(),
            source,
        })?;
        Ok(Self::Stream(Stream {
            path,
            file,
            clock: options.clock,
        }))
    }

    pub(super) fn path(&self) -> &Path {
        match self {
            Self::File(file) => file.path(),
            Self::Stream(stream) => &stream.path,
        }
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        match self {
            Self::File(file) => file.clock(),
            Self::Stream(stream) => &*stream.clock,
        }
    }

    /// Writes some of `lines` from `from` on and says up to where.
    pub(super) fn write(&mut self, lines: &[u8], from: usize) -> io::Result<usize> {
        match self {
            Self::File(file) => file.write(lines, from),
            Self::Stream(stream) => stream.write(lines, from),
        }
    }

    /// Asks the disk to keep what was written, if there is one.
    pub(super) fn sync(&self) -> io::Result<()> {
        match self {
            Self::File(file) => file.sync(),
            Self::Stream(_) => Ok(()),
        }
    }
}

// === impl Stream ===

impl Stream {
    fn write(&mut self, lines: &[u8], from: usize) -> io::Result<usize> {
        let rest = lines.get(from..).unwrap_or_default();
        let written = self.file.write(rest)?;
        if written == 0 && !rest.is_empty() {
            return Err(io::ErrorKind::WriteZero.into());
        }
        Ok(from + written)
    }
}

/// Not opened by its name: a process that nobody may look into cannot open what lies in its own
/// `/proc/self/fd`, unless it is root's.
#[cfg(unix)]
fn stdout() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    Ok(io::stdout().as_fd().try_clone_to_owned()?.into())
}

#[cfg(windows)]
fn stdout() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;
    Ok(io::stdout().as_handle().try_clone_to_owned()?.into())
}

#[cfg(test)]
mod tests;
