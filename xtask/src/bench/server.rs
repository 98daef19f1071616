//! `cargo xtask bench server`: signed calls of kms-server, each in its audit log before it is
//! answered, on both databases, and beside a Vault if one is named.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
};

use anyhow::{Context as _, Result, ensure};
use kms_types::Env;

use super::{example, machine, postgres::Postgres, record::progress};
use crate::tools;

pub(super) mod kms;
mod load;
mod peer;
mod report;
pub(super) mod stand;

use kms::{Installation, LIMITS, Place};
use load::{Call, Load};
use report::{Memory, Report, Sample};
use stand::{Stand, Subject};

/// What is asked for.
#[derive(Clone, Copy)]
pub(super) struct How<'a> {
    pub(super) quick: bool,
    /// The profile that the server is built by.
    pub(super) profile: &'a str,
    /// What is measured beside it.
    pub(super) peer: Option<&'a Path>,
}

/// How much is measured.
struct Plan {
    rounds: usize,
    /// How long each call is measured in a round, in milliseconds.
    millis: u32,
    /// The same, of listing and finding.
    scale_millis: u32,
    /// Secrets in the larger stores.
    many: u32,
}

const FULL: Plan = Plan {
    rounds: 3,
    millis: 3000,
    scale_millis: 1500,
    many: 100_000,
};

const QUICK: Plan = Plan {
    rounds: 1,
    millis: 300,
    scale_millis: 200,
    many: 300,
};

/// Secrets in the smaller stores.
const FEW: u32 = 100;

/// Builds, measures and gives the report as Markdown.
pub(super) fn measure(root: &Path, env: &Env, how: How<'_>) -> Result<String> {
    let plan = if how.quick { QUICK } else { FULL };
    progress("building the server and its load");
    tools::run(tools::cargo(root, "build").args([
        "--profile",
        how.profile,
        "--package",
        "kms-server",
    ]))?;
    let load = example::build(root, "server_load", "release")?;
    let target = tools::target_folder(root)?;
    let program = target.join(how.profile).join("kms-server");
    let machine = machine::describe();
    // On the disk that the project lies on: a folder in memory syncs nothing.
    let folder = tempfile::tempdir_in(&target).context("making a folder for the bench")?;
    let folder = folder.path();
    // Before the servers, so that it ends after them.
    let postgres = Postgres::start(&target, &tools::cache_folder(env)?, &["few", "many"])?;

    let mut bench = Bench {
        plan,
        load: Load { program: load },
        stands: Vec::new(),
        postgres,
        samples: Vec::new(),
    };
    bench.start_few(&program, folder)?;
    bench.start_many(&program, folder)?;
    if let Some(peer) = how.peer {
        bench
            .stands
            .push(peer::start(peer, &folder.join("peer"), FEW)?);
    }
    let idle = bench.memory()?;
    for stand in bench.stands.iter_mut().filter(|stand| stand.secrets == FEW) {
        fill(&bench.load, stand)?;
    }
    bench.calls()?;
    let loaded = bench.memory()?;
    bench.scale()?;
    bench.written_down()?;
    let report = Report {
        machine,
        profile: how.profile.to_owned(),
        peer: bench.peer_name(),
        rounds: bench.plan.rounds,
        millis: bench.plan.millis,
        scale_millis: bench.plan.scale_millis,
        few: FEW,
        many: bench.plan.many,
        memory: Memory {
            idle,
            loaded,
            after: bench.memory()?,
        },
        samples: bench.samples,
    };
    Ok(report.to_string())
}

/// All servers, and what was measured so far.
struct Bench {
    plan: Plan,
    load: Load,
    stands: Vec<Stand>,
    postgres: Postgres,
    samples: Vec<Sample>,
}

impl Bench {
    /// Starts servers whose stores are still empty.
    fn start_few(&mut self, program: &Path, folder: &Path) -> Result<()> {
        for place in [Place::Sqlite, Place::Postgres(self.postgres.url("few"))] {
            let folder = folder.join(format!("few-{}", self.stands.len()));
            let server = Installation::prepare(program, folder, &place, FEW, LIMITS)?;
            server.init()?;
            self.stands.push(server.start(None)?);
        }
        Ok(())
    }

    /// Starts servers with many secrets: made by calls on SQLite, and brought to PostgreSQL by a
    /// backup.
    fn start_many(&mut self, program: &Path, folder: &Path) -> Result<()> {
        let many = self.plan.many;
        let one =
            Installation::prepare(program, folder.join("many-0"), &Place::Sqlite, many, LIMITS)?;
        one.init()?;
        let mut stand = one.start(None)?;
        fill(&self.load, &mut stand)?;
        let (key, answered) = (stand.key.clone(), stand.answered);
        // Nobody else may open its file.
        drop(stand);
        progress("a backup of them, restored on PostgreSQL");
        let file = folder.join("backup");
        one.backup(&file)?;
        let place = Place::Postgres(self.postgres.url("many"));
        let other = Installation::prepare(program, folder.join("many-1"), &place, many, LIMITS)?;
        other.restore(&one, &file)?;
        self.stands.push(Stand {
            answered,
            ..one.start(Some(key.clone()))?
        });
        self.stands.push(other.start(Some(key))?);
        Ok(())
    }

    /// What is compared with others: reads, encryptions and writes, the servers in turn.
    fn calls(&mut self) -> Result<()> {
        for round in 1..=self.plan.rounds {
            for call in [Call::Get, Call::Encrypt, Call::Put] {
                for at in 0..self.stands.len() {
                    self.sample(at, call, round, |stand| stand.secrets == FEW)?;
                }
            }
        }
        Ok(())
    }

    /// What may depend on how many secrets there are, few and many in turn.
    fn scale(&mut self) -> Result<()> {
        for round in 1..=self.plan.rounds {
            for call in [Call::Find, Call::List, Call::Filter] {
                for at in 0..self.stands.len() {
                    self.sample(at, call, round, |stand| stand.subject != Subject::Peer)?;
                }
            }
        }
        Ok(())
    }

    /// Measures one call of one server, if it is among those that are meant.
    fn sample(
        &mut self,
        at: usize,
        call: Call,
        round: usize,
        is_meant: impl Fn(&Stand) -> bool,
    ) -> Result<()> {
        let Some(stand) = self.stands.get_mut(at).filter(|stand| is_meant(stand)) else {
            return Ok(());
        };
        let is_scale = matches!(call, Call::Find | Call::List | Call::Filter);
        let millis = if is_scale {
            self.plan.scale_millis
        } else {
            self.plan.millis
        };
        let uses_postgres = stand.subject == Subject::Postgres;
        let spent = || -> Result<(u64, u64)> {
            let database = if uses_postgres {
                self.postgres.processor_time()?
            } else {
                0
            };
            Ok((stand.process.processor_time()?, database))
        };
        let before = spent()?;
        let figure = self.load.run(stand, call, millis)?;
        let after = spent()?;
        progress(&format!(
            "round {round} of {}, {}, {} secrets, {call}: {} a second",
            self.plan.rounds,
            stand.subject,
            stand.secrets,
            figure.rate()
        ));
        let each = |micros: u64| (micros * 1000).checked_div(figure.answers).unwrap_or(0);
        self.samples.push(Sample {
            subject: stand.subject,
            secrets: stand.secrets,
            call,
            figure,
            server_nanos: each(after.0.saturating_sub(before.0)),
            database_nanos: each(after.1.saturating_sub(before.1)),
        });
        stand.answered += figure.answers;
        Ok(())
    }

    fn memory(&self) -> Result<Vec<(Subject, u32, u64)>> {
        self.stands
            .iter()
            .map(|stand| Ok((stand.subject, stand.secrets, stand.process.resident()?)))
            .collect()
    }

    fn peer_name(&self) -> Option<String> {
        let peer = self
            .stands
            .iter()
            .find(|stand| stand.subject == Subject::Peer)?;
        Some(peer.name.clone())
    }

    /// That each audit log has a line for every answer: what is measured is measured with it.
    fn written_down(&self) -> Result<()> {
        for stand in &self.stands {
            let lines = lines(&stand.audit, stand.audit_mark)?;
            ensure!(
                lines >= stand.answered,
                "the audit log of {} has {lines} lines for {} answers",
                stand.name,
                stand.answered
            );
        }
        Ok(())
    }
}

/// Makes its secrets.
fn fill(load: &Load, stand: &mut Stand) -> Result<()> {
    progress(&format!(
        "making {} secrets on {}",
        stand.secrets, stand.subject
    ));
    stand.answered += load.run(stand, Call::Fill, 0)?.answers;
    Ok(())
}

/// Lines that hold the mark, in all logs of a folder.
fn lines(folder: &Path, mark: &str) -> Result<u64> {
    let mut lines = 0;
    for file in fs::read_dir(folder).context("looking for the audit log")? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "log") {
            let file = fs::File::open(path).context("reading the audit log")?;
            for line in BufReader::new(file).split(b'\n') {
                let line = line?;
                let is_one = line.windows(mark.len()).any(|part| part == mark.as_bytes());
                lines += u64::from(is_one);
            }
        }
    }
    Ok(lines)
}
