//! `account`: on the store itself, for whoever runs the server.

use std::{
    io::{self, Write as _},
    path::PathBuf,
    sync::Arc,
};

use clap::{Args, Subcommand};
use kms_server::{
    accounts::{self, AccountsError},
    init::First,
};
use kms_telemetry::Failure;
use kms_types::{AccountId, Clock, Env, FolderId, SystemClock};

use super::{
    daemon::{failed, runtime},
    init::{Place, Who},
    load,
};

/// What is done with accounts.
#[derive(Debug, Subcommand)]
pub(crate) enum Account {
    /// Makes an account with an administrator
    Add {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        #[command(flatten)]
        who: Who,
    },
    /// Lists all accounts
    List {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Puts an account into the resource directory that another account manages
    Join {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// The account that manages the directory
        #[arg(long, value_name = "ID")]
        manager: AccountId,
        /// The account that is to be in it
        #[arg(long, value_name = "ID")]
        account: AccountId,
        /// The folder, fd-…; the root if it is not said
        #[arg(long, value_name = "ID")]
        folder: Option<FolderId>,
    },
    /// Makes one more AccessKey for a RAM user, whose own may be lost
    AccessKey(Whose),
    /// Gives AdministratorAccess to a RAM user of an account in which nobody has any right
    Administrator {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// The account's id
        #[arg(long, value_name = "ID")]
        account: AccountId,
        /// The RAM user
        #[arg(long, value_name = "NAME", default_value = "admin")]
        user: String,
    },
}

/// Whose AccessKey.
#[derive(Args, Debug)]
pub(crate) struct Whose {
    /// The configuration
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// The account's id
    #[arg(long, value_name = "ID")]
    account: AccountId,
    /// The RAM user
    #[arg(long, value_name = "NAME", default_value = "admin")]
    user: String,
    /// Writes the AccessKey there (mode 0600, lines for `source`) instead of to standard output
    #[arg(long, value_name = "FILE")]
    access_key_file: Option<PathBuf>,
}

pub(super) fn run(command: Account, env: &Env) -> Result<(), Failure> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let runtime = runtime().map_err(failed)?;
    let ended = |error: AccountsError| Failure::new(error.exit(), error);
    match command {
        Account::Add { config, who } => {
            let settings = load(&config, env)?.settings;
            let place = Place::prepare(who.access_key_file.as_deref())?;
            let first = First {
                account: who.account,
                user: who.user,
            };
            let made = runtime.block_on(accounts::add(&settings, env, clock, first));
            place.told(made.map_err(ended))
        }
        Account::List { config } => {
            let settings = load(&config, env)?.settings;
            let all = runtime.block_on(accounts::list(&settings, env, clock));
            let mut out = io::stdout().lock();
            for account in all.map_err(ended)? {
                let line = format!(
                    "{}  made {}  RAM users: {}",
                    account.id, account.created, account.users
                );
                // Nobody reads: nothing is lost.
                drop(writeln!(out, "{line}"));
            }
            Ok(())
        }
        Account::Administrator {
            config,
            account,
            user,
        } => {
            let settings = load(&config, env)?.settings;
            let work = accounts::make_administrator(&settings, env, clock, &account, &user);
            runtime.block_on(work).map_err(ended)?;
            // Nobody reads: it is done all the same.
            drop(writeln!(
                io::stdout(),
                "the RAM user {user} of the account {account} may do everything in it"
            ));
            Ok(())
        }
        Account::Join {
            config,
            manager,
            account,
            folder,
        } => {
            let settings = load(&config, env)?.settings;
            let who = (&manager, &account);
            let work = accounts::join(&settings, env, clock, who, folder.as_ref());
            let joined = runtime.block_on(work).map_err(ended)?;
            // Nobody reads: it is done all the same.
            drop(writeln!(
                io::stdout(),
                "the account {account} is in the folder {} of the directory {}",
                joined.folder,
                joined.directory
            ));
            Ok(())
        }
        Account::AccessKey(own) => {
            let settings = load(&own.config, env)?.settings;
            let place = Place::prepare(own.access_key_file.as_deref())?;
            let (account, user) = (own.account, own.user);
            let work = accounts::add_access_key(&settings, env, clock, account, user);
            place.told(runtime.block_on(work).map_err(ended))
        }
    }
}
