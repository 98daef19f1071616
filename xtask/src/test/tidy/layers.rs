//! A crate uses only what its row of the plan lets it use (design §3). What only its tests
//! use is free.

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::{Stage, none};
use crate::tools;

/// Our crates, and which of ours each may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("kms-types", &[]),
    ("kms-telemetry", &["kms-types"]),
    ("kms-wire", &["kms-types"]),
    ("kms-crypto", &["kms-types"]),
    ("kms-store", &["kms-types"]),
    (
        "kms-credentials",
        &["kms-types", "kms-telemetry", "kms-wire"],
    ),
    (
        "kms-service",
        &[
            "kms-types",
            "kms-telemetry",
            "kms-wire",
            "kms-crypto",
            "kms-store",
        ],
    ),
    (
        "kms-client",
        &["kms-types", "kms-telemetry", "kms-wire", "kms-credentials"],
    ),
    (
        "kms-agent",
        &[
            "kms-types",
            "kms-telemetry",
            "kms-wire",
            "kms-credentials",
            "kms-client",
        ],
    ),
    (
        "ack-secret-manager",
        &[
            "kms-types",
            "kms-telemetry",
            "kms-wire",
            "kms-credentials",
            "kms-client",
        ],
    ),
    (
        "kms-server",
        &[
            "kms-types",
            "kms-telemetry",
            "kms-wire",
            "kms-crypto",
            "kms-store",
            "kms-service",
            "kms-credentials",
            "kms-client",
            "kms-agent",
        ],
    ),
    // For tests: nothing may use it but tests, and it sees no program.
    (
        "kms-testkit",
        &["kms-types", "kms-wire", "kms-crypto", "kms-store"],
    ),
    ("xtask", &["kms-types", "kms-testkit"]),
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `dev`, `build`, or nothing for an ordinary one.
    kind: Option<String>,
    /// Set for a crate of ours.
    path: Option<String>,
}

pub(super) fn check(stage: &Stage<'_>) -> Result<()> {
    let output = tools::cargo(&stage.project.root, "metadata")
        .args(["--no-deps", "--format-version", "1"])
        .output()
        .context("starting cargo metadata")?;
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).context("reading cargo metadata")?;
    none(&offences(&metadata))
}

fn offences(metadata: &Metadata) -> Vec<String> {
    let mut offences = Vec::new();
    for package in &metadata.packages {
        let Some((_, may_use)) = MAY_USE.iter().find(|(name, _)| *name == package.name) else {
            offences.push(format!("{} is not in the plan of crates", package.name));
            continue;
        };
        offences.extend(
            package
                .dependencies
                .iter()
                .filter(|used| used.path.is_some() && used.kind.as_deref() != Some("dev"))
                .filter(|used| !may_use.contains(&used.name.as_str()))
                .map(|used| format!("{} must not use {}", package.name, used.name)),
        );
    }
    offences
}

#[cfg(test)]
mod tests {
    use super::{Metadata, offences};

    #[test]
    fn names_what_reaches_up() {
        let metadata: Metadata = serde_json::from_str(
            r#"{"packages": [
                {"name": "kms-wire", "dependencies": [
                    {"name": "kms-types", "kind": null, "path": "/p/kms-types"},
                    {"name": "kms-client", "kind": null, "path": "/p/kms-client"},
                    {"name": "kms-testkit", "kind": "dev", "path": "/p/kms-testkit"},
                    {"name": "bytes", "kind": null, "path": null}]},
                {"name": "kms-extra", "dependencies": []}]}"#,
        )
        .unwrap();
        assert_eq!(
            offences(&metadata),
            [
                "kms-wire must not use kms-client",
                "kms-extra is not in the plan of crates"
            ]
        );
    }
}
