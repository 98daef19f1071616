use std::{
    ffi::{OsStr, OsString},
    fs, io,
    path::{Path, PathBuf},
};

use super::Settings;
use crate::audit;

/// The audit log.
#[derive(Clone, Debug)]
pub struct AuditSettings {
    /// The file, if it is not in its usual place.
    pub file: Option<PathBuf>,
    /// What this server is called in its lines; the machine's name if nobody says.
    pub server: Option<String>,
    /// When the next file begins, in bytes.
    pub max_size: u64,
    /// Room on the disk that is set aside, in bytes.
    pub reserve: u64,
    /// A second place: a socket of syslog.
    pub socket: Option<PathBuf>,
}

// === impl Settings ===

impl Settings {
    /// Where each call is written down.
    pub fn audit(&self) -> audit::Options {
        let usual = || self.data_dir.join("audit/audit.log");
        audit::Options {
            path: self.audit.file.clone().unwrap_or_else(usual),
            server: self.audit.server.clone().unwrap_or_else(machine),
            max_size: self.audit.max_size,
            reserve: self.audit.reserve,
            socket: self.audit.socket.clone(),
        }
    }

    /// Where commands beside the server write down what they do: a chain of their own.
    pub fn operations_audit(&self) -> audit::Options {
        let own = self.audit();
        audit::Options {
            path: own.path.with_file_name("operations.log"),
            server: format!("{} (operations)", own.server),
            reserve: 0,
            ..own
        }
    }

    /// All files of both logs that are there, older ones among them.
    ///
    /// # Errors
    /// If their folder cannot be read.
    pub fn audit_files(&self) -> io::Result<Vec<PathBuf>> {
        let own = self.audit().path;
        let stems = [&own, &self.operations_audit().path]
            .map(|path| path.file_stem().unwrap_or_default().to_owned());
        let is_ours = |path: &PathBuf| {
            let Some(name) = path.file_stem().and_then(|stem| stem.to_str()) else {
                return false;
            };
            let stem = |stem: &OsString| {
                let rest = stem.to_str().and_then(|stem| name.strip_prefix(stem));
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            };
            // Files that were rotated away end in .log, whatever the log's own name.
            let extensions = [own.extension(), Some(OsStr::new("log"))];
            extensions.contains(&path.extension()) && stems.iter().any(stem)
        };
        let folder = own.parent().unwrap_or(Path::new("."));
        let files: io::Result<Vec<_>> = fs::read_dir(folder)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect();
        let mut files = files?;
        files.retain(is_ours);
        files.sort();
        Ok(files)
    }
}

/// As Linux tells it; nothing depends on it but what lines are called.
fn machine() -> String {
    let told = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = told.trim();
    if name.is_empty() { "kms-server" } else { name }.to_owned()
}
