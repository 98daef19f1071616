//! systemd's credentials: a folder that only the service sees, named by
//! CREDENTIALS_DIRECTORY (systemd.exec(5)).

use std::{
    fs::OpenOptions,
    io::Read as _,
    path::{Path, PathBuf},
};

use kms_crypto::RootKey;
use kms_types::Env;
use zeroize::Zeroizing;

use super::SourceError;

/// More than a key has.
const READ_LIMIT: u64 = 128;

pub(super) fn load(name: &str, env: &Env) -> Result<RootKey, SourceError> {
    let path = env
        .get("CREDENTIALS_DIRECTORY")
        .map(|dir| PathBuf::from(dir).join(name))
        .filter(|path| path.exists())
        .ok_or_else(|| SourceError::NoCredential(name.to_owned()))?;
    let refuse = |why: String| SourceError::Credential {
        name: name.to_owned(),
        why,
    };
    let text = read(&path).map_err(refuse)?;
    let digits = text.strip_suffix('\n').unwrap_or(&text);
    RootKey::from_hex(digits).ok_or_else(|| refuse("it must hold exactly 64 hex digits".to_owned()))
}

fn read(path: &Path) -> Result<Zeroizing<String>, String> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    }
    let file = options.open(path).map_err(|why| why.to_string())?;
    check(&file)?;
    let mut text = Zeroizing::new(String::new());
    file.take(READ_LIMIT)
        .read_to_string(&mut text)
        .map_err(|why| why.to_string())?;
    Ok(text)
}

/// For a service that is not root, systemd gives the file to root and lets the service in
/// by an access control list, whose mask shows as the group's bits.
#[cfg(unix)]
fn check(file: &std::fs::File) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt;

    let metadata = file.metadata().map_err(|why| why.to_string())?;
    let us = rustix::process::geteuid().as_raw();
    if !metadata.is_file() {
        Err("it is not a plain file".to_owned())
    } else if metadata.uid() != us && metadata.uid() != 0 {
        Err("it belongs to another user".to_owned())
    } else if metadata.mode() & 0o037 != 0 {
        Err("others have rights to it".to_owned())
    } else {
        Ok(())
    }
}

#[cfg(not(unix))]
fn check(_file: &std::fs::File) -> Result<(), String> {
    Ok(())
}
