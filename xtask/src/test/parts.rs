//! The parts of the suite: what each of them shows, and beside what it may run.

use std::{
    any::Any,
    panic::{self, AssertUnwindSafe},
};

use anyhow::Result;
use kms_types::{Clock as _, SystemClock};

use super::{
    Project, Stage, ack, aws_agent_get, build, chart, client_key, clippy, compose, credentials,
    doc, fmt, fuzz, go_texts, hosted, hvac, identities, image, injector, kms_plugin, kubernetes,
    linux, managed, operator, outage, pages, readme, report::Outcome, scenario, sdk_go, sdk_java,
    sdk_node, sdk_python, seed_004, serve, spring_vault, storage, terraform, tidy, unit, webhook,
};

/// One part of the suite.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// As `--only` knows it.
    pub(super) name: &'static str,
    /// What is true when it passes.
    pub(super) what: &'static str,
    /// Beside what it runs.
    pub(super) lane: Lane,
    /// Counts its checks on the stage; an error is a failed check more.
    pub(super) run: fn(&mut Stage<'_>) -> Result<()>,
}

/// Parts of one lane run one after the other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Lane {
    /// Before all others and beside none: it looks at the sources, or compiles into the folder
    /// (`target/debug`) that others run programs from.
    First,
    /// Compiles for minutes, into folders of its own, or runs what was compiled there. Whatever
    /// listens does so in a network of its own, and it yields to the other lane.
    Builds,
    /// Mostly waits for clocks and for other processes. It compiles nothing that the first ones
    /// have not compiled.
    Waits,
}

/// All parts, in the order in which they are told of.
pub(super) const PARTS: &[Part] = &[
    Part {
        name: "fmt",
        what: "the sources are formatted",
        lane: Lane::First,
        run: fmt::run,
    },
    Part {
        name: "clippy",
        what: "no warning in any crate, test or chore",
        lane: Lane::First,
        run: clippy::run,
    },
    Part {
        name: "unit",
        what: "unit tests of all crates, in the crates and in their programs",
        lane: Lane::First,
        run: unit::run,
    },
    Part {
        name: "doc",
        what: "examples in the documentation run, and it has no dead link",
        lane: Lane::First,
        run: doc::run,
    },
    Part {
        name: "tidy",
        what: "layers, what crates must not link, sizes, words, licences",
        lane: Lane::First,
        run: tidy::run,
    },
    Part {
        name: "kubernetes",
        what: "an API server of Kubernetes and its etcd, built once, for the part operator",
        lane: Lane::Builds,
        run: kubernetes::run,
    },
    Part {
        name: "build",
        what: "the agent for Linux (static, as it is shipped), Windows and macOS",
        lane: Lane::Builds,
        run: build::run,
    },
    Part {
        name: "linux",
        what: "deploy/linux: install.sh, the unit, the agent as the unit starts it",
        lane: Lane::Builds,
        run: linux::run,
    },
    Part {
        name: "compose",
        what: "deploy/docker-compose: images without an engine, agent and application as composed",
        lane: Lane::Builds,
        run: compose::run,
    },
    Part {
        name: "ack",
        what: "deploy/ack: both layouts built, both files checked, their pods run",
        lane: Lane::Builds,
        run: ack::run,
    },
    Part {
        name: "injector",
        what: "pods that ask for the agent, as an API server stores them: seed 000's demo, run as its kubelet would",
        lane: Lane::Builds,
        run: injector::run,
    },
    Part {
        name: "fuzz",
        what: "no parser panics, hangs or believes what chance writes",
        lane: Lane::Builds,
        run: fuzz::run,
    },
    Part {
        name: "readme",
        what: "README's commands do what it says",
        lane: Lane::Builds,
        run: readme::run,
    },
    Part {
        name: "integration",
        what: "integration tests of all crates",
        lane: Lane::Waits,
        run: unit::run_integration,
    },
    Part {
        name: "pages",
        what: "commands of other pages do what these say",
        lane: Lane::Waits,
        run: pages::run,
    },
    Part {
        name: "credentials",
        what: "Alibaba Cloud's own credential chain finds what ours finds",
        lane: Lane::Waits,
        run: credentials::run,
    },
    Part {
        name: "sdk-python",
        what: "Alibaba Cloud's Python SDKs, V3 and V1, against kms-server and its agent",
        lane: Lane::Waits,
        run: sdk_python::run,
    },
    Part {
        name: "serve",
        what: "the same Python SDKs against kms-server as a team has it: PostgreSQL, TLS of a private CA",
        lane: Lane::Waits,
        run: serve::run,
    },
    Part {
        name: "sdk-java",
        what: "Alibaba Cloud's Java SDKs, V3 and V1, JSON and XML, and its secrets client, against kms-server",
        lane: Lane::Waits,
        run: sdk_java::run,
    },
    Part {
        name: "sdk-go",
        what: "Alibaba Cloud's Go SDKs, V3 and V1, and its secrets client, against kms-server",
        lane: Lane::Waits,
        run: sdk_go::run,
    },
    Part {
        name: "go-texts",
        what: "what tests of ack-secret-manager expect of documents and templates is what Go gives",
        lane: Lane::Waits,
        run: go_texts::run,
    },
    Part {
        name: "sdk-node",
        what: "Alibaba Cloud's Node.js SDKs, V3 and V1, against kms-server",
        lane: Lane::Waits,
        run: sdk_node::run,
    },
    Part {
        name: "storage",
        what: "a server of S3 that is not ours takes what we sign",
        lane: Lane::Waits,
        run: storage::run,
    },
    Part {
        name: "client-key",
        what: "ClientKeys of kms-server in Alibaba Cloud's clients and ours, on both gateways",
        lane: Lane::Waits,
        run: client_key::run,
    },
    Part {
        name: "hvac",
        what: "HashiCorp's Python client reads through the agent",
        lane: Lane::Waits,
        run: hvac::run,
    },
    Part {
        name: "spring-vault",
        what: "Spring Vault reads through the agent",
        lane: Lane::Waits,
        run: spring_vault::run,
    },
    Part {
        name: "aws-agent-get",
        what: "a program written for the AWS agent reads through ours",
        lane: Lane::Waits,
        run: aws_agent_get::run,
    },
    Part {
        name: "outage",
        what: "one call for many first reads; cached values outlive an outage",
        lane: Lane::Waits,
        run: outage::run,
    },
    Part {
        name: "identities",
        what: "the agent as each identity, before and after its end, never refused",
        lane: Lane::Waits,
        run: identities::run,
    },
    Part {
        name: "hosted",
        what: "examples, and SDKs that ask the agent, while hosted AccessKeys are replaced: no failed call",
        lane: Lane::Waits,
        run: hosted::run,
    },
    Part {
        name: "managed",
        what: "the published plug-in for Python renews hosted AccessKeys, scheduled and at once: no failed call",
        lane: Lane::Waits,
        run: managed::run,
    },
    Part {
        name: "scenario",
        what: "deploy/scenario: accounts, networks, a shared instance, a hosted AccessKey and its audit",
        lane: Lane::Waits,
        run: scenario::run,
    },
    Part {
        name: "terraform",
        what: "deploy/terraform: formatted, and applied, changed and destroyed where the provider is at hand",
        lane: Lane::Waits,
        run: terraform::run,
    },
    Part {
        name: "chart",
        what: "the chart of ack-secret-manager: lint, what it renders, in a cluster, and out of it again",
        lane: Lane::Builds,
        run: chart::run,
    },
    Part {
        name: "image",
        what: "ack-secret-manager's image: what is in it, and its pods run as the chart says",
        lane: Lane::Builds,
        run: image::run,
    },
    Part {
        name: "operator",
        what: "ack-secret-manager in a cluster: the published operator's cases, its defects, what goes wrong",
        lane: Lane::Waits,
        run: operator::run,
    },
    Part {
        name: "seed-004",
        what: "the chart's four values; secrets of three types at an instance's endpoint, by a ClientKey",
        lane: Lane::Waits,
        run: seed_004::run,
    },
    Part {
        name: "kms-plugin",
        what: "Secrets lie encrypted in etcd, under a key of KMS that is rotated, changed and out of reach",
        lane: Lane::Waits,
        run: kms_plugin::run,
    },
    Part {
        name: "webhook",
        what: "admission of our kinds and of pods that want an agent, as the chart has it, beside an API server",
        lane: Lane::Waits,
        run: webhook::run,
    },
];

// === impl Part ===

impl Part {
    /// Runs it to its end, whatever that is.
    pub(super) fn perform(&self, project: &Project) -> Outcome {
        let start = SystemClock.monotonic();
        let mut stage = match Stage::open(project, self.name) {
            Ok(stage) => stage,
            Err(error) => return Outcome::not_begun(self.name, &format!("{error:#}")),
        };
        // What stands in for a test may panic as a test may.
        match panic::catch_unwind(AssertUnwindSafe(|| (self.run)(&mut stage))) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => stage.failed(self.name, &format!("{error:#}")),
            Err(panic) => stage.failed(self.name, &message(panic.as_ref())),
        }
        stage.close(SystemClock.monotonic().saturating_sub(start))
    }
}

/// What `--only` and `--without` know.
pub(super) fn names() -> Vec<&'static str> {
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
