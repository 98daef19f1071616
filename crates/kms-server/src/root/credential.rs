//! systemd's credentials: a folder that only the service sees, named by
//! CREDENTIALS_DIRECTORY (systemd.exec(5)).

use std::path::PathBuf;

use kms_crypto::RootKey;
use kms_types::Env;

use super::SourceError;
use crate::files::read_of_group;

/// More than a key has.
const READ_LIMIT: u64 = 128;

/// For a service that is not root, systemd gives the file to root and lets the service in
/// by an access control list, whose mask shows as the group's bits.
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
    let text = read_of_group(&path, READ_LIMIT).map_err(|reason| refuse(reason.to_string()))?;
    let digits = text.strip_suffix('\n').unwrap_or(&text);
    RootKey::from_hex(digits).ok_or_else(|| refuse("it must hold exactly 64 hex digits".to_owned()))
}
