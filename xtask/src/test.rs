//! `cargo xtask test`: the whole test suite, in parts. A part is a file beside this one and a
//! row in [`PARTS`]; it counts its own checks, and all parts run even when one fails.

use std::{
    any::Any,
    panic::{self, AssertUnwindSafe},
    path::Path,
    process::ExitCode,
};

use anyhow::{Result, ensure};
use clap::{Args, builder::PossibleValuesParser};
use kms_types::{Clock, Env, SystemClock};

mod ack;
mod aws_agent_get;
mod build;
mod business;
mod client_key;
mod clients;
mod clients_page;
mod clippy;
mod compose;
mod credentials;
mod deployment;
mod doc;
mod fmt;
mod fuzz;
mod hosted;
mod hvac;
mod identities;
mod issuer;
mod life;
mod linux;
mod managed;
mod moved_clock;
mod outage;
mod pages;
mod readme;
mod relay;
mod report;
mod scenario;
mod sdk_go;
mod sdk_java;
mod sdk_node;
mod sdk_python;
mod serve;
mod served;
mod server;
mod spring_vault;
mod stage;
mod tidy;
mod unit;

pub(crate) use server::Server;
pub(crate) use stage::{Project, Stage};

/// All parts, in the order in which they run.
const PARTS: &[Part] = &[
    Part {
        name: "fmt",
        what: "the sources are formatted",
        run: fmt::run,
    },
    Part {
        name: "clippy",
        what: "no warning in any crate, test or chore",
        run: clippy::run,
    },
    Part {
        name: "unit",
        what: "unit and integration tests of all crates",
        run: unit::run,
    },
    Part {
        name: "doc",
        what: "examples in the documentation run, and it has no dead link",
        run: doc::run,
    },
    Part {
        name: "tidy",
        what: "layers, what crates must not link, sizes, words, licences",
        run: tidy::run,
    },
    Part {
        name: "fuzz",
        what: "no parser panics, hangs or believes what chance writes",
        run: fuzz::run,
    },
    Part {
        name: "readme",
        what: "README's commands do what it says",
        run: readme::run,
    },
    Part {
        name: "pages",
        what: "commands of other pages do what these say",
        run: pages::run,
    },
    Part {
        name: "credentials",
        what: "Alibaba Cloud's own credential chain finds what ours finds",
        run: credentials::run,
    },
    Part {
        name: "sdk-python",
        what: "Alibaba Cloud's Python SDKs, V3 and V1, against kms-server and its agent",
        run: sdk_python::run,
    },
    Part {
        name: "serve",
        what: "the same Python SDKs against kms-server as a team has it: PostgreSQL, TLS of a private CA",
        run: serve::run,
    },
    Part {
        name: "sdk-java",
        what: "Alibaba Cloud's Java SDKs, V3 and V1, JSON and XML, and its secrets client, against kms-server",
        run: sdk_java::run,
    },
    Part {
        name: "sdk-go",
        what: "Alibaba Cloud's Go SDKs, V3 and V1, and its secrets client, against kms-server",
        run: sdk_go::run,
    },
    Part {
        name: "sdk-node",
        what: "Alibaba Cloud's Node.js SDKs, V3 and V1, against kms-server",
        run: sdk_node::run,
    },
    Part {
        name: "client-key",
        what: "ClientKeys of kms-server in Alibaba Cloud's clients and ours, on both gateways",
        run: client_key::run,
    },
    Part {
        name: "hvac",
        what: "HashiCorp's Python client reads through the agent",
        run: hvac::run,
    },
    Part {
        name: "spring-vault",
        what: "Spring Vault reads through the agent",
        run: spring_vault::run,
    },
    Part {
        name: "aws-agent-get",
        what: "a program written for the AWS agent reads through ours",
        run: aws_agent_get::run,
    },
    Part {
        name: "outage",
        what: "one call for many first reads; cached values outlive an outage",
        run: outage::run,
    },
    Part {
        name: "identities",
        what: "the agent as each identity, before and after its end, never refused",
        run: identities::run,
    },
    Part {
        name: "hosted",
        what: "examples, and SDKs that ask the agent, while hosted AccessKeys are replaced: no failed call",
        run: hosted::run,
    },
    Part {
        name: "managed",
        what: "the published plug-in for Python renews hosted AccessKeys, scheduled and at once: no failed call",
        run: managed::run,
    },
    Part {
        name: "scenario",
        what: "deploy/scenario: accounts, networks, a shared instance, a hosted AccessKey and its audit",
        run: scenario::run,
    },
    Part {
        name: "build",
        what: "the agent for Linux (static, as it is shipped), Windows and macOS",
        run: build::run,
    },
    Part {
        name: "linux",
        what: "deploy/linux: install.sh, the unit, the agent as the unit starts it",
        run: linux::run,
    },
    Part {
        name: "compose",
        what: "deploy/docker-compose: images without an engine, agent and application as composed",
        run: compose::run,
    },
    Part {
        name: "ack",
        what: "deploy/ack: both layouts built, both files checked, their pods run",
        run: ack::run,
    },
];

/// Runs the whole test suite; says at the end how many tests passed and failed.
#[derive(Args, Clone, Debug)]
pub(crate) struct Test {
    /// Runs these parts alone.
    #[arg(long, value_name = "NAME", num_args = 1.., value_parser = PossibleValuesParser::new(names()))]
    only: Vec<String>,
    /// Leaves these parts out; the last line says so.
    #[arg(long, value_name = "NAME", num_args = 1.., value_parser = PossibleValuesParser::new(names()))]
    without: Vec<String>,
    /// Lists the parts and ends.
    #[arg(long)]
    list: bool,
}

/// One part of the suite.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// As `--only` knows it.
    name: &'static str,
    /// What is true when it passes.
    what: &'static str,
    /// Counts its checks on the stage; an error is a failed check more.
    run: fn(&mut Stage<'_>) -> Result<()>,
}

// === impl Test ===

impl Test {
    /// Runs the chosen parts; fails when a check did.
    pub(crate) fn run(&self, root: &Path, env: &Env) -> Result<ExitCode> {
        if self.list {
            for part in PARTS {
                report::say(&format!("{:16}{}", part.name, part.what));
            }
            return Ok(ExitCode::SUCCESS);
        }
        let project = Project::find(root, env)?;
        let results = PARTS
            .iter()
            .filter(|part| self.chose(part))
            .map(|part| part.perform(&project))
            .collect::<Result<Vec<_>>>()?;
        ensure!(!results.is_empty(), "no part is left to run");
        Ok(report::summary(&results, &self.choice()))
    }

    fn chose(&self, part: &Part) -> bool {
        let named = |names: &[String]| names.iter().any(|name| name == part.name);
        (self.only.is_empty() || named(&self.only)) && !named(&self.without)
    }

    /// The caller's choice in words; empty for the whole suite.
    fn choice(&self) -> String {
        let mut words = Vec::new();
        if !self.only.is_empty() {
            words.push(format!("only {}", self.only.join(", ")));
        }
        if !self.without.is_empty() {
            words.push(format!("without {}", self.without.join(", ")));
        }
        words.join("; ")
    }
}

// === impl Part ===

impl Part {
    fn perform(&self, project: &Project) -> Result<report::Outcome> {
        report::say(&format!("{}: {}", self.name, self.what));
        let start = SystemClock.monotonic();
        let mut stage = Stage::open(project, self.name)?;
        // What stands in for a test may panic as a test may.
        match panic::catch_unwind(AssertUnwindSafe(|| (self.run)(&mut stage))) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => stage.failed(self.name, &format!("{error:#}")),
            Err(panic) => stage.failed(self.name, &message(panic.as_ref())),
        }
        let outcome = stage.close(SystemClock.monotonic().saturating_sub(start));
        report::part(&outcome);
        Ok(outcome)
    }
}

fn names() -> Vec<&'static str> {
    PARTS.iter().map(|part| part.name).collect()
}

fn message(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("it panicked")
        .to_owned()
}
