//! `convert`: manifests in, manifests out, and what was lost on the way to standard error.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use ack_secret_manager::convert;
use anyhow::{Context as _, anyhow};
use clap::Args;
use kms_telemetry::{Exit, Failure, say};
use kms_types::RegionId;

use super::{NAME, print};

/// What to convert.
#[derive(Args, Debug)]
pub(crate) struct Convert {
    /// Manifests, all of them together: stores may stand in one file and what uses them in another
    #[arg(value_name = "FILE", help = "Manifests; standard input if none or -")]
    files: Vec<PathBuf>,
    /// The region that the operator runs in; entries of other regions get a kmsEndpoint
    #[arg(long, value_name = "REGION")]
    region: Option<RegionId>,
    /// Fails if anything could not be carried over
    #[arg(long)]
    strict: bool,
}

pub(crate) const HELP: &str = "\
Kinds ExternalSecret, ClusterExternalSecret, SecretStore and ClusterSecretStore of external-secrets.io/v1
and v1beta1. Lines on standard error begin with `lost` for what could not be carried over, and with `note`
for what needs a look.

  kubectl get externalsecrets.external-secrets.io,secretstores.external-secrets.io -A -o yaml |
    ack-secret-manager convert --region=cn-hangzhou > ours.yaml

Exit codes:
  0 done, 64 usage, 70 a file that cannot be read, or with --strict something lost";

pub(super) fn run(convert: &Convert) -> Result<(), Failure> {
    let failed = |error: anyhow::Error| Failure::new(Exit::Failure, error);
    let texts = texts(&convert.files).map_err(failed)?;
    let region = convert.region.as_ref().map(RegionId::as_str);
    let made = convert::convert(texts.iter().map(String::as_str), region)
        .map_err(|error| Failure::new(Exit::Failure, error))?;
    print(made.stream())?;
    for remark in &made.remarks {
        say(NAME, remark);
    }
    let lost = made.remarks.iter().filter(|remark| remark.lost).count();
    if convert.strict && lost > 0 {
        return Err(failed(anyhow!("{lost} things could not be carried over")));
    }
    Ok(())
}

fn texts(files: &[PathBuf]) -> anyhow::Result<Vec<String>> {
    if files.is_empty() {
        return Ok(vec![text(Path::new("-"))?]);
    }
    files.iter().map(|file| text(file)).collect()
}

/// What a file says, or standard input for `-`.
pub(super) fn text(file: &Path) -> anyhow::Result<String> {
    if file == Path::new("-") {
        let mut text = String::new();
        io::stdin()
            .read_to_string(&mut text)
            .context("cannot read standard input")?;
        return Ok(text);
    }
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}
