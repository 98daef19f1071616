//! A folder with a configuration, and the program's commands in it.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use kms_testkit::Postgres;
use kms_wire::sign::SigningKey;
use tempfile::{TempDir, tempdir};

/// What `init` works in.
pub(crate) struct Place {
    dir: TempDir,
    url: Option<String>,
}

/// What a command said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        let place = Self {
            dir: tempdir().unwrap(),
            url: None,
        };
        place.configure("");
        place
    }

    /// A database of its own.
    pub(crate) fn postgres() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let url = runtime.block_on(Postgres::shared().database());
        Self::on(&url)
    }

    /// On a database that others may use.
    pub(crate) fn on(url: &str) -> Self {
        let place = Self {
            dir: tempdir().unwrap(),
            url: Some(url.to_owned()),
        };
        place.configure("");
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn url(&self) -> &str {
        self.url.as_deref().unwrap()
    }

    /// Writes the configuration anew, with more at its end.
    pub(crate) fn configure(&self, more: &str) {
        let dir = self.dir.path().display();
        let mut text = format!("[server]\ndata_dir = '{dir}/data'\n");
        if !more.contains("[listen]") {
            text += "[listen]\nhttps = ['127.0.0.1:0']\nhttp = ['127.0.0.1:0']\n\
                     instance = ['127.0.0.1:0']\nadmin = ['127.0.0.1:0']\n";
        }
        if !more.contains("[root_key]") {
            writeln!(
                text,
                "[root_key]\ncurrent = 'file:{dir}/root.key'\nsame_filesystem = true"
            )
            .unwrap();
        }
        if let Some(url) = &self.url {
            writeln!(text, "[store]\nurl = '{url}'").unwrap();
        }
        text += more;
        let path = self.config();
        fs::write(&path, text).unwrap();
        chmod(&path, 0o600);
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.path("kms-server.toml")
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kms-server"));
        command
            .args(words)
            .arg("--config")
            .arg(self.config())
            .env_remove("NOTIFY_SOCKET")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Said {
        said(&mut self.command(words))
    }

    /// Runs what must succeed.
    pub(crate) fn done(&self, words: &[&str]) -> String {
        let said = self.run(words);
        assert_eq!(said.code, Some(0), "{words:?}: {said:?}");
        said.out
    }

    /// `init`; what the administrator signs with.
    pub(crate) fn init(&self) -> SigningKey {
        key(&self.done(&["init"]))
    }
}

pub(crate) fn said(command: &mut Command) -> Said {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    Said {
        code: status.code(),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    }
}

/// The AccessKey in lines for `source`.
pub(crate) fn key(lines: &str) -> SigningKey {
    let value = |name: &str| {
        let prefix = format!("export {name}=");
        let found = lines.lines().find_map(|line| line.strip_prefix(&prefix));
        found.unwrap_or_else(|| panic!("no {name}")).to_owned()
    };
    SigningKey {
        access_key_id: value("ALIBABA_CLOUD_ACCESS_KEY_ID").parse().unwrap(),
        access_key_secret: value("ALIBABA_CLOUD_ACCESS_KEY_SECRET").as_str().into(),
        security_token: None,
    }
}

pub(crate) fn chmod(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;

    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}
