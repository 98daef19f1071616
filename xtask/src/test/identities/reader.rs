//! Reads through an agent without end, and counts what it is answered.

use std::{
    io::Write as _,
    net::{SocketAddr, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use kms_testkit::{
    LeakCheck, RawResponse,
    agent::{AgentSetup, RunningAgent},
    read_one,
};
use kms_types::{Clock, SystemClock};

use crate::test::stage::pause;

/// An agent that is read all the time.
pub(super) struct Reader {
    agent: RunningAgent,
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

struct Shared {
    address: SocketAddr,
    request: String,
    /// Held while a read is on its way.
    turn: Mutex<()>,
    tally: Mutex<Tally>,
    ended: AtomicBool,
}

#[derive(Default)]
struct Tally {
    served: usize,
    refused: Vec<String>,
}

const NAME: &str = "/v1/suite/identities";

const VALUE: &str = r#""SecretData":"for whom it may concern""#;

/// Between two reads.
const REST: Duration = Duration::from_millis(50);

/// For a machine that is busy.
const PATIENCE: Duration = Duration::from_mins(1);

// === impl Reader ===

impl Reader {
    /// Starts the agent, and reads.
    pub(super) fn start(setup: AgentSetup) -> Result<Self> {
        let agent = match setup.try_start() {
            Ok(agent) => agent,
            Err(ended) => bail!("the agent ended ({}): {}", ended.status, ended.output),
        };
        let shared = Arc::new(Shared {
            address: agent.address(),
            request: agent.request(NAME),
            turn: Mutex::default(),
            tally: Mutex::default(),
            ended: AtomicBool::new(false),
        });
        let reading = Arc::clone(&shared);
        Ok(Self {
            agent,
            shared,
            thread: thread::spawn(move || reading.read_on()),
        })
    }

    /// Waits for so many more answers, each with the value from the server.
    pub(super) fn goes_on(&self, reads: usize) -> Result<()> {
        let wanted = self.shared.tally().served + reads;
        until("answers", || {
            let tally = self.shared.tally();
            tally.check()?;
            Ok(tally.served >= wanted)
        })
    }

    /// No read begins while this is held.
    pub(super) fn hold(&self) -> MutexGuard<'_, ()> {
        lock(&self.shared.turn)
    }

    /// How often it was answered, if never otherwise than with the value. Ends the agent, which
    /// must have logged no secret.
    pub(super) fn stop(self, canaries: &LeakCheck) -> Result<usize> {
        self.shared.ended.store(true, Ordering::SeqCst);
        ensure!(self.thread.join().is_ok(), "the reader panicked");
        let ended = self.agent.stop_clean();
        canaries.assert_clean_folder(&ended.dir.path().join("logs"));
        let tally = self.shared.tally();
        tally.check()?;
        ensure!(tally.served > 0, "it was never read");
        Ok(tally.served)
    }
}

// === impl Shared ===

impl Shared {
    fn read_on(&self) {
        while !self.ended.load(Ordering::SeqCst) {
            {
                let _turn = lock(&self.turn);
                let outcome = self.read();
                let mut tally = self.tally();
                match outcome {
                    Ok(()) => tally.served += 1,
                    Err(reason) => tally.refused.push(format!("{reason:#}")),
                }
            }
            pause(REST);
        }
    }

    fn read(&self) -> Result<()> {
        let mut stream = TcpStream::connect(self.address).context("connecting")?;
        stream
            .write_all(self.request.as_bytes())
            .context("asking")?;
        let answer = read_one(&mut stream).context("waiting for an answer")?;
        fresh(&answer)
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        lock(&self.tally)
    }
}

// === impl Tally ===

impl Tally {
    /// Whether all was served.
    fn check(&self) -> Result<()> {
        let (served, refused) = (self.served, self.refused.len());
        let Some(first) = self.refused.first() else {
            return Ok(());
        };
        bail!("{refused} reads refused, {served} served; the first: {first}")
    }
}

/// The value, from the server itself: nothing cached stands in.
fn fresh(answer: &RawResponse) -> Result<()> {
    ensure!(
        answer.status == 200,
        "status {}: {}",
        answer.status,
        answer.text()
    );
    ensure!(answer.text().contains(VALUE), "it is another value");
    let state = answer.header("x-cache");
    ensure!(state == Some("MISS"), "X-Cache says {state:?}");
    Ok(())
}

/// Waits until it is so.
pub(super) fn until(what: &str, mut is_so: impl FnMut() -> Result<bool>) -> Result<()> {
    let end = SystemClock.monotonic() + PATIENCE;
    while !is_so()? {
        ensure!(SystemClock.monotonic() < end, "no {what} for a long time");
        pause(Duration::from_millis(20));
    }
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
