//! kms-server as `init` makes it and `serve` runs it.

use std::{
    fs::{self, Permissions},
    io::{BufRead as _, BufReader},
    os::unix::fs::PermissionsExt as _,
    path::Path,
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
pub(super) enum Place {
    /// In its folder.
    Sqlite,
    /// There.
    Postgres(String),
}

/// All that is not a server's default, but for where things lie: the load is one user's.
pub(super) const LIMITS: &str = "[limits]\ncalls_per_second = 0\n";

/// Makes one in a folder of its own, and a key to encrypt with.
pub(super) fn start(
    program: &Path,
    folder: &Path,
    place: &Place,
    (subject, secrets): (Subject, u32),
) -> Result<Stand> {
    fs::create_dir_all(folder).context("making the server's folder")?;
    let config = folder.join("kms-server.toml");
    let access_key = folder.join("access-key");
    fs::write(&config, configuration(folder, place))
        .and_then(|()| fs::set_permissions(&config, Permissions::from_mode(0o600)))
        .context("writing the configuration")?;
    tools::run(
        Command::new(program)
            .args(["init", "--config"])
            .arg(&config)
            .arg("--access-key-file")
            .arg(&access_key)
            .stdout(Stdio::null()),
    )?;
    let mut process = Process::start(
        "kms-server",
        Command::new(program)
            .args(["serve", "--config"])
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::piped()),
    )?;
    let said = process.stdout().context("kms-server has no output")?;
    let address = address(BufReader::new(said).lines().map_while(Result::ok))?;
    let key = key(program, &access_key, &address)?;
    Ok(Stand {
        subject,
        name: format!("kms-server on {subject}"),
        process,
        address,
        identity: Identity::AccessKey(access_key),
        key,
        secrets,
        audit: folder.join("data/audit"),
        audit_mark: r#""kind":"call""#,
    })
}

fn configuration(folder: &Path, place: &Place) -> String {
    let folder = folder.display();
    let store = match place {
        Place::Sqlite => String::new(),
        Place::Postgres(url) => format!("url = \"{url}\"\n"),
    };
    format!(
        "[server]\ndata_dir = \"{folder}/data\"\n\
         [listen]\nhttps = []\nhttp = [\"127.0.0.1:0\"]\ninstance = []\nadmin = []\n\
         [root_key]\ncurrent = \"file:{folder}/root.key\"\nsame_filesystem = true\n\
         [store]\n{store}{LIMITS}"
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

/// Makes a key; its id.
fn key(program: &Path, access_key: &Path, address: &str) -> Result<String> {
    let output = Command::new("sh")
        .args(["-c", ". \"$1\" && exec \"$2\" ctl key create -o json", "sh"])
        .arg(access_key)
        .arg(program)
        .env("KMS_ENDPOINT", address)
        .stderr(Stdio::inherit())
        .output()
        .context("starting kms-server ctl")?;
    let answer: Value = serde_json::from_slice(&output.stdout).context("reading a key")?;
    let id = answer.pointer("/KeyMetadata/KeyId").and_then(Value::as_str);
    Ok(id.context("a key has no id")?.to_owned())
}

#[cfg(test)]
mod tests;
