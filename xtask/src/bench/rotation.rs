//! `cargo xtask bench rotation`: hosted AccessKeys that are due all at once, several servers on
//! one PostgreSQL.

use std::{
    fmt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};
use kms_types::Env;
use serde::{Deserialize, Serialize};

use super::{
    example, machine,
    postgres::Postgres,
    record::progress,
    server::{
        kms::{Installation, LIMITS, Place},
        stand::Stand,
    },
    table::{megabytes, thousands},
};
use crate::tools;

/// How much is measured.
struct Plan {
    accounts: u32,
    /// In each account; RAM lets an account have 5,000.
    users: u32,
    servers: usize,
}

const FULL: Plan = Plan {
    accounts: 10,
    users: 1000,
    servers: 4,
};

const QUICK: Plan = Plan {
    accounts: 2,
    users: 20,
    servers: 4,
};

/// What `examples/rotation_load` is told.
#[derive(Serialize)]
enum Order<'a> {
    Fill {
        address: &'a str,
        access_keys: &'a [PathBuf],
        users: u32,
        connections: u32,
    },
    Rotate {
        url: &'a str,
        address: &'a str,
        access_keys: &'a [PathBuf],
        secrets: u32,
    },
}

/// What it prints of rotations.
#[derive(Debug, Deserialize)]
struct Figure {
    secrets: u64,
    promoted_millis: u64,
    over_millis: u64,
    most_keys: u64,
    rotations: u64,
    failed: u64,
    unfinished: u64,
    surplus_keys: u64,
}

/// Everything measured; shown as Markdown.
struct Report {
    machine: String,
    plan: Plan,
    figure: Figure,
    /// Of the servers together, for each rotation, in microseconds.
    server_micros: u64,
    /// Of the database's, likewise.
    database_micros: u64,
    /// The largest server, in kilobytes.
    resident: u64,
}

/// Connections that make what is to be rotated.
const CONNECTIONS: u32 = 32;

/// Old keys are good for so long, in seconds: the shortest that drills may have.
const WINDOW: u64 = 60;

/// Builds, measures and gives the report as Markdown.
pub(super) fn measure(root: &Path, env: &Env, quick: bool) -> Result<String> {
    let plan = if quick { QUICK } else { FULL };
    progress("building the server and what it rotates");
    let release = ["--release", "--package", "kms-server"];
    tools::run(tools::cargo(root, "build").args(release))?;
    let load = example::build(root, "rotation_load", "release")?;
    let target = tools::target_folder(root)?;
    let program = target.join("release/kms-server");
    let folder = tempfile::tempdir_in(&target).context("making a folder for the bench")?;
    // Before the servers, so that it ends after them.
    let postgres = Postgres::start(&target, &tools::cache_folder(env)?, &["rotation"])?;
    let url = postgres.url("rotation");

    let servers = start(&program, folder.path(), &url, plan.servers)?;
    let address = servers.first().context("no server")?.address.clone();
    let access_keys = accounts(&program, folder.path(), &address, plan.accounts)?;
    let secrets = plan.accounts * plan.users;
    progress(&format!("hosting {} AccessKeys", thousands(secrets.into())));
    let fill = serde_json::to_string(&Order::Fill {
        address: &address,
        access_keys: &access_keys,
        users: plan.users,
        connections: CONNECTIONS,
    })?;
    let _nothing: Vec<serde_json::Value> = example::run(&load, &[fill.as_ref()])?;
    let spent = || -> Result<(u64, u64)> {
        let times = servers.iter().map(|server| server.process.processor_time());
        Ok((times.sum::<Result<u64>>()?, postgres.processor_time()?))
    };
    let before = spent()?;
    progress("rotating all of them");
    let rotate = serde_json::to_string(&Order::Rotate {
        url: &url,
        address: &address,
        access_keys: &access_keys,
        secrets,
    })?;
    let figure: Vec<Figure> = example::run(&load, &[rotate.as_ref()])?;
    let figure = figure.into_iter().next().context("no figure came")?;
    let after = spent()?;
    let resident = servers.iter().map(|server| server.process.resident());
    let report = Report {
        machine: machine::describe(),
        plan,
        server_micros: (after.0 - before.0) / u64::from(secrets.max(1)),
        database_micros: (after.1 - before.1) / u64::from(secrets.max(1)),
        resident: resident
            .collect::<Result<Vec<_>>>()?
            .into_iter()
            .max()
            .unwrap_or(0),
        figure,
    };
    let shown = report.to_string();
    report.check().with_context(|| shown.clone())?;
    Ok(shown)
}

/// Servers that share a store and the root key.
fn start(program: &Path, folder: &Path, url: &str, servers: usize) -> Result<Vec<Stand>> {
    let more =
        format!("{LIMITS}[rotation]\nwindow = \"{WINDOW}s\"\nleast_window = \"{WINDOW}s\"\n");
    let place = Place::Postgres(url.to_owned());
    let prepare = |number: usize| {
        Installation::prepare(program, folder.join(number.to_string()), &place, 0, &more)
    };
    let first = prepare(0)?;
    first.init()?;
    let mut all = vec![first.start(None)?];
    let key = all.first().map(|stand| stand.key.clone());
    for number in 1..servers {
        let other = prepare(number)?;
        other.take_keys(&first)?;
        all.push(other.start(key.clone())?);
    }
    Ok(all)
}

/// Accounts with the role that lets KMS rotate; the AccessKeys of their administrators.
fn accounts(program: &Path, folder: &Path, address: &str, accounts: u32) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for number in 0..accounts {
        let file = folder.join(format!("account-{number}"));
        let mut add = Command::new(program);
        add.args(["account", "add", "--config"])
            .arg(folder.join("0/kms-server.toml"))
            .arg("--access-key-file")
            .arg(&file);
        tools::run(add.stdout(Stdio::null()))?;
        let mut role = Command::new("sh");
        role.args([
            "-c",
            ". \"$1\" && exec \"$2\" ctl ram kms-role create",
            "sh",
        ])
        .arg(&file)
        .arg(program)
        .env("KMS_ENDPOINT", address)
        .stdout(Stdio::null());
        tools::run(&mut role)?;
        all.push(file);
    }
    Ok(all)
}

// === impl Report ===

impl Report {
    /// That nothing was done twice and nothing is left over.
    fn check(&self) -> Result<()> {
        let Figure {
            secrets,
            most_keys,
            rotations,
            failed,
            unfinished,
            surplus_keys,
            ..
        } = self.figure;
        ensure!(
            rotations == secrets,
            "{rotations} rotations of {secrets} secrets"
        );
        ensure!(failed == 0, "{failed} rotations failed");
        ensure!(unfinished == 0, "{unfinished} rotations are not over");
        ensure!(most_keys <= 2, "a user had {most_keys} AccessKeys");
        ensure!(surplus_keys == 0, "{surplus_keys} AccessKeys are left over");
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Figure {
            secrets,
            promoted_millis,
            over_millis,
            most_keys,
            rotations,
            failed,
            surplus_keys,
            ..
        } = self.figure;
        let a_minute = |millis: u64| (secrets * 60_000).checked_div(millis).unwrap_or(0);
        let seconds = |millis: u64| format!("{}.{} s", millis / 1000, millis % 1000 / 100);
        writeln!(
            f,
            "{}.\n{} hosted AccessKeys in {} accounts, all due at once; {} servers (`init` and `serve`, built with \
             profile `release`, two cores for all) on one PostgreSQL with its defaults, the embedded RAM; windows of \
             {WINDOW} s. Of 100 values it was seen that they sign calls of their users.\n",
            self.machine,
            thousands(secrets),
            self.plan.accounts,
            self.plan.servers
        )?;
        writeln!(f, "| | |\n|---|---:|")?;
        let rows = [
            (
                "rotations a minute, until the new key is current",
                thousands(a_minute(promoted_millis)),
            ),
            ("all new keys current after", seconds(promoted_millis)),
            ("all old keys gone after", seconds(over_millis)),
            (
                "of the servers' processor time, each",
                format!("{} ms", millis(self.server_micros)),
            ),
            (
                "of the database's, each",
                format!("{} ms", millis(self.database_micros)),
            ),
            ("resident, the largest server", megabytes(self.resident)),
            ("rotations", thousands(rotations)),
            ("failed", thousands(failed)),
            (
                "most AccessKeys of a user when all new ones were current",
                most_keys.to_string(),
            ),
            ("AccessKeys left over", thousands(surplus_keys)),
        ];
        for (what, figure) in rows {
            writeln!(f, "| {what} | {figure} |")?;
        }
        Ok(())
    }
}

/// Microseconds, as milliseconds with one digit.
fn millis(micros: u64) -> String {
    format!("{}.{}", micros / 1000, micros % 1000 / 100)
}
