//! Files that hold secrets: private from their first moment, replaced whole.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write},
    path::Path,
};

use zeroize::Zeroizing;

/// Makes the folder, for its owner alone, if it is not there.
pub(crate) fn make_private_dir(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes the file, for its owner alone; what was there before is replaced at once and
/// whole, and survives a power cut.
pub(crate) fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let fresh = path.with_file_name(name);
    // What a killed run left behind.
    drop(fs::remove_file(&fresh));
    let mut file = create_private(&fresh)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    sync_parent(path)
}

/// The file's text, or nothing if there is no file.
pub(crate) fn read_if_there(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(reason) if reason.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(reason) => Err(reason),
    }
}

/// The text of a file that nobody but its owner (us, or root) has rights to: a plain one,
/// and not by a link.
pub(crate) fn read_private(path: &Path, limit: u64) -> io::Result<Zeroizing<String>> {
    read_shielded(path, limit, OTHERS)
}

/// As [`read_private`], of a file that the group may read.
pub(crate) fn read_of_group(path: &Path, limit: u64) -> io::Result<Zeroizing<String>> {
    read_shielded(path, limit, OTHERS & !0o040)
}

/// Rights of group and others.
const OTHERS: u32 = 0o077;

fn read_shielded(path: &Path, limit: u64, refused: u32) -> io::Result<Zeroizing<String>> {
    // Opening a FIFO or a device waits or acts.
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a plain file"));
    }
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    }
    let file = options.open(path)?;
    check_shielded(&file, refused)?;
    let mut text = Zeroizing::new(String::new());
    file.take(limit).read_to_string(&mut text)?;
    Ok(text)
}

/// Looked at once it is open, since its name may mean another file meanwhile.
#[cfg(unix)]
fn check_shielded(file: &File, refused: u32) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;

    let metadata = file.metadata()?;
    let us = rustix::process::geteuid().as_raw();
    if !metadata.is_file() {
        Err(io::Error::other("it is not a plain file"))
    } else if metadata.uid() != us && metadata.uid() != 0 {
        Err(io::Error::other("it belongs to another user"))
    } else if metadata.mode() & refused != 0 {
        Err(io::Error::other("others than its owner have rights to it"))
    } else {
        Ok(())
    }
}

#[cfg(not(unix))]
fn check_shielded(_file: &File, _refused: u32) -> io::Result<()> {
    Ok(())
}

fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The file, to be written to at its end; for its owner alone, and not by a link.
pub(crate) fn append_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NOFOLLOW;
        options.mode(0o600);
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    }
    options.open(path)
}

/// A rename is durable once the folder is.
#[cfg(unix)]
fn sync_parent(path: &Path) -> io::Result<()> {
    path.parent()
        .map_or(Ok(()), |parent| File::open(parent)?.sync_all())
}

#[cfg(not(unix))]
fn sync_parent(_path: &Path) -> io::Result<()> {
    Ok(())
}
