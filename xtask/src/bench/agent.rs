//! `cargo xtask bench agent`: a cached answer of 423 bytes, audit log on.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};

use super::{
    kms::{CACHED, CACHED_LEN, Kms},
    load::Wrk,
    machine,
    peers::{self, Agent, Peer},
    process::pause,
    record::progress,
    table::{Figures, Report, Sample, Server},
};
use crate::{
    build::{self, Effort, Program, Target},
    tools,
};

/// How much is measured.
struct Plan {
    rounds: usize,
    seconds: u16,
    starts: usize,
}

const CONNECTIONS: [u16; 3] = [1, 64, 800];

/// What fills the cache for the figure of memory.
const SECRETS: usize = 1000;

/// The token of the seeds' length.
const TOKEN: &str = "bench-0123456789-0123456789-0123456789-0123";

const FULL: Plan = Plan {
    rounds: 3,
    seconds: 4,
    starts: 5,
};

const QUICK: Plan = Plan {
    rounds: 1,
    seconds: 1,
    starts: 1,
};

/// Builds, measures and gives the report as Markdown.
pub(super) fn measure(root: &Path, quick: bool) -> Result<String> {
    let plan = if quick { QUICK } else { FULL };
    tools::program("wrk", "wrk")?;
    tools::program("nginx", "nginx-light")?;
    progress("building the agent as it is shipped, and hyper alone");
    let program = build::compile(root, Program::Agent, Target::Linux, Effort::Shipped, None)?;
    let bare_program = build_bare(root)?;

    let folder = tempfile::tempdir().context("making a folder for the bench")?;
    let kms = Kms::start()?;
    let agent = |name: &str| Agent {
        program: &program,
        kms: &kms,
        token: TOKEN,
        folder: folder.path().join(name),
    };
    let machine = machine::describe();
    let starts = starts(&plan, &agent("starts"))?;
    let (idle, full) = memory(&agent("memory"))?;

    let agent = agent("speed");
    let (peer, _) = agent.start()?;
    let (body, body_file) = cached_body(&agent, peer.port, folder.path())?;
    let bare = peers::bare_hyper(&bare_program, &body_file)?;
    let nginx = peers::nginx(&folder.path().join("nginx"), &body)?;
    let servers = [
        (Server::Agent, peer),
        (Server::Bare, bare),
        (Server::Nginx, nginx),
    ];
    for (server, peer) in &servers {
        same_bytes(*server, peer, &body)?;
    }
    let wrk = Wrk::new(folder.path(), TOKEN)?;
    written_down(&agent, &servers, &wrk)?;
    let samples = speed(&plan, &wrk, &servers)?;
    let loaded = servers
        .iter()
        .find(|(server, _)| *server == Server::Agent)
        .map_or(Ok(0), |(_, peer)| peer.process.resident())?;

    let size = fs::metadata(&program)
        .context("measuring the program")?
        .len();
    let report = Report {
        machine,
        rounds: plan.rounds,
        seconds: plan.seconds,
        samples,
        figures: Figures {
            idle,
            full,
            loaded,
            starts,
            size,
        },
    };
    Ok(report.to_string())
}

/// In xtask, so that nothing of the agent is in it.
fn build_bare(root: &Path) -> Result<PathBuf> {
    let name = "bare_hyper";
    tools::run(tools::cargo(root, "build").args([
        "--package",
        "xtask",
        "--example",
        name,
        "--profile",
        "dist",
    ]))?;
    Ok(tools::target_folder(root)?.join("dist/examples").join(name))
}

/// From exec to the first secret, which includes asking KMS whether the identity is good.
fn starts(plan: &Plan, agent: &Agent<'_>) -> Result<Vec<Duration>> {
    progress("starting the agent");
    (0..plan.starts)
        .map(|_| agent.start().map(|(_, took)| took))
        .collect()
}

/// Resident memory before there is work, and with the cache full.
fn memory(agent: &Agent<'_>) -> Result<(u64, u64)> {
    progress("filling the cache");
    let (peer, _) = agent.start()?;
    pause(Duration::from_secs(1));
    let idle = peer.process.resident()?;
    for at in 0..SECRETS {
        let answer = agent.answer(peer.port, &format!("bench/{at}"))?;
        ensure!(
            answer.status == 200 && answer.body.len() > 4096,
            "secret {at} is not served: {}",
            answer.status
        );
    }
    Ok((idle, peer.process.resident()?))
}

fn cached_body(agent: &Agent<'_>, port: u16, folder: &Path) -> Result<(String, PathBuf)> {
    let body = agent.answer(port, CACHED)?.body;
    ensure!(
        body.len() == CACHED_LEN,
        "the answer has {} bytes instead of {CACHED_LEN}",
        body.len()
    );
    let file = folder.join("body");
    fs::write(&file, &body).context("keeping the body")?;
    let body = String::from_utf8(body).context("the answer is no text")?;
    Ok((body, file))
}

/// A comparison of different answers would be none.
fn same_bytes(server: Server, peer: &Peer, body: &str) -> Result<()> {
    let path = peers::path(CACHED);
    let answer = super::get::Get {
        port: peer.port,
        path: &path,
        token: TOKEN,
    }
    .answer()?;
    ensure!(
        answer.status == 200 && answer.body == body.as_bytes(),
        "{server} answers {} and other bytes",
        answer.status
    );
    for (name, value) in [
        ("content-type", "application/json"),
        ("content-length", "423"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("x-cache", "hit"),
    ] {
        ensure!(
            answer.header(name) == Some(value),
            "{server} does not answer {name}: {value}"
        );
    }
    for name in ["age", "date"] {
        ensure!(
            answer.header(name).is_some(),
            "{server} does not answer {name}"
        );
    }
    Ok(())
}

/// That the agent's log has a line for every answer: it is measured with its audit on.
fn written_down(agent: &Agent<'_>, servers: &[(Server, Peer)], wrk: &Wrk) -> Result<()> {
    progress("warming up");
    let path = peers::path(CACHED);
    let before = agent.retrievals()?;
    let mut answered = 0;
    for (server, peer) in servers {
        let run = wrk.run(peer.port, &path, 64, 1)?;
        if *server == Server::Agent {
            answered = run.requests;
        }
    }
    let written = agent.retrievals()? - before;
    ensure!(
        written >= answered,
        "the agent's log has {written} lines for {answered} answers"
    );
    Ok(())
}

/// The servers take turns, so that what disturbs the machine disturbs all alike.
fn speed(plan: &Plan, wrk: &Wrk, servers: &[(Server, Peer)]) -> Result<Vec<Sample>> {
    let path = peers::path(CACHED);
    let mut samples = Vec::new();
    for round in 1..=plan.rounds {
        for connections in CONNECTIONS {
            for (server, peer) in servers {
                let before = peer.process.processor_time()?;
                let run = wrk
                    .run(peer.port, &path, connections, plan.seconds)
                    .with_context(|| format!("loading {server}"))?;
                let spent = peer.process.processor_time()? - before;
                progress(&format!(
                    "round {round} of {}, {connections} connections, {server}: {} requests/s",
                    plan.rounds, run.rate
                ));
                samples.push(Sample {
                    server: *server,
                    connections,
                    rate: run.rate,
                    p50: run.p50,
                    p99: run.p99,
                    nanos: spent * 1000 / run.requests,
                });
            }
        }
    }
    Ok(samples)
}
