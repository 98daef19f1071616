//! What no compiler checks: layers, what a crate must not link, sizes, words, licences.

use std::{fs, process::Command};

use anyhow::{Context as _, Result};

use super::Stage;

mod absence;
mod commands;
mod deny;
mod environment;
mod layers;
mod links;
mod lints;
mod purity;
mod sizes;
mod solution;
mod words;

/// A text file that git knows.
#[derive(Debug)]
struct Source {
    /// Seen from the project's folder.
    path: String,
    text: String,
}

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let sources = sources(stage)?;
    for line in sizes::overview(&sources) {
        stage.say(&line);
    }
    let results = [
        ("layers", layers::check(stage)),
        ("sizes", sizes::check(&sources)),
        ("words", words::check(&sources)),
        ("environment", environment::check(&sources)),
        ("lints", lints::check(&sources)),
        ("plan-is-pure", purity::check(&sources)),
        ("links", links::check(&stage.project.root, &sources)),
        ("commands", commands::check(&sources)),
        ("solution", solution::check(&sources)),
        ("licences-and-bans", deny::check(stage)),
    ];
    for (name, result) in results {
        stage.check(name, result);
    }
    absence::check(stage);
    Ok(())
}

// === impl Source ===

impl Source {
    /// Whether the file's name ends so, after the dot.
    fn ends_in(&self, ending: &str) -> bool {
        self.path
            .rsplit_once('.')
            .is_some_and(|(_, found)| found == ending)
    }
}

/// All text files that are committed or about to be; pictures and keys are not text.
fn sources(stage: &Stage<'_>) -> Result<Vec<Source>> {
    let root = &stage.project.root;
    let output = Command::new("git")
        .args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ])
        .current_dir(root)
        .output()
        .context("asking git for the project's files")?;
    let names = String::from_utf8(output.stdout).context("names of the project's files")?;
    Ok(names
        .split_terminator('\0')
        .filter_map(|path| {
            let text = fs::read_to_string(root.join(path)).ok()?;
            Some(Source {
                path: path.to_owned(),
                text,
            })
        })
        .collect())
}

/// Nothing found is fine; else all that was.
fn none(findings: &[String]) -> Result<()> {
    anyhow::ensure!(findings.is_empty(), "{}", findings.join("\n    "));
    Ok(())
}
