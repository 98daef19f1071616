//! Templates, by Go's text/template and Sprig themselves.

use std::{fs, path::Path, process::Command};

use anyhow::{Context as _, Result};

use crate::test::{Stage, clients};

/// What Go does not give.
const WRONG: &str = r#"{"data": {}, "cases": [{"template": "{{ add 1 1 }}", "gives": "3"}]}"#;

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let program = clients::go(stage, "templates")?;
    let cases = "crates/ack-secret-manager/tests/templates";
    let cases = stage.project.root.join(cases);
    stage.check_program("go-templates", &mut over(&program, &cases))?;
    let wrong = stage.project.target.join("suite/go-templates-wrong");
    fs::create_dir_all(&wrong).with_context(|| format!("making {}", wrong.display()))?;
    fs::write(wrong.join("wrong.json"), WRONG).context("writing a wrong case")?;
    let (status, said) = stage.attempt(&mut over(&program, &wrong))?;
    let finds = if status.success() || !said.contains("FAIL template-wrong-0") {
        Err(anyhow::anyhow!("it ends with {status} over a wrong case"))
    } else {
        Ok(())
    };
    stage.check("go-templates-can-fail", finds);
    Ok(())
}

/// The program over a folder of cases, where local time is UTC as in the operator.
fn over(program: &Path, cases: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg(cases).env("TZ", "UTC");
    command
}
