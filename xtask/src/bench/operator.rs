//! `cargo xtask bench operator`: ExternalSecrets in a cluster of Kubernetes, beside what was measured of
//! the published operator in the same work.

use std::{fmt, fs, path::Path, time::Duration};

use anyhow::{Context as _, Result, ensure};
use kms_types::Env;

use super::{machine, record::progress, table::megabytes};
use crate::{
    build::{self, Effort, Program, Target},
    test::kubernetes::{Cluster, Logs},
    tools,
};

mod cycles;
mod kms;
mod work;

use cycles::Requests;
use work::{INTERVAL, Work};

/// A row of the table: what, and the figure of a work.
type Row = (&'static str, fn(&Figures) -> String);

/// How much is measured.
struct Plan {
    /// ExternalSecrets and the remote secrets that they name between them.
    works: &'static [(u32, u32)],
    /// Of other people's Secrets, beside the first of these works.
    strangers: u32,
}

/// The profile that stands for what is shipped.
const SHIPPED: &str = "dist";

const FULL: Plan = Plan {
    works: &[(500, 10), (5_000, 50)],
    strangers: 500,
};

const QUICK: Plan = Plan {
    works: &[(20, 2)],
    strangers: 20,
};

/// Everything measured; shown as Markdown.
struct Report {
    machine: String,
    /// How the program was built.
    built: String,
    strangers: u32,
    /// Of the program, in bytes.
    size: u64,
    figures: Vec<Figures>,
}

/// Of one work.
struct Figures {
    objects: u32,
    remotes: u32,
    /// With no object at all, in kilobytes.
    idle: u64,
    /// From the start of the operator until the last Secret is there.
    first_sync: Duration,
    /// In that time.
    first_calls: u64,
    /// In kilobytes.
    resident: u64,
    /// Beside other people's Secrets, in kilobytes.
    beside_strangers: Option<u64>,
    /// Of KMS, in each interval.
    calls: f64,
    /// Of the API server, in each interval.
    requests: f64,
    /// Of the processor, in each interval, in microseconds.
    micros: u64,
    /// From the answer of KMS that shows a change until the last Secret has it.
    change: Duration,
}

/// What the published operator (0.5.8) took for the first work, on two cores like these, its own
/// settings (reference k8s-baseline §4): measured once, on 2026-11-23, and not in this run.
const PUBLISHED: [&str; 8] = [
    "36 MB",
    "50 s",
    "500",
    "48 MB",
    "79 to 90 MB",
    "500",
    "500",
    "1,670 ms",
];

/// Builds, measures and gives the report as Markdown.
pub(super) fn measure(root: &Path, env: &Env, quick: bool, profile: &str) -> Result<String> {
    let plan = if quick { QUICK } else { FULL };
    progress("building the operator");
    let target = tools::target_folder(root)?;
    let (program, built) = if profile == SHIPPED {
        let (program, own) = (Program::Operator, Program::Operator.profile());
        (
            build::compile(root, program, Target::Linux, Effort::Shipped, None)?,
            format!("as the image's, static and with profile `{own}`"),
        )
    } else {
        let build = ["--package", "ack-secret-manager", "--profile", profile];
        tools::run(tools::cargo(root, "build").args(build))?;
        (
            target.join(profile).join("ack-secret-manager"),
            format!("with profile `{profile}`"),
        )
    };
    let size = fs::metadata(&program)
        .context("looking at the operator")?
        .len();
    let programs = tools::kubernetes_programs(root, &tools::cache_folder(env)?, None)?;
    let folder = tempfile::tempdir_in(&target).context("making a folder for the bench")?;
    let logs = Logs {
        folder: folder.path().to_owned(),
        of: "bench",
    };
    let mut figures = Vec::new();
    for (number, (objects, remotes)) in plan.works.iter().enumerate() {
        progress(&format!(
            "{objects} ExternalSecrets over {remotes} remote secrets"
        ));
        let cluster = Cluster::start_logging(&programs, &logs, &[], &[])?;
        let work = Work::begin(root, &program, &cluster, *objects, *remotes)?;
        let strangers = (number == 0).then_some(plan.strangers);
        figures.push(work.measure(strangers)?);
    }
    let report = Report {
        machine: machine::describe(),
        built,
        strangers: plan.strangers,
        size,
        figures,
    };
    let shown = report.to_string();
    report.check().with_context(|| shown.clone())?;
    Ok(shown)
}

// === impl Report ===

impl Report {
    /// That nothing is read twice, and nothing done where nothing happens.
    fn check(&self) -> Result<()> {
        for one in &self.figures {
            let Figures {
                remotes,
                first_sync,
                first_calls,
                calls,
                requests,
                ..
            } = one;
            // The second look of each comes up to an interval's spread early.
            let looks = 2 + first_sync.as_secs() / INTERVAL.as_secs();
            ensure!(
                *first_calls <= u64::from(*remotes) * looks,
                "{first_calls} calls of KMS at first for {remotes} remote secrets"
            );
            ensure!(
                *calls <= f64::from(*remotes) * 1.1,
                "{calls} calls of KMS in an interval for {remotes} remote secrets"
            );
            ensure!(
                *requests < 1.0,
                "{requests} requests to the API server in an interval in which nothing happens"
            );
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{}.\netcd and kube-apiserver on the same cores; a KMS that answers at once; one data entry in each \
             ExternalSecret; built {}, {} on disk; {} Secrets of 40 kB for other people's. The published \
             operator's figures are of an earlier day, at its defaults, an interval of 120 s.\n",
            self.machine,
            self.built,
            megabytes(self.size / 1000),
            self.strangers
        )?;
        write!(f, "| | published, 500 over 10 |")?;
        for one in &self.figures {
            write!(f, " {} over {} |", one.objects, one.remotes)?;
        }
        writeln!(f, "\n|---|---:|{}", "---:|".repeat(self.figures.len()))?;
        let rows: [Row; 8] = [
            ("resident with no object", |one| megabytes(one.idle)),
            ("first sync, from the start of the program", |one| {
                seconds(one.first_sync)
            }),
            ("calls of KMS in it", |one| one.first_calls.to_string()),
            ("resident after it", |one| megabytes(one.resident)),
            ("resident beside other people's Secrets", |one| {
                one.beside_strangers.map_or_else(String::new, megabytes)
            }),
            ("calls of KMS in each interval", |one| {
                format!("{:.1}", one.calls)
            }),
            ("requests to the API server in each interval", |one| {
                format!("{:.1}", one.requests)
            }),
            ("processor time in each interval", |one| {
                format!("{} ms", one.micros / 1000)
            }),
        ];
        for ((what, figure), published) in rows.into_iter().zip(PUBLISHED) {
            write!(f, "| {what} | {published} |")?;
            for one in &self.figures {
                write!(f, " {} |", figure(one))?;
            }
            writeln!(f)?;
        }
        write!(
            f,
            "| from KMS's answer to the last dependant | up to 120 s |"
        )?;
        for one in &self.figures {
            write!(f, " {} |", seconds(one.change))?;
        }
        writeln!(f)
    }
}

impl Requests {
    /// How many more there are than before, for each of so many intervals.
    fn since(self, before: Self, intervals: u32) -> f64 {
        let more = self.0.saturating_sub(before.0);
        // A few requests, or a few thousand.
        f64::from(u32::try_from(more).unwrap_or(u32::MAX)) / f64::from(intervals)
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}
