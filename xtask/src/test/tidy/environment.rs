//! Only programs read the environment, choose the cryptography or end the process: libraries
//! are given what they need.

use anyhow::Result;

use super::{Source, none};

/// Calls with an effect on, or a look at, the whole process.
const CALLS: &[&str] = &[
    "env::var(",
    "env::var_os(",
    "env::vars(",
    "env::vars_os(",
    "env::set_var(",
    "process::exit(",
    "install_default(",
];

/// Where a program begins.
const PROGRAM: &[&str] = &["/src/main.rs", "/src/cli.rs"];

pub(super) fn check(sources: &[Source]) -> Result<()> {
    let findings: Vec<String> = sources
        .iter()
        .filter(|source| is_library(source))
        .flat_map(|source| {
            CALLS
                .iter()
                .filter(|call| calls(source, call))
                .map(|call| format!("{} calls {call}…)", source.path))
        })
        .collect();
    none(&findings)
}

/// Documentation tells programs how to call a library, and calls nothing.
fn calls(source: &Source, call: &str) -> bool {
    source
        .text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .any(|line| line.contains(call))
}

/// Code that ends up in somebody's program: no program's own entry, no test, no chore.
fn is_library(source: &Source) -> bool {
    let Some(path) = source.path.strip_prefix("crates/") else {
        return false;
    };
    source.ends_in("rs")
        && path.contains("/src/")
        && !path.starts_with("kms-testkit/")
        && !PROGRAM.iter().any(|file| path.ends_with(file))
        && !path.ends_with("/tests.rs")
        && !path.contains("/tests/")
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::test::tidy::Source;

    #[test]
    fn a_library_that_reads_the_environment_is_named() {
        let source = |path: &str| Source {
            path: path.to_owned(),
            text: "let home = std::env::var(\"HOME\");".to_owned(),
        };
        let free = [
            source("crates/kms-agent/src/main.rs"),
            source("crates/kms-agent/src/token/tests.rs"),
            source("crates/kms-agent/tests/check.rs"),
            source("xtask/src/main.rs"),
        ];
        check(&free).unwrap();
        let told = Source {
            path: "crates/kms-client/src/lib.rs".to_owned(),
            text: "//! A program passes std::env::vars().collect()".to_owned(),
        };
        check(&[told]).unwrap();
        let error = check(&[source("crates/kms-agent/src/token.rs")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "crates/kms-agent/src/token.rs calls env::var(…)"
        );
    }
}
