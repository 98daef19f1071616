//! Every crate is under the workspace's lints: one that is not may hold unsafe code, unwraps
//! and prints unseen.

use anyhow::Result;

use super::{Source, none};

pub(super) fn check(sources: &[Source]) -> Result<()> {
    let findings: Vec<String> = sources
        .iter()
        .filter(|source| source.path.ends_with("/Cargo.toml"))
        // Outside the workspace; its targets are macros of libFuzzer.
        .filter(|source| !source.path.starts_with("fuzz/"))
        .filter(|source| !source.text.contains("[lints]\nworkspace = true"))
        .map(|source| format!("{} does not take the workspace's lints", source.path))
        .collect();
    none(&findings)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::test::tidy::Source;

    #[test]
    fn a_crate_without_lints_is_named() {
        let source = |path: &str, text: &str| Source {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let error = check(&[
            source("Cargo.toml", "[workspace]"),
            source("crates/a/Cargo.toml", "[lints]\nworkspace = true\n"),
            source("crates/b/Cargo.toml", "[package]\nname = \"b\"\n"),
        ])
        .unwrap_err();
        assert_eq!(
            error.to_string(),
            "crates/b/Cargo.toml does not take the workspace's lints"
        );
    }
}
