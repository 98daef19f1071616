//! What is true because a crate cannot link what would break it (ARCHITECTURE, the rules in
//! bold).

use std::collections::BTreeSet;

use anyhow::Result;

use super::{Stage, none};
use crate::tools;

/// What one crate, with all that it links, does without. A name that ends in `*` stands for
/// all that begin so.
const WITHOUT: &[(&str, &str, &[&str])] = &[
    (
        "agent-links-no-database",
        "kms-agent",
        &["sqlx*", "libsqlite3-sys", "kube*", "axum*"],
    ),
    (
        "service-knows-no-http",
        "kms-service",
        &[
            "http",
            "axum*",
            "hyper*",
            "reqwest",
            "sqlx*",
            "libsqlite3-sys",
        ],
    ),
    (
        "store-sees-ciphertext-only",
        "kms-store",
        &["kms-crypto", "aws-lc-rs", "aes*"],
    ),
    (
        "wire-does-no-io",
        "kms-wire",
        &["tokio", "mio", "socket2", "hyper*", "reqwest"],
    ),
    (
        "server-links-no-kubernetes",
        "kms-server",
        &["kube*", "k8s-openapi"],
    ),
    (
        "operator-links-no-database",
        "ack-secret-manager",
        &["sqlx*", "libsqlite3-sys", "kms-store", "kms-service"],
    ),
    (
        "credentials-know-no-http-client",
        "kms-credentials",
        &["hyper*", "reqwest"],
    ),
];

/// What no build on any system holds, build scripts included.
const NOWHERE: &[&str] = &[
    "ring",
    "openssl",
    "openssl-sys",
    "native-tls",
    "chrono",
    "rusqlite",
];

/// Counts one check per rule.
pub(super) fn check(stage: &mut Stage<'_>) {
    for (rule, package, without) in WITHOUT {
        let result = linked(stage, &["--package", package, "--edges", "normal"])
            .and_then(|linked| none(&present(&linked, without)));
        stage.check(rule, result);
    }
    let result = linked(stage, &["--workspace", "--edges", "normal,build"])
        .and_then(|linked| none(&present(&linked, NOWHERE)));
    stage.check("one-cryptography", result);
}

fn linked(stage: &mut Stage<'_>, choice: &[&str]) -> Result<BTreeSet<String>> {
    let root = &stage.project.root;
    let tree = stage.succeed(
        tools::cargo(root, "tree")
            .args(choice)
            .args(["--target", "all", "--prefix", "none", "--format", "{p}"]),
    )?;
    Ok(tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect())
}

fn present(linked: &BTreeSet<String>, without: &[&str]) -> Vec<String> {
    let unwanted = |name: &str| {
        without
            .iter()
            .any(|pattern| match pattern.strip_suffix('*') {
                Some(beginning) => name.starts_with(beginning),
                None => name == *pattern,
            })
    };
    linked
        .iter()
        .filter(|name| unwanted(name))
        .map(|name| format!("{name} is linked"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::present;

    #[test]
    fn finds_exact_names_and_beginnings() {
        let linked = ["http", "http-body", "sqlx-core", "tokio"]
            .map(str::to_owned)
            .into();
        assert_eq!(
            present(&linked, &["http", "sqlx*", "mio"]),
            ["http is linked", "sqlx-core is linked"]
        );
    }
}
