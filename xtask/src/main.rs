//! The project's own chores.

use std::path::Path;

use anyhow::Result;
use clap::Parser;

mod build;

#[derive(Parser)]
enum Chore {
    Build(build::Build),
}

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."));
    match Chore::parse() {
        Chore::Build(build) => build.run(root).map(drop),
    }
}
