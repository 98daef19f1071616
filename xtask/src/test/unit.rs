//! The tests of all crates, and how cargo's test programs say what came of them.

use std::process::Command;

use anyhow::Result;

use super::{Project, Stage};
use crate::tools;

#[cfg(test)]
mod tests;

/// Where tests find PostgreSQL's programs; the caller's word comes before our download.
pub(super) const POSTGRES: &str = "KMS_TEST_POSTGRES_BIN";

/// Compiles all tests, and runs those that lie in the crates.
pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    stage.succeed(tests(stage.project)?.args(["--all-targets", "--no-run"]))?;
    count(
        stage,
        // All targets but those of `run_integration`.
        tests(stage.project)?.args(["--lib", "--bins", "--examples", "--benches"]),
    )
}

/// Runs the others. They mostly start programs and wait for them.
pub(super) fn run_integration(stage: &mut Stage<'_>) -> Result<()> {
    count(stage, tests(stage.project)?.args(["--test", "*"]))
}

/// Cargo's call for tests of all crates, with what some of them need.
fn tests(project: &Project) -> Result<Command> {
    tools::program("softhsm2-util", "softhsm2")?;
    tools::program("pkcs11-tool", "opensc")?;
    let mut cargo = tools::cargo(&project.root, "test");
    cargo.args(["--workspace", "--no-fail-fast"]);
    if !project.has_postgres
        && let Some(programs) = tools::postgres_programs(&project.cache)?
    {
        cargo.env(POSTGRES, programs);
    }
    Ok(cargo)
}

/// Runs test programs through cargo and counts their tests.
pub(super) fn count(stage: &mut Stage<'_>, cargo: &mut Command) -> Result<()> {
    let (status, text) = stage.attempt(cargo)?;
    let results = Results::read(&text);
    stage.passed(results.passed);
    for (name, program) in &results.failed {
        stage.failed(name, &format!("in {program}\n    {}", said(&text, name)));
    }
    if !status.success() && results.failed.is_empty() {
        // It did not compile, or a program died before it could say anything.
        let errors: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("error"))
            .collect();
        anyhow::bail!("{cargo:?} ended with {status}\n{}", errors.join("\n"));
    }
    Ok(())
}

/// What test programs printed, added up.
#[derive(Debug, Default, Eq, PartialEq)]
struct Results {
    passed: usize,
    /// Tests, and the program of each.
    failed: Vec<(String, String)>,
}

impl Results {
    fn read(text: &str) -> Self {
        let mut results = Self::default();
        let mut program = "";
        for line in text.lines().map(str::trim_start) {
            if let Some(named) = line.strip_prefix("Running ") {
                program = named;
            } else if let Some(named) = line.strip_prefix("Doc-tests ") {
                program = named;
            } else if let Some(count) = line.strip_prefix("test result: ") {
                results.passed += number_before(count, " passed");
            } else if let Some(test) = line
                .strip_prefix("test ")
                .and_then(|rest| rest.strip_suffix(" ... FAILED"))
            {
                results.failed.push((test.to_owned(), program.to_owned()));
            }
        }
        results
    }
}

/// What a failed test printed: cargo's test programs repeat it at the end.
fn said(output: &str, test: &str) -> String {
    const LINES: usize = 12;
    let begin = format!("---- {test} stdout ----");
    let lines: Vec<&str> = output
        .lines()
        .skip_while(|line| *line != begin)
        .skip(1)
        .take_while(|line| !line.starts_with("---- ") && *line != "failures:")
        .filter(|line| !line.is_empty())
        .take(LINES)
        .collect();
    lines.join("\n    ")
}

fn number_before(text: &str, word: &str) -> usize {
    text.split(word)
        .next()
        .and_then(|before| before.rsplit(' ').next())
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}
