//! YAML, by Python's parser: the suite needs no other.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::{test::Stage, tools};

/// A schema for each kind of each version of Kubernetes, and the parser that it brings.
const PACKAGES: &[&str] = &["kubernetes-validate==1.37.0", "PyYAML==6.0.4"];

/// The first version with init containers that stay by default, and the newest with a schema.
pub(crate) const KUBERNETES: [&str; 2] = ["1.29", "1.34"];

const PRINT: &str = "\
import json, sys, yaml
print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))";

/// The documents of a YAML file.
pub(crate) fn documents(stage: &mut Stage<'_>, file: &Path) -> Result<Vec<Value>> {
    let printed = stage.succeed(
        Command::new(yaml_python(stage)?)
            .args(["-c", PRINT])
            .arg(file),
    )?;
    serde_json::from_str(&printed).with_context(|| format!("reading {}", file.display()))
}

/// Validates all objects of a YAML file against a version of Kubernetes, unknown fields included.
pub(crate) fn validate(stage: &mut Stage<'_>, file: &Path, version: &str) -> Result<()> {
    let mut command = Command::new(yaml_python(stage)?);
    command
        .args(["-m", "kubernetes_validate", "--strict"])
        .args(["--kubernetes-version", version])
        .arg(file);
    stage.succeed(&mut command)?;
    Ok(())
}

/// Python that reads YAML.
pub(crate) fn yaml_python(stage: &Stage<'_>) -> Result<PathBuf> {
    tools::python_with(&stage.project.cache, "yaml", PACKAGES)
}
