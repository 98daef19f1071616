//! `rekey`.

use std::{
    io::{self, Write as _},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use clap::Args;
use kms_server::rekey::{self, Rekeyed, keyring};
use kms_telemetry::Failure;
use kms_types::{Clock, Env, SystemClock};

use super::{
    daemon::{failed, runtime},
    load,
};

/// Which key is another one.
#[derive(Args, Debug)]
pub(crate) struct Rekey {
    /// The configuration
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Makes a new term of the keyring and seals everything anew under it
    #[arg(long)]
    keyring: bool,
    /// Takes older terms of the keyring away, once nothing is sealed under them
    #[arg(long, conflicts_with = "keyring")]
    retire: bool,
}

/// Tells on standard error how many records are done, at most once a second.
struct Progress {
    clock: Arc<dyn Clock>,
    state: Mutex<Done>,
}

#[derive(Default)]
struct Done {
    records: u64,
    told: Option<Duration>,
}

const BETWEEN: Duration = Duration::from_secs(1);

pub(super) fn run(asked: &Rekey, env: &Env) -> Result<(), Failure> {
    let settings = load(&asked.config, env)?.settings;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let done = runtime().map_err(failed)?.block_on(async {
        if asked.keyring {
            let progress = Progress::new(Arc::clone(&clock));
            let told = |count| progress.tell(count);
            let done = keyring::reseal(&settings, env, clock, &told).await?;
            return Ok(resealed(done));
        }
        if asked.retire {
            let done = keyring::retire(&settings, env, clock).await?;
            return Ok(retired(done));
        }
        rekey::run(&settings, env, clock).await.map(rekeyed)
    });
    let said = done.map_err(|error: rekey::RekeyError| Failure::new(error.exit(), error))?;
    // Nobody reads: it is done all the same.
    drop(writeln!(io::stdout(), "{said}"));
    Ok(())
}

// === impl Progress ===

impl Progress {
    fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            state: Mutex::default(),
        }
    }

    fn tell(&self, count: u64) {
        let now = self.clock.monotonic();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.records += count;
        if state.told.is_none_or(|told| now >= told + BETWEEN) {
            state.told = Some(now);
            // Nobody reads: it goes on all the same.
            drop(writeln!(
                io::stderr(),
                "{} records sealed anew",
                state.records
            ));
        }
    }
}

fn rekeyed(done: Rekeyed) -> String {
    match done {
        Rekeyed::Done { now, before } => format!(
            "the root key {} opens the store from now on, {} no more; remove [root_key] previous \
             from the configuration of every server, and keep the old key as long as backups from \
             before",
            hex::encode(now),
            hex::encode(before)
        ),
        Rekeyed::Already { now } => format!(
            "the root key {} opens the store already; remove [root_key] previous",
            hex::encode(now)
        ),
    }
}

fn resealed(done: keyring::Resealed) -> String {
    let (term, records) = (done.term, done.records);
    let begun = if done.is_resumed {
        "a run before has begun it; "
    } else {
        ""
    };
    format!(
        "{begun}{records} records are sealed anew under term {term}, and all others were; older \
         terms can be taken away in a day: kms-server rekey --retire"
    )
}

fn retired(done: keyring::Retired) -> String {
    match done.terms {
        0 => format!("there is no term but {}", done.term),
        terms => format!("{terms} older terms are gone; {} stays", done.term),
    }
}
