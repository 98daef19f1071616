//! deploy/terraform: its files, and where Terraform and the provider are at hand, `apply` as its
//! README says it: the real provider makes all steps against a `kms-server`, changes and destroys
//! them.
//!
//! Nothing is downloaded here. The provider is the folder that `KMS_TERRAFORM_PROVIDER` names;
//! `TERRAFORM` names another program than the one of the PATH, such as `tofu`.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

use super::{Stage, scenario};
use crate::tools;

const PROVIDER: &str = "KMS_TERRAFORM_PROVIDER";

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let folder = stage.project.root.join("deploy/terraform");
    let told = steps_are_those_of_the_page(&folder);
    stage.check("README-names-each-step", told);
    let env = crate::environment();
    let terraform = env.get("TERRAFORM").unwrap_or("terraform");
    if !tools::on_path(terraform) {
        stage.say(&format!(
            "there is no {terraform}: its files were not looked at by it, nor applied"
        ));
        return Ok(());
    }
    let formatted = stage.succeed(
        Command::new(terraform)
            .args(["fmt", "-check", "-diff", "-recursive"])
            .arg(&folder),
    );
    stage.check("files-are-formatted", formatted.map(drop));
    let Some(provider) = env.get(PROVIDER) else {
        stage.say(&format!(
            "{PROVIDER} names no folder with the provider: the steps were not applied"
        ));
        return Ok(());
    };
    let config = stage.project.target.join("suite/terraform.rc");
    fs::write(&config, use_the_one_in(Path::new(provider))?)
        .with_context(|| format!("writing {}", config.display()))?;
    let mut command = Command::new(folder.join("apply"));
    command
        .env("TERRAFORM", terraform)
        .env("TF_CLI_CONFIG_FILE", config)
        .env("CHECKPOINT_DISABLE", "1");
    scenario::play(stage, "apply", &mut command)
}

/// Terraform's own configuration: this provider and no other, whatever the version.
fn use_the_one_in(folder: &Path) -> Result<String> {
    let found = fs::read_dir(folder)
        .with_context(|| format!("{PROVIDER} names {}", folder.display()))?
        .flatten()
        .any(|entry| {
            let name = entry.file_name();
            name.to_string_lossy()
                .starts_with("terraform-provider-alicloud")
        });
    ensure!(
        found,
        "{PROVIDER} names {}, where no terraform-provider-alicloud lies",
        folder.display()
    );
    let folder = std::path::absolute(folder).context(PROVIDER)?;
    // JSON's strings are also those of this file.
    let folder = serde_json::to_string(&folder)?;
    Ok(format!(
        "provider_installation {{\n  dev_overrides {{\n    \"aliyun/alicloud\" = {folder}\n  }}\n}}\n"
    ))
}

/// The table of steps and the folders.
fn steps_are_those_of_the_page(folder: &Path) -> Result<()> {
    let page = fs::read_to_string(folder.join("README.md")).context("reading its README")?;
    let named: BTreeSet<&str> = page.lines().filter_map(step_of_row).collect();
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let folders: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.join("main.tf").is_file())
        .collect();
    let there: BTreeSet<&str> = folders
        .iter()
        .filter_map(|path| path.file_name()?.to_str())
        .collect();
    ensure!(!there.is_empty(), "there is no step");
    ensure!(
        named == there,
        "README's table has {named:?}, and there are {there:?}"
    );
    Ok(())
}

/// `| [step1-share](step1-share) | …`
fn step_of_row(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix("| [")?.split_once("](")?;
    Some(name)
}

#[cfg(test)]
mod tests;
