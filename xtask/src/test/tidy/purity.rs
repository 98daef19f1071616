//! The operator's plan is functions from values to values: it can be tested without a cluster and
//! without KMS, and what it decides depends on nothing but what it is given.

use anyhow::Result;

use super::{Source, none};

/// Where it is.
const PLAN: &str = "crates/ack-secret-manager/src/plan";

/// What it would need to look around or to wait.
const WORLD: &[&str] = &[
    "kube::",
    "kms_client",
    "kms_credentials",
    "tokio",
    "async fn",
    ".await",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
];

pub(super) fn check(sources: &[Source]) -> Result<()> {
    let plan = |source: &&Source| {
        source.path.starts_with(PLAN)
            && source.ends_in("rs")
            && !source.path.ends_with("/tests.rs")
            && !source.path.contains("/tests/")
    };
    let findings: Vec<String> = sources
        .iter()
        .filter(plan)
        .flat_map(|source| {
            WORLD
                .iter()
                .filter(|word| uses(source, word))
                .map(|word| format!("{} uses {word}", source.path))
        })
        .collect();
    none(&findings)
}

/// Comments may name what is used elsewhere.
fn uses(source: &Source, word: &str) -> bool {
    source
        .text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .any(|line| line.contains(word))
}

#[cfg(test)]
mod tests {
    use super::{Source, check};

    fn source(path: &str, text: &str) -> Source {
        Source {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_plan_that_looks_around_is_named() {
        let sources = [
            source(
                "crates/ack-secret-manager/src/plan/entries.rs",
                "use kube::Client;\n// tokio\n",
            ),
            source(
                "crates/ack-secret-manager/src/apply.rs",
                "use kube::Client;",
            ),
            source(
                "crates/ack-secret-manager/src/plan/entries/tests.rs",
                "std::fs::read",
            ),
        ];
        let error = check(&sources).unwrap_err().to_string();
        assert_eq!(
            error,
            "crates/ack-secret-manager/src/plan/entries.rs uses kube::"
        );
    }
}
