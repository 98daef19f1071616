//! `init`: the first account, and the one moment at which its AccessKey is seen.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use clap::Args;
use kms_server::init::{self, First, Made};
use kms_telemetry::{Exit, Failure};
use kms_types::{AccountId, Clock, Env, SystemClock};
use zeroize::Zeroizing;

use super::{
    daemon::{failed, runtime},
    load,
};

/// What is made.
#[derive(Args, Debug)]
pub(crate) struct Init {
    /// The configuration
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    #[command(flatten)]
    who: Who,
}

/// Whose account, and where its AccessKey goes.
#[derive(Args, Debug)]
pub(crate) struct Who {
    /// The account's id, digits; a random one of 16 if left out
    #[arg(long, value_name = "ID")]
    pub(super) account: Option<AccountId>,
    /// The RAM user that may do everything in it
    #[arg(long, value_name = "NAME", default_value = "admin")]
    pub(super) user: String,
    /// Writes the AccessKey there (mode 0600, lines for `source`) instead of to standard output
    #[arg(long, value_name = "FILE")]
    pub(super) access_key_file: Option<PathBuf>,
}

pub(super) fn run(own: Init, env: &Env) -> Result<(), Failure> {
    let config = load(&own.config, env)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let Who {
        account,
        user,
        access_key_file,
    } = own.who;
    let place = Place::prepare(access_key_file.as_deref())?;
    let first = First { account, user };
    let made = runtime()
        .map_err(failed)?
        .block_on(init::run(&config.settings, env, clock, first))
        .map_err(|error| Failure::new(error.exit(), error));
    place.told(made)
}

/// Where an AccessKey goes, opened before there is one: a secret that cannot be written
/// down would be lost.
pub(super) enum Place<'a> {
    Output,
    File(&'a Path, std::fs::File),
}

impl<'a> Place<'a> {
    pub(super) fn prepare(file: Option<&'a Path>) -> Result<Self, Failure> {
        let Some(path) = file else {
            return Ok(Self::Output);
        };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(path)
            .map(|file| Self::File(path, file))
            .with_context(|| format!("cannot make the file {}", path.display()))
            .map_err(|error| Failure::new(Exit::Usage, error))
    }

    /// Writes down what was made; if nothing was, nothing is left.
    pub(super) fn told(self, made: Result<Made, Failure>) -> Result<(), Failure> {
        match made {
            Ok(made) => self.tell(&made),
            Err(failure) => {
                self.discard();
                Err(failure)
            }
        }
    }

    fn tell(self, made: &Made) -> Result<(), Failure> {
        // EXPOSE: to whoever runs the command, once.
        let secret = made.key.secret.expose();
        let lines = Zeroizing::new(format!(
            "export ALIBABA_CLOUD_ACCESS_KEY_ID={}\nexport ALIBABA_CLOUD_ACCESS_KEY_SECRET={secret}\n",
            made.key.id,
        ));
        let about = format!(
            "# account {}, RAM user {}: may do everything in it. The secret is shown this once.\n",
            made.account, made.user
        );
        let written = match self {
            Self::Output => {
                let mut out = io::stdout().lock();
                out.write_all(about.as_bytes())
                    .and_then(|()| out.write_all(lines.as_bytes()))
                    .and_then(|()| out.flush())
            }
            Self::File(path, mut file) => file
                .write_all(lines.as_bytes())
                .and_then(|()| file.sync_all())
                .and_then(|()| {
                    let mut out = io::stdout().lock();
                    writeln!(
                        out,
                        "account {}, RAM user {}; its AccessKey: {}",
                        made.account,
                        made.user,
                        path.display()
                    )
                }),
        };
        written
            .context("the AccessKey could not be written and is lost")
            .map_err(failed)
    }

    fn discard(self) {
        if let Self::File(path, file) = self {
            drop(file);
            // Empty, and in the way of the next try.
            drop(std::fs::remove_file(path));
        }
    }
}
