//! What an application notices of a KMS that is slow, gone, and back: nothing.

use std::{
    net::SocketAddr,
    sync::{Arc, Barrier},
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use kms_testkit::{RawResponse, agent::RunningAgent};
use kms_types::{Clock, SystemClock};

use super::{Server, Stage, clients, relay::Relay, stage::pause};

/// So many programs of one machine start at the same moment.
const READERS: usize = 200;

/// Short, for the suite waits until it is over.
const TTL: Duration = Duration::from_secs(3);

/// What a busy machine may add to a wait.
const SLACK: Duration = Duration::from_millis(1500);

const DEMO: &str = r#""SecretData":"{\"k3\":\"v3\"}""#;

const CHANGED: &str = r#""SecretData":"changed""#;

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let mut server = Server::start(stage)?;
    let upstream: SocketAddr = server
        .env("KMS_ENDPOINT")?
        .parse()
        .context("KMS_ENDPOINT")?;
    let relay = Relay::start(upstream).context("starting a relay")?;
    let program = stage.project.program(stage, "alibabacloud-kms-agent")?;
    let agent = server
        .agent(&program, &relay.address().to_string())?
        .config("Cache", &format!("TtlSeconds = {}", TTL.as_secs()))
        .start();

    let one_call = many_first_reads(&agent, &relay);
    stage.check("200-first-reads-are-one-call", one_call);

    server.kill()?;
    let cached = cached_while_gone(&agent);
    stage.check("a-killed-upstream-still-yields-the-cached-value", cached);

    server.restart()?;
    let back = SystemClock.monotonic();
    put(stage, &server)?;
    let used = used_again(&agent, back);
    stage.check("a-restored-upstream-is-used-within-one-ttl", used);

    clients::end(stage, server, agent);
    Ok(())
}

fn many_first_reads(agent: &RunningAgent, relay: &Relay) -> Result<()> {
    let before = relay.calls("GetSecretValue");
    // Long enough for all to be waiting for the one.
    relay.delay(Duration::from_millis(500));
    let start = Arc::new(Barrier::new(READERS));
    let answers: Vec<RawResponse> = thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS)
            .map(|_| {
                let start = Arc::clone(&start);
                scope.spawn(move || {
                    start.wait();
                    agent.get("/v1/agent-test")
                })
            })
            .collect();
        readers
            .into_iter()
            .filter_map(|reader| reader.join().ok())
            .collect()
    });
    relay.delay(Duration::ZERO);
    let good = answers
        .iter()
        .filter(|answer| answer.status == 200 && answer.text().contains(DEMO))
        .count();
    ensure!(good == READERS, "{good} of {READERS} were answered");
    let calls = relay.calls("GetSecretValue") - before;
    ensure!(calls == 1, "the server was asked {calls} times");
    Ok(())
}

fn cached_while_gone(agent: &RunningAgent) -> Result<()> {
    pause(TTL + Duration::from_millis(200));
    let answer = agent.get("/v1/agent-test");
    ensure!(answer.status == 200, "status {}", answer.status);
    ensure!(answer.text().contains(DEMO), "it is another value");
    let state = answer.header("x-cache");
    ensure!(state == Some("STALE"), "X-Cache says {state:?}");
    Ok(())
}

/// Changes the value, so that an old one is told from a new one.
fn put(stage: &mut Stage<'_>, server: &Server) -> Result<()> {
    let sdk = clients::sdk_python(stage.project)?;
    let mut command = clients::python(server, stage.project, &sdk, "put_value.py");
    stage.succeed(command.args(["agent-test", "v3", "changed"]))?;
    Ok(())
}

fn used_again(agent: &RunningAgent, back: Duration) -> Result<()> {
    loop {
        let answer = agent.get("/v1/agent-test");
        let after = SystemClock.monotonic().saturating_sub(back);
        ensure!(answer.status == 200, "status {}", answer.status);
        if answer.text().contains(CHANGED) {
            return Ok(());
        }
        ensure!(
            after < TTL + SLACK,
            "after {:.1} s it still answers the old value",
            after.as_secs_f64()
        );
        pause(Duration::from_millis(50));
    }
}
