//! Go modules from their proxy, for the programs in suite/go.

use std::{path::Path, process::Command};

use anyhow::Result;

use super::program;

/// A go call in this module. What it fetches and compiles is kept in the cache, and what `go.sum`
/// does not name is refused; the network is asked for nothing that lies there already.
pub(crate) fn go(cache: &Path, module: &Path) -> Result<Command> {
    program("go", "golang-go")?;
    let folder = cache.join("go");
    let mut go = Command::new("go");
    go.current_dir(module)
        .env("GOMODCACHE", folder.join("modules"))
        .env("GOCACHE", folder.join("build"))
        .env("GOFLAGS", "-mod=readonly -p=2")
        // The one that is installed, or none.
        .env("GOTOOLCHAIN", "local")
        .env("GOWORK", "off")
        // Nothing needs a C compiler.
        .env("CGO_ENABLED", "0");
    Ok(go)
}
