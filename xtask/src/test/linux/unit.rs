//! The unit: as systemd judges it, and as it is read where no systemd runs.

use std::fs;

use anyhow::{Context as _, Result, ensure};

use super::{NAME, root::Root};
use crate::test::Stage;

/// The assignments of an installed unit.
pub(super) struct Unit {
    lines: Vec<(String, String)>,
}

/// systemd reads it whole and has nothing to say about it.
pub(super) fn verify(stage: &mut Stage<'_>, root: &Root<'_>) -> Result<()> {
    let said = stage.succeed(&mut root.shell(&format!(
        "systemd-analyze verify --man=no /etc/systemd/system/{NAME}.service 2>&1"
    )))?;
    ensure!(!said.contains(NAME), "systemd says {said}");
    Ok(())
}

/// The threshold is in tenths.
pub(super) fn exposure(stage: &mut Stage<'_>, root: &Root<'_>) -> Result<()> {
    let at = |threshold: u8| {
        root.shell(&format!(
            "systemd-analyze security --offline=yes --no-pager --threshold={threshold} \
             {NAME}.service"
        ))
    };
    let said = stage.succeed(&mut at(15))?;
    ensure!(said.contains("Overall exposure level"), "it judged nothing");
    // So that the exit code is known to mean something.
    let (status, _) = stage.attempt(&mut at(1))?;
    ensure!(!status.success(), "it passes any threshold");
    Ok(())
}

// === impl Unit ===

impl Unit {
    /// Reads the installed one.
    pub(super) fn installed(root: &Root<'_>) -> Result<Self> {
        let path = root.path(&format!("/etc/systemd/system/{NAME}.service"));
        let text = fs::read_to_string(path).context("reading the installed unit")?;
        Ok(Self {
            lines: text
                .lines()
                .filter(|line| !line.starts_with('#'))
                .filter_map(|line| line.split_once('='))
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
        })
    }

    /// All values of a key.
    pub(super) fn all(&self, key: &str) -> impl Iterator<Item = &str> {
        self.lines
            .iter()
            .filter(move |(found, _)| found == key)
            .map(|(_, value)| value.as_str())
    }

    /// The value of a key, the last one.
    pub(super) fn one(&self, key: &str) -> Result<&str> {
        self.all(key)
            .last()
            .with_context(|| format!("the unit has no {key}="))
    }
}
