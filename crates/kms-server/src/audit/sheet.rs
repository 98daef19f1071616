//! What the log asks of a file, so that tests can let a disk fail.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::Path,
};

/// An open file that is appended to.
pub(super) trait Sheet: Send {
    /// Writes all of it, or fails.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Asks the disk to keep what was written.
    fn sync(&mut self) -> io::Result<()>;

    /// Takes back what was written beyond this size.
    fn cut(&mut self, size: u64) -> io::Result<()>;

    /// Sets room aside behind this size.
    fn reserve(&mut self, size: u64, room: u64) -> io::Result<()>;

    /// Whether the path still leads here.
    fn is_at(&self, path: &Path) -> bool;
}

/// How sheets are opened.
pub(super) type OpenSheet = Box<dyn Fn(&Path) -> io::Result<Box<dyn Sheet>> + Send>;

/// On the machine's own disk: for its owner alone, made if it is not there, never through
/// a link.
pub(super) fn open(path: &Path) -> io::Result<Box<dyn Sheet>> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;

        use rustix::fs::OFlags;
        // NONBLOCK: a FIFO in the file's place must not hang the start.
        let flags = OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        options.mode(0o600).custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    #[cfg(unix)]
    if std::os::unix::fs::MetadataExt::mode(&found) & 0o077 != 0 {
        return Err(io::Error::other("others have rights to it: chmod 0600"));
    }
    Ok(Box::new(file))
}

impl Sheet for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn cut(&mut self, size: u64) -> io::Result<()> {
        self.set_len(size)
    }

    #[cfg(target_os = "linux")]
    fn reserve(&mut self, size: u64, room: u64) -> io::Result<()> {
        use rustix::fs::{FallocateFlags, fallocate};
        Ok(fallocate(&*self, FallocateFlags::KEEP_SIZE, size, room)?)
    }

    #[cfg(not(target_os = "linux"))]
    fn reserve(&mut self, _size: u64, _room: u64) -> io::Result<()> {
        Ok(())
    }

    #[cfg(unix)]
    fn is_at(&self, path: &Path) -> bool {
        use std::os::unix::fs::MetadataExt;

        let (Ok(own), Ok(there)) = (self.metadata(), std::fs::symlink_metadata(path)) else {
            return false;
        };
        (own.dev(), own.ino()) == (there.dev(), there.ino())
    }

    #[cfg(not(unix))]
    fn is_at(&self, path: &Path) -> bool {
        path.exists()
    }
}
