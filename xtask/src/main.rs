//! The project's own chores.

use std::{path::Path, process::ExitCode};

use anyhow::Result;
use clap::Parser;
use kms_types::Env;

mod bench;
mod build;
mod ports;
mod test;
mod tools;

#[derive(Parser)]
enum Chore {
    Bench(bench::Bench),
    Build(build::Build),
    Test(test::Test),
}

fn main() -> Result<ExitCode> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."));
    match Chore::parse() {
        Chore::Bench(bench) => bench.run(root, &environment()).map(|()| ExitCode::SUCCESS),
        Chore::Build(build) => build.run(root).map(|_| ExitCode::SUCCESS),
        Chore::Test(test) => test.run(root, &environment()),
    }
}

fn environment() -> Env {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}
