use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};
use serde_json::Value;
use tempfile::TempDir;

use crate::{ports, test::Stage};

/// helm, with a home of its own, and the chart.
pub(in crate::test) struct Helm {
    program: PathBuf,
    home: TempDir,
    chart: PathBuf,
}

/// One of the values of suite/chart.
pub(super) struct Case {
    pub(super) name: String,
    folder: PathBuf,
}

/// The release's, and where it is: as the console of ACK installs it.
pub(in crate::test) const RELEASE: &str = "ack-secret-manager";

/// Where the console of ACK installs it.
pub(in crate::test) const NAMESPACE: &str = "kube-system";

/// For what cluster is rendered where there is none.
pub(super) const KUBERNETES: &str = "1.33.0";

// === impl Helm ===

impl Helm {
    pub(in crate::test) fn new(program: PathBuf, root: &Path) -> Result<Self> {
        Ok(Self {
            program,
            home: tempfile::tempdir().context("making a home for helm")?,
            chart: root.join("deploy/helm").join(RELEASE),
        })
    }

    /// helm, of nobody's cluster.
    pub(in crate::test) fn command(&self, verb: &str) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg(verb)
            .env_clear()
            .env("HOME", self.home.path())
            .args(["--namespace", NAMESPACE]);
        command
    }

    /// Installs the chart with these values, on ports of its own.
    pub(in crate::test) fn install(
        &self,
        stage: &mut Stage<'_>,
        kubeconfig: &Path,
        values: &Path,
        sets: &[String],
    ) -> Result<()> {
        let [metrics, health] = ports::free().context("finding free ports")?;
        stage.succeed(
            self.command("upgrade")
                .args(["--install", "--kubeconfig"])
                .arg(kubeconfig)
                .arg("--values")
                .arg(values)
                .arg(format!("--set=metrics.port={metrics}"))
                .arg(format!("--set=health.port={health}"))
                .args(sets.iter().map(|set| format!("--set={set}")))
                .arg(RELEASE)
                .arg(&self.chart),
        )?;
        Ok(())
    }

    /// What helm has of the release: the object of a kind in its `manifest` or its `hooks`.
    pub(in crate::test) fn installed(
        &self,
        stage: &mut Stage<'_>,
        kubeconfig: &Path,
        what: &str,
        kind: &str,
    ) -> Result<Value> {
        let rendered = stage.succeed(
            self.command("get")
                .arg(what)
                .arg("--kubeconfig")
                .arg(kubeconfig)
                .arg(RELEASE),
        )?;
        let found = documents(&rendered)?.into_iter().find(|(_, object)| {
            text_at(object, "/kind") == kind
                && text_at(object, "/metadata/name").starts_with(RELEASE)
        });
        let (_, object) = found.with_context(|| format!("the {what} have no {kind}"))?;
        Ok(object)
    }

    /// The chart for a case: as it is, or with the values of another chart in place of its own.
    pub(super) fn chart(&self, case: &Case) -> Result<(PathBuf, Vec<String>)> {
        let only = case.folder.join("only.yaml");
        if !only.is_file() {
            let values = case.folder.join("values.yaml");
            return Ok((
                self.chart.clone(),
                vec!["--values".to_owned(), values.display().to_string()],
            ));
        }
        let copy = self.home.path().join(&case.name);
        copy_folder(&self.chart, &copy)?;
        fs::copy(only, copy.join("values.yaml")).context("giving a chart other values")?;
        Ok((copy, Vec::new()))
    }

    /// What the chart renders for a case.
    pub(super) fn template(&self, stage: &mut Stage<'_>, case: &Case) -> Result<String> {
        let (chart, values) = self.chart(case)?;
        self.render(stage, KUBERNETES, &chart, &values)
    }

    /// What the chart renders with these values (`name=value`), for a cluster of this version.
    pub(super) fn with(
        &self,
        stage: &mut Stage<'_>,
        kubernetes: &str,
        values: &[&str],
    ) -> Result<String> {
        let values: Vec<_> = values
            .iter()
            .map(|value| format!("--set={value}"))
            .collect();
        self.render(stage, kubernetes, &self.chart, &values)
    }

    fn render(
        &self,
        stage: &mut Stage<'_>,
        kubernetes: &str,
        chart: &Path,
        values: &[String],
    ) -> Result<String> {
        stage.succeed(
            self.command("template")
                // A helm that was built without its Makefile takes every cluster for an old one.
                .args(["--kube-version", kubernetes])
                .arg(RELEASE)
                .arg(chart)
                .args(values),
        )
    }
}

// === impl Case ===

impl Case {
    /// All of suite/chart, by name.
    pub(super) fn all(root: &Path) -> Result<Vec<Self>> {
        let folder = root.join("suite/chart");
        let mut cases = Vec::new();
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let entry = entry.context("reading suite/chart")?;
            cases.push(Self {
                name: entry.file_name().to_string_lossy().into_owned(),
                folder: entry.path(),
            });
        }
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(cases)
    }

    /// What is to be rendered.
    pub(super) fn expected(&self) -> Result<String> {
        let path = self.folder.join("rendered.yaml");
        fs::read_to_string(&path).with_context(|| path.display().to_string())
    }
}

/// The documents of a stream of YAML, as they are written and as they are read.
pub(super) fn documents(stream: &str) -> Result<Vec<(String, Value)>> {
    let mut documents = Vec::new();
    let stream = format!("\n{stream}");
    for text in stream.split("\n---\n") {
        let value: Value = serde_saphyr::from_str(text).context("a document of the chart")?;
        if value.is_object() {
            documents.push((text.to_owned(), value));
        }
    }
    Ok(documents)
}

/// A text in an object; empty if there is none.
pub(in crate::test) fn text_at<'a>(value: &'a Value, path: &str) -> &'a str {
    value
        .pointer(path)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry.context("copying the chart")?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target).context("copying the chart")?;
        }
    }
    Ok(())
}
