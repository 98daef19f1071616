//! `audit`: whether the log is what was written, and the log as a table.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use kms_crypto::AuditPublicKey;
use kms_server::{
    audit::{Report, Trust, VerifyError, verify},
    dev,
};
use kms_telemetry::{Exit, Failure};

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
    /// The log's files, in any order [default: all of DIR/audit]
    files: Vec<PathBuf>,
    /// The folder of the server, which must have ended
    #[arg(long, value_name = "DIR", default_value = ".kms-dev")]
    dir: PathBuf,
    /// 64 hex digits, or a file that holds them: verifies what checkpoints have signed, and
    /// needs no secret
    #[arg(long, value_name = "KEY")]
    public_key: Option<String>,
}

#[derive(Args, Debug)]
struct Show {
    /// The log's files, in their order [default: all of DIR/audit]
    files: Vec<PathBuf>,
    /// The folder of the server
    #[arg(long, value_name = "DIR", default_value = ".kms-dev")]
    dir: PathBuf,
    #[command(flatten)]
    filter: table::Filter,
}

#[derive(Args, Debug)]
struct Key {
    /// The folder of the server, which must have ended
    #[arg(long, value_name = "DIR", default_value = ".kms-dev")]
    dir: PathBuf,
}

const VERIFY_HELP: &str = "\
With the folder's keys each line is verified. With --public-key each line in front of a
checkpoint is: enough for auditors, and possible while the server runs. Whoever can write to
the disk can take away the newest lines; lines that come later tell of it, and a copy by
syslog has them.

Exit codes:
  0 all is as it was written, 64 usage, 70 it is not, or cannot be read";

/// Does it.
pub(super) fn run(audit: Audit) -> Result<(), Failure> {
    match audit.command {
        AuditCommand::Verify(verify) => verify_files(&verify),
        AuditCommand::Show(show) => {
            let files = or_all(show.files, &show.dir)?;
            table::show(&files, &show.filter).map_err(failed)
        }
        AuditCommand::Key(key) => {
            let keyring = keyring(&key.dir)?;
            let keys = keyring
                .audit_keys()
                .map_err(|reason| failed(reason.into()))?;
            print(&format!("{}\n", keys.public().to_hex()));
            Ok(())
        }
    }
}

fn verify_files(asked: &Verify) -> Result<(), Failure> {
    let trust = match &asked.public_key {
        Some(text) => Trust::Public(public_key(text)?),
        None => Trust::Keyring(keyring(&asked.dir)?),
    };
    let files = or_all(asked.files.clone(), &asked.dir)?;
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

fn keyring(dir: &Path) -> Result<kms_crypto::Keyring, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|reason| failed(reason.into()))?;
    runtime
        .block_on(dev::keyring(dir))
        .with_context(|| {
            let dir = dir.display();
            format!("no keys from {dir} (of a server that runs, verify with --public-key)")
        })
        .map_err(failed)
}

fn public_key(text: &str) -> Result<AuditPublicKey, Failure> {
    let read = fs::read_to_string(text).ok();
    let digits = read.as_deref().unwrap_or(text).trim();
    AuditPublicKey::from_hex(digits).ok_or_else(|| {
        let why = anyhow::anyhow!("--public-key is neither 64 hex digits nor a file with them");
        Failure::new(Exit::Usage, why)
    })
}

fn or_all(files: Vec<PathBuf>, dir: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !files.is_empty() {
        return Ok(files);
    }
    dev::audit_files(dir)
        .with_context(|| format!("no audit log in {}", dir.display()))
        .map_err(failed)
}

fn failed(error: anyhow::Error) -> Failure {
    Failure::new(Exit::Failure, error)
}

fn print(text: &str) {
    // Nobody reads: no reason to fail.
    drop(io::stdout().write_all(text.as_bytes()));
}
