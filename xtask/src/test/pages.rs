//! The commands of pages beside README, whole and in their order, as they are written there: in
//! a folder with a `.kms-dev`, first beside a server that runs, then after its end.

use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

use super::{
    Server, Stage,
    readme::blocks::{Block, blocks},
};

/// The pages, each with what its commands have to print among other things.
pub(super) const PAGES: [Page; 2] = [
    Page {
        path: "docs/ctl.md",
        needs_server: true,
        prints: &[
            "agent-test",
            "hunter2",
            "acs:ram::",
            "office",
            "KAAP.",
            "the rotation would begin",
            ": is current",
        ],
    },
    Page {
        path: "docs/audit.md",
        needs_server: false,
        prints: &["all as they were written", "GetSecretValue"],
    },
];

/// A page whose commands all run here.
pub(super) struct Page {
    pub(super) path: &'static str,
    needs_server: bool,
    prints: &'static [&'static str],
}

/// A folder to paste into.
struct Desk {
    folder: TempDir,
    path: String,
}

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let mut server = Server::start(stage)?;
    let program = stage.project.program(stage, "kms-server")?;
    let desk = Desk::new(&program, &server.dir())?;
    for page in PAGES.iter().filter(|page| page.needs_server) {
        let done = page.follow(stage, &desk);
        stage.check(page.path, done);
    }
    let refused = desk.paste(stage, "! kms-server ctl secret get app/db/none");
    stage.check("a-missing-secret-is-told", refused.map(drop));
    // Its state stays; a log has to be whole after such an end, too.
    server.kill()?;
    desk.hand_over("audit.log")?;
    desk.hand_over("audit.pub")?;
    for page in PAGES.iter().filter(|page| !page.needs_server) {
        let done = page.follow(stage, &desk);
        stage.check(page.path, done);
    }
    Ok(())
}

// === impl Page ===

impl Page {
    fn follow(&self, stage: &mut Stage<'_>, desk: &Desk) -> Result<()> {
        let path = stage.project.root.join(self.path);
        let text = fs::read_to_string(path).with_context(|| format!("reading {}", self.path))?;
        let shown = blocks(&text);
        let commands: Vec<&Block<'_>> = shown.iter().filter(|block| block.is("sh")).collect();
        ensure!(!commands.is_empty(), "the page shows no command");
        let mut printed = String::new();
        for block in commands {
            printed.push_str(&desk.paste(stage, &block.text)?);
        }
        for expected in self.prints {
            ensure!(printed.contains(expected), "nothing printed {expected}");
        }
        Ok(())
    }
}

// === impl Desk ===

impl Desk {
    fn new(program: &Path, state: &Path) -> Result<Self> {
        let folder = tempfile::tempdir().context("making a folder")?;
        symlink(state, folder.path().join(".kms-dev")).context("linking the state")?;
        let programs = program.parent().context("the target folder")?;
        Ok(Self {
            folder,
            path: format!("{}:/usr/local/bin:/usr/bin:/bin", programs.display()),
        })
    }

    /// Runs what somebody pastes into a shell here, who has read `source .kms-dev/env` before;
    /// each line has to succeed.
    fn paste(&self, stage: &mut Stage<'_>, lines: &str) -> Result<String> {
        let script = format!("source .kms-dev/env\n{lines}");
        stage.succeed(
            Command::new("bash")
                .args(["-eu", "-o", "pipefail", "-c", &script])
                .current_dir(self.folder.path())
                .env_clear()
                .env("PATH", &self.path)
                .env("HOME", self.folder.path()),
        )
    }

    /// Copies a file of the audit log, as an auditor is given one.
    fn hand_over(&self, name: &str) -> Result<()> {
        let here = self.folder.path();
        let from = here.join(".kms-dev/audit").join(name);
        fs::copy(&from, here.join(name)).with_context(|| format!("copying {name}"))?;
        Ok(())
    }
}
