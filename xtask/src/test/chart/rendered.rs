//! What the chart renders, without a cluster.

use std::{fmt::Write as _, fs, path::Path, process::Command};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::helm::{Case, Helm, KUBERNETES, documents, text_at};
use crate::test::Stage;

pub(super) fn check(stage: &mut Stage<'_>, helm: &Helm, operator: &Path) -> Result<()> {
    let root = &stage.project.root;
    let cases = Case::all(root)?;
    ensure!(cases.len() >= 12, "cases are missing in suite/chart");
    for case in &cases {
        let name = &case.name;
        let linted = lint(stage, helm, case);
        stage.check(&format!("lint-{name}"), linted);
        let rendered = helm.template(stage, case)?;
        let same = golden(case, &rendered);
        stage.check(&format!("rendered-{name}"), same);
        let taken = flags(stage, operator, &rendered);
        stage.check(&format!("flags-{name}"), taken);
    }
    for (setting, values, last, first) in NEEDS {
        let refused = too_old(stage, helm, setting, values, (last, first));
        stage.check(&format!("{setting}-needs-kubernetes-{first}"), refused);
    }
    Ok(())
}

/// What the chart refuses on older clusters: the setting as the refusal calls it, values, the last version that
/// is too old, and the first that is not.
const NEEDS: [(&str, &[&str], &str, &str); 2] = [
    (
        "injector.enabled",
        &["injector.enabled=true", "injector.image.repository=agent"],
        "1.28.15",
        "1.29.0",
    ),
    // Objects that are being deleted are left out by a matchCondition.
    (
        "admission.failurePolicy=Fail",
        &["admission.enabled=true", "admission.failurePolicy=Fail"],
        "1.27.16",
        "1.28.0",
    ),
];

fn too_old(
    stage: &mut Stage<'_>,
    helm: &Helm,
    setting: &str,
    values: &[&str],
    (last, first): (&str, &str),
) -> Result<()> {
    let refusal = helm.with(stage, last, values).err();
    let refusal = format!("{:#}", refusal.context("it was rendered")?);
    ensure!(
        refusal.contains(&format!("{setting} needs Kubernetes")),
        "it says {refusal}"
    );
    helm.with(stage, first, values).map(drop)
}

fn lint(stage: &mut Stage<'_>, helm: &Helm, case: &Case) -> Result<()> {
    let (chart, values) = helm.chart(case)?;
    stage.succeed(
        helm.command("lint")
            .args(["--strict", "--kube-version", KUBERNETES])
            .arg(chart)
            .args(values),
    )?;
    Ok(())
}

/// All but the definitions, which have to be the crate's, is what the case says.
fn golden(case: &Case, rendered: &str) -> Result<()> {
    let mut rest = String::new();
    for (text, value) in documents(rendered)? {
        if text_at(&value, "/kind") == "CustomResourceDefinition" {
            let name = text_at(&value, "/metadata/name");
            writeln!(rest, "---\n# CustomResourceDefinition {name}")?;
            definition(name, &value)?;
        } else {
            writeln!(rest, "---\n{}", text.trim())?;
        }
    }
    let expected = case.expected()?;
    let line = rest
        .lines()
        .zip(expected.lines())
        .position(|(made, expected)| made != expected);
    ensure!(
        rest == expected,
        "not as suite/chart/{}/rendered.yaml says, first at line {}",
        case.name,
        line.map_or_else(|| "its end".to_owned(), |line| (line + 1).to_string())
    );
    Ok(())
}

fn definition(name: &str, rendered: &Value) -> Result<()> {
    let plural = name.split('.').next().unwrap_or_default();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/ack-secret-manager/crds");
    let path = root.join(format!("{plural}.yaml"));
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let own: Value = serde_saphyr::from_str(&text).context("a definition")?;
    ensure!(own == *rendered, "{name} is not the crate's");
    Ok(())
}

/// The program takes the flags that Deployments give it.
fn flags(stage: &mut Stage<'_>, operator: &Path, rendered: &str) -> Result<()> {
    let documents = documents(rendered)?;
    let mut has_operator = false;
    for (_, deployment) in &documents {
        if text_at(deployment, "/kind") != "Deployment" {
            continue;
        }
        let flags: Vec<&str> = deployment
            .pointer("/spec/template/spec/containers/0/args")
            .and_then(Value::as_array)
            .context("arguments")?
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let mut program = Command::new(operator);
        program.env_clear();
        if flags.first() == Some(&"webhook") {
            // Help is given once all before it has been read.
            stage.succeed(program.args(flags).arg("--help"))?;
        } else {
            let said = stage.succeed(program.arg("check").args(flags))?;
            ensure!(said.contains("the flags are fine"), "{said}");
            has_operator = true;
        }
    }
    ensure!(has_operator, "there is no operator");
    Ok(())
}
