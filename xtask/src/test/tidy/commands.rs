//! A command that a page shows is one that the suite runs: README's by the part `readme`,
//! another page's by the part `pages`, or where a part names it.

use anyhow::Result;

use super::{Source, none};
use crate::test::pages::PAGES;

#[cfg(test)]
mod tests;

pub(super) fn check(sources: &[Source]) -> Result<()> {
    let readme = sources
        .iter()
        .find(|source| source.path == "README.md")
        .map_or("", |source| source.text.as_str());
    let parts: Vec<&str> = sources
        .iter()
        .filter(|source| runs_commands(&source.path))
        .map(|source| source.text.as_str())
        .collect();
    let findings: Vec<String> = sources
        .iter()
        .filter(|source| source.ends_in("md") && source.path != "README.md")
        .filter(|source| PAGES.iter().all(|page| page.path != source.path))
        .flat_map(|source| {
            shell_lines(&source.text)
                .filter(|line| {
                    !readme.contains(line) && !parts.iter().any(|part| part.contains(line))
                })
                .map(|line| format!("{}: nothing runs `{line}`", source.path))
        })
        .collect();
    none(&findings)
}

/// The commands of a page: lines of its `sh` blocks, comments aside.
pub(super) fn shell_lines(page: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    page.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        if fence {
            inside = !inside && line.trim() == "```sh";
        }
        inside && !fence && !line.trim().is_empty() && !line.trim_start().starts_with('#')
    })
}

fn runs_commands(path: &str) -> bool {
    path == ".ci/run" || path.starts_with("xtask/src/test/") || path.starts_with("suite/")
}
