//! `kms-server doctor`: everything that must be right, looked at, and what to do where it is
//! not. Changes nothing, and starts nothing.

use std::{fmt, path::Path, sync::Arc};

use jiff::Timestamp;
use kms_service::accounts_without_rights;
use kms_store::{Store, StoreError};
use kms_types::{Clock, Env};

use crate::{
    backend::{self, Opener},
    config::Config,
    database::DatabaseError,
    deliveries::Deliveries,
    serve,
    settings::Settings,
    webhook::Webhooks,
};

mod disk;
mod rams;
mod roles;

/// How one look went.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// Works, and will not for ever, or could be safer.
    Warn,
    /// A server would not start, or would stop.
    Fail,
}

/// One thing that was looked at.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What.
    pub what: &'static str,
    /// How it went.
    pub verdict: Verdict,
    /// What was found, and what to do.
    pub says: String,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct Findings(pub Vec<Finding>);

/// Clocks that are set by NTP are less than this apart, in seconds.
const SKEW: i64 = 5;

/// A certificate that ends sooner than this should have been replaced.
const DAYS_LEFT: i64 = 14;

/// Looks at everything that the configuration names.
pub async fn examine(config: &Config, env: &Env, clock: &Arc<dyn Clock>) -> Findings {
    let settings = &config.settings;
    let mut found = Findings::default();
    if config.warnings.is_empty() {
        found.note("configuration", Verdict::Ok, "can be read".to_owned());
    }
    for warning in &config.warnings {
        found.note("configuration", Verdict::Warn, warning.clone());
    }
    found.folder("data folder", &settings.data_dir);
    found.folder("log folder", &settings.log_dir());
    found.certificates(settings, clock.now());
    found.webhooks(settings, clock);
    found.deliveries(settings, env, clock);
    found.rams(settings, env, clock).await;
    found.store(settings, env, clock).await;
    found
}

// === impl Findings ===

impl Findings {
    /// The worst of them.
    pub fn worst(&self) -> Verdict {
        let verdicts = self.0.iter().map(|finding| finding.verdict);
        verdicts.max().unwrap_or(Verdict::Ok)
    }

    fn note(&mut self, what: &'static str, verdict: Verdict, says: String) {
        self.0.push(Finding {
            what,
            verdict,
            says,
        });
    }

    /// Whether each could be called; none is.
    fn webhooks(&mut self, settings: &Settings, clock: &Arc<dyn Clock>) {
        let count = settings.webhooks.len();
        match Webhooks::open(&settings.webhooks, Arc::clone(clock)) {
            Ok(_) if count == 0 => {}
            Ok(_) => self.note(
                "webhooks",
                Verdict::Ok,
                format!("{count}; keys can be read"),
            ),
            Err(reason) => self.note("webhooks", Verdict::Fail, chain(&reason)),
        }
    }

    /// Whether the keys of each can be read; nothing is delivered.
    fn deliveries(&mut self, settings: &Settings, env: &Env, clock: &Arc<dyn Clock>) {
        let count = settings.deliveries.len();
        match Deliveries::open(settings, env, clock) {
            Ok(_) if count == 0 => {}
            Ok(_) => self.note(
                "deliveries",
                Verdict::Ok,
                format!("{count}; keys can be read"),
            ),
            Err(reason) => self.note("deliveries", Verdict::Fail, chain(&reason)),
        }
    }

    fn folder(&mut self, what: &'static str, path: &Path) {
        let shown = path.display();
        let metadata = match path.metadata() {
            Ok(metadata) if metadata.is_dir() => metadata,
            Ok(_) => return self.note(what, Verdict::Fail, format!("{shown} is not a folder")),
            Err(reason) => {
                let says = format!("{shown}: {reason}; kms-server init makes it");
                return self.note(what, Verdict::Fail, says);
            }
        };
        if let Some(says) = disk::others_may(&metadata, path) {
            self.note(what, Verdict::Warn, says);
        }
        if let Err(reason) = disk::write(path) {
            return self.note(
                what,
                Verdict::Fail,
                format!("cannot write in {shown}: {reason}"),
            );
        }
        let (verdict, says) = disk::room(path);
        self.note(what, verdict, format!("{shown}: {says}"));
    }

    fn certificates(&mut self, settings: &Settings, now: Timestamp) {
        match serve::certificates_end(settings, now) {
            Ok(None) => self.note(
                "certificates",
                Verdict::Ok,
                "made by the server's own authority when it starts".to_owned(),
            ),
            Ok(Some(end)) => {
                let days = end.duration_since(now).as_hours() / 24;
                let verdict = if days < DAYS_LEFT {
                    Verdict::Warn
                } else {
                    Verdict::Ok
                };
                let says = format!("the first ends at {end}, in {days} days");
                self.note("certificates", verdict, says);
            }
            Err(reason) => self.note("certificates", Verdict::Fail, chain(&reason)),
        }
    }

    async fn store(&mut self, settings: &Settings, env: &Env, clock: &Arc<dyn Clock>) {
        let keys = &settings.root_key;
        let current = match keys.current.load(env).await {
            Ok(key) => {
                let says = format!("{}, id {}", keys.current, hex::encode(key.id()));
                self.note("root key", Verdict::Ok, says);
                Some(key)
            }
            Err(reason) => {
                self.note("root key", Verdict::Fail, chain(&reason));
                None
            }
        };
        let previous = match keys.load_previous(env).await {
            Ok(key) => key,
            Err(reason) => {
                let says = format!("previous: {}", chain(&reason));
                self.note("root key", Verdict::Fail, says);
                None
            }
        };
        let place = settings.place();
        let database = match place.open().await {
            Ok(database) => database,
            Err(DatabaseError::Store(StoreError::InUse { .. })) => {
                let says = "a server runs on it, whose /ready tells whether it is well";
                return self.note("store", Verdict::Ok, format!("{}: {says}", place.shown()));
            }
            Err(reason) => return self.note("store", Verdict::Fail, chain(&reason)),
        };
        self.note("store", Verdict::Ok, place.shown());
        if let Some(current) = current {
            let store = database.store();
            match backend::unseal(&*store, &current, previous.as_ref(), &**clock).await {
                Ok((keyring, opener)) => {
                    let (verdict, says) = match opener {
                        Opener::Current => {
                            let terms = keyring.terms().count();
                            (Verdict::Ok, format!("opens; terms: {terms}"))
                        }
                        Opener::Previous => (
                            Verdict::Warn,
                            "is wrapped by the previous root key: run kms-server rekey".to_owned(),
                        ),
                    };
                    self.note("keyring", verdict, says);
                    self.roles(settings, &store, keyring, clock).await;
                }
                Err(reason) => self.note("keyring", Verdict::Fail, chain(&reason)),
            }
            self.rights(&*store).await;
            self.clock(&*store, &**clock).await;
        }
        database.close().await;
    }

    /// Whether the database's clock is ours: leases go by the one, and nonces, sessions and
    /// rotations by the other.
    async fn clock(&mut self, store: &dyn Store, clock: &dyn Clock) {
        let before = clock.now();
        let theirs = match store.clock().await {
            Ok(Some(theirs)) => theirs,
            Ok(None) => return,
            Err(reason) => return self.note("clock", Verdict::Fail, chain(&reason)),
        };
        let after = clock.now();
        // It was read between the two.
        let ahead = theirs.duration_since(after).as_secs();
        let behind = before.duration_since(theirs).as_secs();
        let (verdict, says) = if ahead >= SKEW {
            let says = format!("the database's is {ahead} seconds ahead of this machine's");
            (Verdict::Warn, says)
        } else if behind >= SKEW {
            let says = format!("the database's is {behind} seconds behind this machine's");
            (Verdict::Warn, says)
        } else {
            let says = "the database's and this machine's agree".to_owned();
            (Verdict::Ok, says)
        };
        let what_to_do = match verdict {
            Verdict::Ok => "",
            _ => "; let NTP set both: calls are refused that seem to be 15 minutes old",
        };
        self.note("clock", verdict, format!("{says}{what_to_do}"));
    }

    /// Whether somebody can change something in each account.
    async fn rights(&mut self, store: &dyn Store) {
        match accounts_without_rights(store).await {
            Ok(accounts) => {
                for account in accounts {
                    let says = format!(
                        "no RAM user of the account {account} has a policy or is in a group, so \
                         nobody may do anything (init gave none before policies decided): \
                         kms-server account administrator --account {account} --user NAME, and \
                         kms-server ctl ram policy attach-user for all others"
                    );
                    self.note("rights", Verdict::Warn, says);
                }
            }
            Err(reason) => self.note("rights", Verdict::Fail, chain(&reason)),
        }
    }
}

/// A line for each.
impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.0 {
            let verdict = match finding.verdict {
                Verdict::Ok => "ok  ",
                Verdict::Warn => "warn",
                Verdict::Fail => "FAIL",
            };
            writeln!(f, "{verdict}  {:<14} {}", finding.what, finding.says)?;
        }
        Ok(())
    }
}

/// An error with its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
