//! Lines for people.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, BufRead, BufReader, Write},
    path::PathBuf,
};

use anyhow::Context as _;
use clap::Args;
use serde_json::Value;

/// Which lines are shown: those that all of these hold for.
#[derive(Args, Debug)]
pub(super) struct Filter {
    /// Of this action
    #[arg(long)]
    action: Option<String>,
    /// By a principal whose ARN holds this text
    #[arg(long, value_name = "TEXT")]
    principal: Option<String>,
    /// About a resource whose name holds this text
    #[arg(long, value_name = "TEXT")]
    resource: Option<String>,
    /// Refused
    #[arg(long)]
    failed: bool,
    /// The newest so many of them; 0 for all
    #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 50)]
    newest: usize,
}

/// Prints them.
pub(super) fn show(files: &[PathBuf], filter: &Filter) -> anyhow::Result<()> {
    let mut rows = VecDeque::new();
    for path in files {
        let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        for line in BufReader::new(file).split(b'\n') {
            let line = line.with_context(|| format!("cannot read {}", path.display()))?;
            // What is no line is `verify`'s to tell.
            let Ok(line) = serde_json::from_slice::<Value>(&line) else {
                continue;
            };
            if !filter.takes(&line) {
                continue;
            }
            rows.push_back(row(&line));
            if filter.newest > 0 && rows.len() > filter.newest {
                rows.pop_front();
            }
        }
    }
    let mut out = io::stdout().lock();
    for row in rows {
        if writeln!(out, "{row}").is_err() {
            break;
        }
    }
    Ok(())
}

// === impl Filter ===

impl Filter {
    fn takes(&self, line: &Value) -> bool {
        let holds = |name: &str, wanted: &Option<String>| {
            let text = line.get(name).map(Value::to_string).unwrap_or_default();
            wanted.as_ref().is_none_or(|wanted| text.contains(wanted))
        };
        let action = line.get("action").and_then(Value::as_str);
        let code = line.get("code").and_then(Value::as_str);
        self.action
            .as_deref()
            .is_none_or(|wanted| action == Some(wanted))
            && holds("principal", &self.principal)
            && holds("resources", &self.resource)
            && !(self.failed && matches!(code, None | Some("OK")))
    }
}

fn row(line: &Value) -> String {
    let text = |name: &str| line.get(name).and_then(Value::as_str).unwrap_or("-");
    let time = text("time");
    let time = time.split('.').next().unwrap_or(time);
    match text("kind") {
        "call" => {
            let resources: Vec<_> = line
                .get("resources")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            format!(
                "{time}  {:<28} {:<22} {}  {}  {}",
                text("code"),
                text("action"),
                text("principal"),
                text("source"),
                resources.join(" ")
            )
        }
        "event" => {
            let about = line.get("about").map(Value::to_string).unwrap_or_default();
            format!("{time}  event {} {about}", text("event"))
        }
        kind => format!("{time}  {kind}"),
    }
}
