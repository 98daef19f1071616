//! The real program from its command line to its exit code, beside a fake KMS.

// Nothing here is production code: lints see that by this.
#![cfg(test)]

mod commands;
mod exits;
mod hosted;
mod identity;
mod logs;
mod outage;
mod service;
mod shapes;

use std::{
    path::Path,
    process::{Command, Output},
    thread,
    time::Duration,
};

use kms_testkit::{
    FakeKms, Reply,
    agent::{AgentSetup, VALUE},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_alibabacloud-kms-agent");

/// Runs the program to its end, with these variables alone.
fn program(dir: &Path, arguments: &[&str], env: &[(&str, &str)]) -> Output {
    Command::new(PROGRAM)
        .args(arguments)
        .current_dir(dir)
        .env_clear()
        .envs(env.iter().copied())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A KMS that knows `foo` and nothing else, and an agent for it.
fn with_foo() -> (FakeKms, AgentSetup) {
    let kms = FakeKms::start().unwrap();
    kms.set("foo", Reply::Text(VALUE.to_owned()));
    let setup = AgentSetup::new(PROGRAM, &kms.url());
    (kms, setup)
}

#[track_caller]
fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..1500 {
        if holds() {
            return;
        }
        wait(10);
    }
    panic!("never: {what}");
}

#[expect(clippy::disallowed_methods, reason = "the real program takes its time")]
fn wait(millis: u64) {
    thread::sleep(Duration::from_millis(millis));
}
