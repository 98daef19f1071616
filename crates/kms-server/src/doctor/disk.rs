use std::{
    fs::{self, Metadata, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

use super::Verdict;

/// A server that has less goes on for some hours.
#[cfg(unix)]
const LITTLE: u64 = 1 << 30;
/// One that has less is about to stop.
#[cfg(unix)]
const NONE: u64 = 64 << 20;

/// What others than the owner may do there, if anything.
#[cfg(unix)]
pub(super) fn others_may(metadata: &Metadata, path: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;

    let mode = metadata.permissions().mode();
    (mode & 0o027 != 0).then(|| format!("others may look into {0}: chmod 0700 {0}", path.display()))
}

#[cfg(not(unix))]
pub(super) fn others_may(_metadata: &Metadata, _path: &Path) -> Option<String> {
    None
}

/// Writes a file, to the disk, and takes it away again.
pub(super) fn write(dir: &Path) -> io::Result<()> {
    let path = dir.join(".kms-server-doctor");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    let mut file = options.open(&path)?;
    let written = file
        .write_all(b"can be written")
        .and_then(|()| file.sync_all());
    written.and(fs::remove_file(&path))
}

/// How much room is left.
#[cfg(unix)]
pub(super) fn room(dir: &Path) -> (Verdict, String) {
    match rustix::fs::statvfs(dir) {
        Ok(stat) => {
            let free = stat.f_bavail.saturating_mul(stat.f_frsize);
            let verdict = match free {
                free if free < NONE => Verdict::Fail,
                free if free < LITTLE => Verdict::Warn,
                _ => Verdict::Ok,
            };
            (verdict, format!("{} MiB free", free >> 20))
        }
        Err(reason) => (
            Verdict::Warn,
            format!("cannot tell the room left: {reason}"),
        ),
    }
}

#[cfg(not(unix))]
pub(super) fn room(_dir: &Path) -> (Verdict, String) {
    (Verdict::Ok, "can be written".to_owned())
}
