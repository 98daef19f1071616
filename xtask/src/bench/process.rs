use std::{
    fs, io,
    process::{Child, ChildStdout, Command},
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use kms_types::{Clock, SystemClock};
use rustix::process::{Pid, Signal, kill_process};

/// A program that is being measured; ends with its owner.
pub(super) struct Process {
    child: Child,
    name: &'static str,
}

impl Process {
    pub(super) fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        let child = command
            .spawn()
            .with_context(|| format!("starting {name}"))?;
        Ok(Self { child, name })
    }

    /// What of its memory is resident, in kilobytes of 1,000 bytes.
    pub(super) fn resident(&self) -> Result<u64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
        let kib = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"))
            .and_then(|kib| kib.parse::<u64>().ok())
            .with_context(|| format!("{path} has no VmRSS"))?;
        Ok(kib * 1024 / 1000)
    }

    /// The processor's time that it and its children have used, in microseconds; in
    /// steps of 10 ms.
    pub(super) fn processor_time(&self) -> Result<u64> {
        let id = self.child.id();
        let children = format!("/proc/{id}/task/{id}/children");
        let children =
            fs::read_to_string(&children).with_context(|| format!("reading {children}"))?;
        let mut micros = 0;
        for id in children.split_ascii_whitespace() {
            micros += processor_time(id)?;
        }
        Ok(micros + processor_time(&id.to_string())?)
    }

    /// What it prints; once.
    pub(super) fn stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// Tries until it works out, for at most 20 s and while the program lives; says how
    /// long that took.
    pub(super) fn until<T>(
        &mut self,
        began: Stopwatch,
        mut attempt: impl FnMut() -> io::Result<T>,
    ) -> Result<(T, Duration)> {
        loop {
            if let Ok(done) = attempt() {
                return Ok((done, began.elapsed()));
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended at once: {status}", self.name);
            }
            if began.elapsed() > Duration::from_secs(20) {
                bail!("{} does not answer", self.name);
            }
            pause(Duration::from_micros(200));
        }
    }
}

impl Drop for Process {
    /// Asked first: nginx ends its workers only then.
    fn drop(&mut self) {
        let id = Pid::from_child(&self.child);
        if kill_process(id, Signal::TERM).is_ok() {
            let asked = Stopwatch::start();
            while asked.elapsed() < END {
                if !matches!(self.child.try_wait(), Ok(None)) {
                    return;
                }
                pause(Duration::from_millis(5));
            }
        }
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// How long a program may take to end.
const END: Duration = Duration::from_secs(5);

/// Measures time.
#[derive(Clone, Copy)]
pub(super) struct Stopwatch(Duration);

impl Stopwatch {
    pub(super) fn start() -> Self {
        Self(SystemClock.monotonic())
    }

    pub(super) fn elapsed(self) -> Duration {
        SystemClock.monotonic().saturating_sub(self.0)
    }
}

/// Of all its threads.
fn processor_time(id: &str) -> Result<u64> {
    /// Linux shows ticks of 10 ms to programs, whatever it counts itself.
    const TICK: u64 = 10_000;
    let path = format!("/proc/{id}/stat");
    let stat = fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
    // Past the name, which may hold anything, comes field 3; utime is 14, stime 15.
    let (_, fields) = stat
        .rsplit_once(')')
        .with_context(|| format!("{path} has no name"))?;
    let mut fields = fields.split_ascii_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    next()
        .zip(next())
        .map(|(user, system)| (user + system) * TICK)
        .with_context(|| format!("{path} has no times"))
}

/// Lets other programs go on.
#[expect(
    clippy::disallowed_methods,
    reason = "other programs take their time, and a bench has nothing else to do"
)]
pub(super) fn pause(time: Duration) {
    thread::sleep(time);
}
