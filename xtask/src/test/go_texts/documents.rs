//! Documents taken apart, by Go's own yaml.v3, encoding/json, regexp and go-jmespath.

use std::{fs, path::Path, process::Command};

use anyhow::{Context as _, Result};

use crate::test::{Stage, clients};

/// What Go does not give.
const WRONG: &str = r#"[{"name": "wrong", "op": "extract", "document": "a: 1",
    "0.5": {"keys": {"a": "1"}}, "0.6": {"keys": {"a": "1"}}}]"#;

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let program = clients::go(stage, "documents")?;
    let cases = "crates/ack-secret-manager/tests/documents";
    let cases = stage.project.root.join(cases);
    stage.check_program("go-documents", &mut over(&program, &cases))?;
    let wrong = stage.project.target.join("suite/go-documents-wrong");
    fs::create_dir_all(&wrong).with_context(|| format!("making {}", wrong.display()))?;
    fs::write(wrong.join("case.json"), WRONG).context("writing a wrong case")?;
    let (status, said) = stage.attempt(&mut over(&program, &wrong))?;
    let finds = if status.success() || !said.contains("FAIL case/wrong") {
        Err(anyhow::anyhow!("it ends with {status} over a wrong case"))
    } else {
        Ok(())
    };
    stage.check("go-documents-can-fail", finds);
    Ok(())
}

/// The program over a folder of golden files, where local time is UTC as in the operator.
fn over(program: &Path, cases: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg(cases).env("TZ", "UTC");
    command
}
