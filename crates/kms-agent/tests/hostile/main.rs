//! Hostile input against the real program, over raw TCP: every row of security
//! reference §5.2 but 50, which belongs to a feature that is not there yet. Where the
//! agent's own rules say otherwise, they hold: `%2F` equals `/`, `+` means `+`, unknown
//! parameters are ignored, HEAD on a secret is 405, a fragment is dropped.
//!
//! After each case the program lives, the next normal request is answered, as many
//! calls reached KMS as predicted, and at the end no canary is in its logs or output.

// Nothing here is production code: lints see that by this.
#![cfg(test)]

mod broken;
mod cases;
mod disk;
mod flood;
mod network;
mod rows;
mod script;
mod slow;
mod upstream;

use kms_testkit::{
    FakeKms, Reply,
    agent::{AgentSetup, RunningAgent, VALUE},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_alibabacloud-kms-agent");

/// A KMS that knows every name there can be, so that no wrong one passes unseen.
fn kms() -> FakeKms {
    let kms = FakeKms::start().unwrap();
    kms.set_otherwise(Reply::Text(VALUE.to_owned()));
    kms
}

/// An agent that has read `foo`, and how many calls that took in all.
fn warm(setup: AgentSetup, kms: &FakeKms) -> (RunningAgent, usize) {
    let agent = setup.start();
    normal(&agent);
    (agent, kms.calls().len())
}

/// The next normal request is answered.
#[track_caller]
fn normal(agent: &RunningAgent) {
    let response = agent.get("/secretsmanager/get?secretId=foo");
    assert_eq!(response.status, 200, "{}", response.text());
    assert!(response.text().contains(VALUE));
}
