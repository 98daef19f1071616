use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use kms_types::Secret;
use zeroize::Zeroizing;

use super::{TokenError, clean};
use crate::private_file;

/// More than any header could carry.
const MAX_LEN: u64 = 4096;

/// Writes a token of 256 random bits: hexadecimal, without a line feed, for clients send
/// the file as it is (seed 000). Mode 0640 from its first moment; a file that is there
/// is replaced at once and whole.
///
/// # Errors
/// [`TokenError::Write`] or [`TokenError::Random`].
pub fn write_fresh(path: &Path) -> Result<(), TokenError> {
    place(path, |temporary| fs::rename(temporary, path)).map(drop)
}

/// The file's token; a fresh one, and a new file, if there is none.
pub(super) fn read_or_create(path: &Path) -> Result<Secret<String>, TokenError> {
    match read(path) {
        Err(TokenError::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
        other => return other,
    }
    let made = place(path, |temporary| {
        // A link never replaces: if someone else made the file meanwhile, theirs counts.
        match fs::hard_link(temporary, path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(_no_links_here) => fs::rename(temporary, path).map(|()| true),
            Ok(()) => Ok(true),
        }
    });
    match made? {
        (token, true) => Ok(token),
        (_, false) => read(path),
    }
}

/// The file's token, if nobody but its owner and group can get at it.
pub(super) fn read(path: &Path) -> Result<Secret<String>, TokenError> {
    let wrap = |source| TokenError::Read {
        path: path.to_owned(),
        source,
    };
    let file = open(path).map_err(wrap)?;
    let metadata = file.metadata().map_err(wrap)?;
    if !metadata.is_file() {
        return Err(wrap(io::Error::other("it is not a regular file")));
    }
    if is_exposed(&metadata) {
        return Err(TokenError::Exposed {
            path: path.to_owned(),
        });
    }
    // Room for all of it at once: a growing buffer would leave copies behind.
    let mut text = Zeroizing::new(String::with_capacity(4097));
    file.take(MAX_LEN + 1)
        .read_to_string(&mut text)
        .map_err(wrap)?;
    if text.len() > 4096 {
        return Err(wrap(io::Error::other("it is longer than 4096 bytes")));
    }
    clean(&text, || path.display().to_string())
}

/// Writes a fresh token beside `path` and lets `publish` give it its name.
fn place<T>(
    path: &Path,
    publish: impl FnOnce(&Path) -> io::Result<T>,
) -> Result<(Secret<String>, T), TokenError> {
    let token = fresh()?;
    let temporary = temporary_beside(path)?;
    let written = private_file::create(&temporary, true)
        .and_then(|mut file| {
            // EXPOSE: into its file, mode 0640.
            file.write_all(token.expose().as_bytes())?;
            file.sync_all()
        })
        .and_then(|()| publish(&temporary));
    match written {
        Ok(done) => {
            drop(fs::remove_file(&temporary));
            Ok((token, done))
        }
        Err(source) => {
            drop(fs::remove_file(&temporary));
            Err(TokenError::Write {
                path: path.to_owned(),
                source,
            })
        }
    }
}

fn fresh() -> Result<Secret<String>, TokenError> {
    let mut bytes = Zeroizing::new([0; 32]);
    fill(&mut *bytes)?;
    let mut text = String::with_capacity(64);
    hex(&*bytes, &mut text);
    Ok(Secret::new(text))
}

fn temporary_beside(path: &Path) -> Result<PathBuf, TokenError> {
    let mut bytes = [0; 8];
    fill(&mut bytes)?;
    let mut name = ".token-".to_owned();
    hex(&bytes, &mut name);
    Ok(path.with_file_name(name))
}

fn fill(bytes: &mut [u8]) -> Result<(), TokenError> {
    aws_lc_rs::rand::fill(bytes).map_err(|_unspecified| TokenError::Random)
}

fn hex(bytes: &[u8], into: &mut String) {
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(into, "{byte:02x}");
    }
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt};
    // A FIFO in the file's place must not hang the start. Symbolic links are followed:
    // Kubernetes mounts every file of a volume as one.
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::CLOEXEC;
    OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(unix)]
fn is_exposed(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o007 != 0
}

#[cfg(not(unix))]
fn is_exposed(_metadata: &fs::Metadata) -> bool {
    false
}
