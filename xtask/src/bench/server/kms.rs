//! kms-server as `init` makes it and `serve` runs it.

use std::{
    fs::{self, Permissions},
    io::{BufRead as _, BufReader},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::{
    load::Identity,
    stand::{Stand, Subject},
};
use crate::{bench::process::Process, tools};

/// Where its records lie.
pub(in crate::bench) enum Place {
    /// In its folder.
    Sqlite,
    /// There.
    Postgres(String),
}

/// A server's folder, whether it runs or not.
pub(in crate::bench) struct Installation<'a> {
    program: &'a Path,
    folder: PathBuf,
    subject: Subject,
    secrets: u32,
}

/// All that is not a server's default, but for where things lie: the load is one user's.
pub(in crate::bench) const LIMITS: &str = "[limits]\ncalls_per_second = 0\n";

// === impl Installation ===

impl<'a> Installation<'a> {
    /// A folder with a configuration, which ends with `more`, and nothing else.
    pub(in crate::bench) fn prepare(
        program: &'a Path,
        folder: PathBuf,
        place: &Place,
        secrets: u32,
        more: &str,
    ) -> Result<Self> {
        let subject = match place {
            Place::Sqlite => Subject::Sqlite,
            Place::Postgres(_) => Subject::Postgres,
        };
        let own = Self {
            program,
            folder,
            subject,
            secrets,
        };
        fs::create_dir_all(&own.folder).context("making the server's folder")?;
        // It may hold the address of a database.
        fs::write(own.config(), configuration(&own.folder, place, more))
            .and_then(|()| fs::set_permissions(own.config(), Permissions::from_mode(0o600)))
            .context("writing the configuration")?;
        Ok(own)
    }

    /// Makes its root key, its store and its first user.
    pub(in crate::bench) fn init(&self) -> Result<()> {
        let mut init = self.command("init");
        init.arg("--access-key-file").arg(self.access_key());
        tools::run(init.stdout(Stdio::null()))
    }

    /// Writes everything into that file.
    pub(super) fn backup(&self, file: &Path) -> Result<()> {
        tools::run(self.command("backup").arg(file).stdout(Stdio::null()))
    }

    /// Makes it what another one was: its root key, its user and its backup.
    pub(super) fn restore(&self, other: &Self, file: &Path) -> Result<()> {
        self.take_keys(other)?;
        tools::run(self.command("restore").arg(file).stdout(Stdio::null()))
    }

    /// Gives it another one's root key and user, for they share a store.
    pub(in crate::bench) fn take_keys(&self, other: &Self) -> Result<()> {
        for (from, to) in [
            (other.root_key(), self.root_key()),
            (other.access_key(), self.access_key()),
        ] {
            fs::copy(from, to).context("copying a key")?;
        }
        Ok(())
    }

    /// Starts it; `key` is what is encrypted with, made if there is none yet.
    pub(in crate::bench) fn start(&self, key: Option<String>) -> Result<Stand> {
        let mut process = Process::start(
            "kms-server",
            self.command("serve")
                .stdin(Stdio::null())
                .stdout(Stdio::piped()),
        )?;
        let said = process.stdout().context("kms-server has no output")?;
        let address = address(BufReader::new(said).lines().map_while(Result::ok))?;
        let key = match key {
            Some(key) => key,
            None => self.make_key(&address)?,
        };
        Ok(Stand {
            subject: self.subject,
            name: format!("kms-server on {}", self.subject),
            process,
            address,
            identity: Identity::AccessKey(self.access_key()),
            key,
            secrets: self.secrets,
            audit: self.folder.join("data/audit"),
            audit_mark: r#""kind":"call""#,
            answered: 0,
        })
    }

    fn make_key(&self, address: &str) -> Result<String> {
        let output = Command::new("sh")
            .args(["-c", ". \"$1\" && exec \"$2\" ctl key create -o json", "sh"])
            .arg(self.access_key())
            .arg(self.program)
            .env("KMS_ENDPOINT", address)
            .stderr(Stdio::inherit())
            .output()
            .context("starting kms-server ctl")?;
        let answer: Value = serde_json::from_slice(&output.stdout).context("reading a key")?;
        let id = answer.pointer("/KeyMetadata/KeyId").and_then(Value::as_str);
        Ok(id.context("a key has no id")?.to_owned())
    }

    fn command(&self, what: &str) -> Command {
        let mut command = Command::new(self.program);
        command.arg(what).arg("--config").arg(self.config());
        command
    }

    fn config(&self) -> PathBuf {
        self.folder.join("kms-server.toml")
    }

    fn access_key(&self) -> PathBuf {
        self.folder.join("access-key")
    }

    fn root_key(&self) -> PathBuf {
        self.folder.join("root.key")
    }
}

fn configuration(folder: &Path, place: &Place, more: &str) -> String {
    let folder = folder.display();
    let store = match place {
        Place::Sqlite => String::new(),
        Place::Postgres(url) => format!("url = \"{url}\"\n"),
    };
    format!(
        "[server]\ndata_dir = \"{folder}/data\"\n\
         [listen]\nhttps = []\nhttp = [\"127.0.0.1:0\"]\ninstance = []\nadmin = []\n\
         [root_key]\ncurrent = \"file:{folder}/root.key\"\nsame_filesystem = true\n\
         [store]\n{store}{more}"
    )
}

/// Where it listens, once it says that it is ready.
fn address(mut lines: impl Iterator<Item = String>) -> Result<String> {
    let mut address = None;
    for line in lines.by_ref() {
        if let Some(there) = line.strip_prefix("http ") {
            address = Some(there.to_owned());
        }
        if line == "ready" {
            return address.context("kms-server listens nowhere");
        }
    }
    bail!("kms-server ended at once")
}

#[cfg(test)]
mod tests;
