//! `audit`: whether the log is what was written, and the log as a table.

use std::{fs, io, io::Write, path::PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use kms_crypto::{AuditPublicKey, Keyring};
use kms_server::{
    audit::{Report, Trust, VerifyError, verify},
    dev, serve,
};
use kms_telemetry::{Exit, Failure};
use kms_types::{Env, SystemClock};

use super::{
    daemon::{failed, runtime},
    load,
};

mod table;

/// What is done with a log.
#[derive(Args, Debug)]
pub(crate) struct Audit {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Verifies a log: every line, in order, over rotated files
    #[command(after_help = VERIFY_HELP)]
    Verify(Verify),
    /// Shows a log as a table, the newest line last
    Show(Show),
    /// Prints the public key that verifies a folder's checkpoints
    Key(Key),
}

#[derive(Args, Debug)]
struct Verify {
    /// The log's files, in any order [default: all of the server's]
    files: Vec<PathBuf>,
    #[command(flatten)]
    whose: Whose,
    /// 64 hex digits, or a file that holds them: verifies what checkpoints have signed, and
    /// needs no secret
    #[arg(long, value_name = "KEY")]
    public_key: Option<String>,
}

#[derive(Args, Debug)]
struct Show {
    /// The log's files, in their order [default: all of the server's]
    files: Vec<PathBuf>,
    #[command(flatten)]
    whose: Whose,
    #[command(flatten)]
    filter: table::Filter,
}

#[derive(Args, Debug)]
struct Key {
    #[command(flatten)]
    whose: Whose,
}

/// Whose log, and whose keys.
#[derive(Args, Debug)]
struct Whose {
    /// The folder of `dev`, which must have ended for its keys
    #[arg(long, value_name = "DIR", default_value = ".kms-dev")]
    dir: PathBuf,
    /// The configuration of `serve`, which must have ended for its keys if it is on SQLite
    #[arg(long, value_name = "FILE", conflicts_with = "dir")]
    config: Option<PathBuf>,
}

const VERIFY_HELP: &str = "\
With the folder's keys each line is verified. With --public-key each line in front of a
checkpoint is: enough for auditors, and possible while the server runs. Whoever can write to
the disk can take away the newest lines; lines that come later tell of it, and a copy by
syslog has them.

Exit codes:
  0 all is as it was written, 64 usage, 70 it is not, or cannot be read";

/// Does it.
pub(super) fn run(audit: Audit, env: &Env) -> Result<(), Failure> {
    match audit.command {
        AuditCommand::Verify(verify) => verify_files(&verify, env),
        AuditCommand::Show(show) => {
            let files = show.whose.or_all(show.files, env)?;
            table::show(&files, &show.filter).map_err(failed)
        }
        AuditCommand::Key(key) => {
            let keyring = key.whose.keyring(env)?;
            let keys = keyring
                .audit_keys()
                .map_err(|reason| failed(reason.into()))?;
            print(&format!("{}\n", keys.public().to_hex()));
            Ok(())
        }
    }
}

fn verify_files(asked: &Verify, env: &Env) -> Result<(), Failure> {
    let trust = match &asked.public_key {
        Some(text) => Trust::Public(public_key(text)?),
        None => Trust::Keyring(asked.whose.keyring(env)?),
    };
    let files = asked.whose.or_all(asked.files.clone(), env)?;
    let report = verify(&files, &trust).map_err(|reason| match reason {
        VerifyError::Broken(_) => Failure::new(Exit::Failure, reason),
        VerifyError::Read { .. } => failed(reason.into()),
    })?;
    print(&told(&report, matches!(trust, Trust::Public(_))));
    Ok(())
}

fn told(report: &Report, is_public: bool) -> String {
    let mut lines = vec![format!(
        "{} lines in {} files, {} checkpoints: all as they were written",
        report.lines,
        report.files.len(),
        report.checkpoints
    )];
    lines.extend(report.begins.iter().map(|begin| {
        let (server, seq, file) = (&begin.server, begin.seq, begin.file.display());
        if seq == 1 {
            format!("a chain of {server} begins in {file}")
        } else {
            format!("of {server} from line {seq} on, in {file}: earlier files are not at hand")
        }
    }));
    if is_public && report.unsigned > 0 {
        let unsigned = report.unsigned;
        lines.push(format!(
            "{unsigned} lines behind the last checkpoint are not signed yet: not verified"
        ));
    }
    lines.push(String::new());
    lines.join("\n")
}

// === impl Whose ===

impl Whose {
    fn keyring(&self, env: &Env) -> Result<Keyring, Failure> {
        let runtime = runtime().map_err(failed)?;
        let Some(config) = &self.config else {
            let dir = self.dir.display();
            return runtime
                .block_on(dev::keyring(&self.dir))
                .with_context(|| {
                    format!("no keys from {dir} (of a server that runs, verify with --public-key)")
                })
                .map_err(failed);
        };
        let settings = load(config, env)?.settings;
        runtime
            .block_on(serve::keyring(&settings, env, &SystemClock))
            .map_err(|error| Failure::new(error.exit(), error))
    }

    /// The files that were named, or else all.
    fn or_all(&self, files: Vec<PathBuf>, env: &Env) -> Result<Vec<PathBuf>, Failure> {
        if !files.is_empty() {
            return Ok(files);
        }
        let (dir, found) = match &self.config {
            None => (self.dir.join("audit"), dev::audit_files(&self.dir)),
            Some(config) => {
                let settings = load(config, env)?.settings;
                let path = settings.audit().path;
                (path.with_file_name(""), settings.audit_files())
            }
        };
        found
            .with_context(|| format!("no audit log in {}", dir.display()))
            .map_err(failed)
    }
}

fn public_key(text: &str) -> Result<AuditPublicKey, Failure> {
    let read = fs::read_to_string(text).ok();
    let digits = read.as_deref().unwrap_or(text).trim();
    AuditPublicKey::from_hex(digits).ok_or_else(|| {
        let why = anyhow::anyhow!("--public-key is neither 64 hex digits nor a file with them");
        Failure::new(Exit::Usage, why)
    })
}

fn print(text: &str) {
    // Nobody reads: no reason to fail.
    drop(io::stdout().write_all(text.as_bytes()));
}
