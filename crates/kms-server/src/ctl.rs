//! `ctl`: each step of the console as a command, by signed calls of the public API as
//! everybody makes them; to a server of one's own and to the cloud alike.
//!
//! What there is to do is a table, a file for each noun. The rest of this module makes
//! command lines of it, requests of command lines, and text of answers. Values of secrets
//! come from standard input, a file or a prompt, never from the command line, and go to
//! standard output where a command is made for that.

use std::{fmt, sync::Arc};

use clap::{ArgMatches, Args, Command, FromArgMatches};
use kms_telemetry::Failure;
use kms_types::{Clock, Env};

mod by_name;
mod command;
mod digest;
mod error;
mod files;
mod hint;
mod input;
mod nouns;
mod output;
mod pages;
mod params;
mod place;
mod show;
mod steps;
mod table;
mod terminal;
mod words;

use error::CtlError;

/// What the command line said.
#[derive(Clone)]
pub struct Ctl(ArgMatches);

/// Does it.
///
/// # Errors
/// 64 for what cannot be asked so, 69 if nobody answers, 77 for no or refused credentials
/// and missing rights, 70 for anything else that was refused.
pub fn run(ctl: &Ctl, env: &Env, clock: &Arc<dyn Clock>) -> Result<(), Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| CtlError::Io("start a thread".to_owned(), error))
        .and_then(|runtime| runtime.block_on(perform(&ctl.0, env, clock)))
        .map_err(|error| Failure::new(error.exit(), error))
}

async fn perform(matches: &ArgMatches, env: &Env, clock: &Arc<dyn Clock>) -> Result<(), CtlError> {
    if let Some((by_name::NAME, matches)) = matches.subcommand() {
        return by_name::perform(matches, &place::client(matches, env, clock)?).await;
    }
    let (verb, matches) = command::find(matches)?;
    // Before anything is asked of the person.
    let client = place::client(matches, env, clock)?;
    steps::perform(verb, matches, &client, clock.now()).await
}

// === impl Ctl ===

impl Args for Ctl {
    fn augment_args(command: Command) -> Command {
        command::build(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Ctl {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Self(matches.clone()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.clone_from(matches);
        Ok(())
    }
}

/// Without what was said: it may be a value that should not have been.
impl fmt::Debug for Ctl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ctl")
    }
}

#[cfg(test)]
mod tests;
