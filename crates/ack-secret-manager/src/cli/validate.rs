//! `validate`: what the webhook would say of manifests, before anybody applies them.

use std::path::{Path, PathBuf};

use ack_secret_manager::{
    admission::validate::{Kind, Verdict, manifest},
    api::{GROUP, VERSION},
};
use anyhow::anyhow;
use clap::Args;
use kms_telemetry::{Exit, Failure, say};
use serde_json::Value;

use super::{NAME, convert::text, print};

/// What to look at.
#[derive(Args, Debug)]
pub(crate) struct Validate {
    /// Manifests; kinds of others are passed over
    #[arg(
        value_name = "FILE",
        help = "Manifests; standard input for -",
        required = true
    )]
    files: Vec<PathBuf>,
    /// Fails for warnings, too
    #[arg(long)]
    strict: bool,
}

pub(crate) const HELP: &str = "\
Looks at ExternalSecrets, SecretStores, ClusterSecretStores and ClusterExternalSecrets as the
webhook does when they are applied, and at their fields as the API server does; no cluster is
asked. A line for each finding names the file, the document in it (those that hold nothing are
not counted) and the field:

  shop.yaml:2: spec.data[0].key: is missing
  shop.yaml:2: warning: spec.data[1].name: gives the same key as spec.data[0].name, and wins

Mistakes are what can never work; warnings, what is of no effect, works in part, or needs a flag
of the operator. Charts are rendered first:

  helm template shop ./chart | ack-secret-manager validate -

Exit codes:
  0 nothing is wrong, 64 usage, 65 a mistake, no YAML, or with --strict a warning,
  70 a file that cannot be read";

/// What was found in files.
#[derive(Debug, Default, Eq, PartialEq)]
struct Report {
    lines: Vec<String>,
    mistakes: usize,
    warnings: usize,
    seen: usize,
    passed_over: usize,
}

pub(super) fn run(validate: &Validate) -> Result<(), Failure> {
    let mut report = Report::default();
    for file in &validate.files {
        let text = text(file).map_err(|error| Failure::new(Exit::Failure, error))?;
        report.file(file, &text);
    }
    for line in &report.lines {
        print(format_args!("{line}\n"))?;
    }
    if report.mistakes > 0 || validate.strict && report.warnings > 0 {
        return Err(Failure::new(Exit::Data, anyhow!(report.summary())));
    }
    say(NAME, report.summary());
    Ok(())
}

// === impl Report ===

impl Report {
    fn file(&mut self, file: &Path, text: &str) {
        let name = file.display();
        let documents: Vec<Value> = match serde_saphyr::from_multiple(text) {
            Ok(documents) => documents,
            // Its own words repeat the text.
            Err(error) => {
                let at = error.location();
                let (line, column) = at.map_or((0, 0), |at| (at.line(), at.column()));
                self.mistakes += 1;
                self.lines.push(format!(
                    "{name}: is no YAML that can be read: line {line}, column {column}"
                ));
                return;
            }
        };
        for (index, document) in documents.iter().enumerate() {
            let place = format!("{name}:{}", index.saturating_add(1));
            match document.get("items") {
                // As kubectl prints several.
                Some(Value::Array(items)) => {
                    for (index, item) in items.iter().enumerate() {
                        self.object(&format!("{place}: items[{index}]"), item);
                    }
                }
                _ => self.object(&place, document),
            }
        }
    }

    fn object(&mut self, place: &str, object: &Value) {
        if object.is_null() {
            return;
        }
        let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
        let version = text("apiVersion").strip_prefix(GROUP);
        let Some(version) = version.and_then(|version| version.strip_prefix('/')) else {
            self.passed_over += 1;
            return;
        };
        self.seen += 1;
        if version != VERSION {
            return self.mistake(place, &format!("apiVersion: is not {GROUP}/{VERSION}"));
        }
        match text("kind").parse::<Kind>() {
            Err(error) => self.mistake(place, &format!("kind: {error}")),
            Ok(kind) => {
                let Verdict { mistakes, warnings } = manifest(kind, object);
                for mistake in mistakes {
                    self.mistake(place, &mistake);
                }
                for warning in warnings {
                    self.warnings += 1;
                    self.lines.push(format!("{place}: warning: {warning}"));
                }
            }
        }
    }

    fn mistake(&mut self, place: &str, text: &str) {
        self.mistakes += 1;
        self.lines.push(format!("{place}: {text}"));
    }

    fn summary(&self) -> String {
        let Self {
            mistakes,
            warnings,
            seen,
            passed_over,
            ..
        } = self;
        format!(
            "{}, {} of other kinds passed over: {}, {}",
            counted(*seen, "object"),
            passed_over,
            counted(*mistakes, "mistake"),
            counted(*warnings, "warning"),
        )
    }
}

fn counted(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

#[cfg(test)]
mod tests;
