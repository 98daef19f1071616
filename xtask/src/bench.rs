//! `cargo xtask bench`: what the programs cost, beside others that do the same.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, ValueEnum};
use kms_types::Env;

mod agent;
mod example;
mod get;
mod kms;
mod load;
mod machine;
mod operator;
mod peers;
mod postgres;
mod process;
mod record;
mod rotation;
mod server;
mod sign;
mod table;
mod writes;

/// Measures side by side and prints the table: all benches, or the one named.
#[derive(Args, Clone, Debug)]
pub(crate) struct Bench {
    /// What to measure.
    #[arg(value_enum)]
    which: Option<Which>,
    /// One short round, only to see that everything works; its figures are worth nothing.
    #[arg(long)]
    quick: bool,
    /// Also puts the table into docs/benchmarks.md.
    #[arg(long, conflicts_with = "quick")]
    write: bool,
    /// A HashiCorp Vault or OpenBao, for `server`: started, unsealed and measured beside ours.
    #[arg(long, value_name = "PROGRAM")]
    peer: Option<PathBuf>,
    /// What `server` and `operator` are built by; `dist` is what is shipped, and takes longer to build.
    #[arg(long, value_name = "PROFILE", default_value = "release")]
    profile: String,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Which {
    /// Cached answers of the agent, beside hyper alone and nginx.
    Agent,
    /// ExternalSecrets in a cluster of Kubernetes, at first, at rest and when a secret changes.
    Operator,
    /// Hosted AccessKeys that are due at once, four servers on one PostgreSQL.
    Rotation,
    /// Signed calls of the server on either database, each in its audit log first.
    Server,
    /// Signatures made and checked, each scheme.
    Sign,
    /// Writes of the server's store, from one caller and from many.
    Writes,
}

impl Bench {
    /// Measures, prints, and records where that is asked for.
    pub(crate) fn run(&self, root: &Path, env: &Env) -> Result<()> {
        let all = Which::value_variants();
        for which in all {
            if self.which.is_some_and(|wanted| wanted != *which) {
                continue;
            }
            let (name, report) = match which {
                Which::Agent => ("agent", agent::measure(root, self.quick)?),
                Which::Operator => (
                    "operator",
                    operator::measure(root, env, self.quick, &self.profile)?,
                ),
                Which::Rotation => ("rotation", rotation::measure(root, env, self.quick)?),
                Which::Server => {
                    let how = server::How {
                        quick: self.quick,
                        profile: &self.profile,
                        peer: self.peer.as_deref(),
                    };
                    ("server", server::measure(root, env, how)?)
                }
                Which::Sign => ("sign", sign::measure(root, self.quick)?),
                Which::Writes => ("writes", writes::measure(root, self.quick)?),
            };
            record::print(&report)?;
            if self.write {
                record::write(root, name, &report)?;
            }
        }
        Ok(())
    }
}
