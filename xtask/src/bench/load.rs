use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail, ensure};

/// wrk, with one thread: it shares the machine with what it measures.
pub(super) struct Wrk {
    script: PathBuf,
    token: String,
}

/// One run.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Run {
    /// Answers counted.
    pub(super) requests: u64,
    /// Answers per second.
    pub(super) rate: u64,
    /// Half of the answers came within, in microseconds.
    pub(super) p50: u64,
    /// 99 of 100 answers came within, in microseconds.
    pub(super) p99: u64,
}

/// Numbers where wrk's own report rounds and changes units.
const SCRIPT: &str = r#"
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("figures %d %d %d %d %d %d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
"#;

impl Wrk {
    pub(super) fn new(folder: &Path, token: &str) -> Result<Self> {
        let script = folder.join("figures.lua");
        fs::write(&script, SCRIPT).context("writing wrk's script")?;
        Ok(Self {
            script,
            token: token.to_owned(),
        })
    }

    /// Loads a server for `seconds`.
    pub(super) fn run(&self, port: u16, path: &str, connections: u16, seconds: u16) -> Result<Run> {
        let output = Command::new("wrk")
            .arg("--threads=1")
            .arg(format!("--connections={connections}"))
            .arg(format!("--duration={seconds}s"))
            .arg("--script")
            .arg(&self.script)
            .arg("--header")
            .arg(format!("X-KMS-Token: {}", self.token))
            .arg(format!("http://127.0.0.1:{port}{path}"))
            .output()
            .context("starting wrk")?;
        let text = String::from_utf8_lossy(&output.stdout);
        ensure!(
            output.status.success(),
            "wrk ended with {}: {text}{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        figures(&text)
    }
}

fn figures(text: &str) -> Result<Run> {
    let line = text.lines().find_map(|line| line.strip_prefix("figures "));
    let numbers: Option<Vec<u64>> = line
        .unwrap_or_default()
        .split(' ')
        .map(|number| number.parse().ok())
        .collect();
    let Some(&[requests, micros, p50, p99, refused, broken]) = numbers.as_deref() else {
        bail!("wrk said: {text}");
    };
    ensure!(
        refused == 0 && broken == 0,
        "of {requests} answers {refused} were refusals, and {broken} connections broke"
    );
    ensure!(requests > 0 && micros > 0, "no answer came");
    Ok(Run {
        requests,
        rate: requests.saturating_mul(1_000_000) / micros,
        p50,
        p99,
    })
}

#[cfg(test)]
mod tests;
