//! Java packages from Maven, for programs of one file.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use super::{CACHE, lock, program, run};

/// The class path of a `pom.xml`'s dependencies: fetched once into the cache, and
/// afterwards without the network until the file changes.
pub(crate) fn maven_class_path(cache: &Path, name: &str, pom: &Path) -> Result<String> {
    let wanted = fs::read_to_string(pom).with_context(|| format!("reading {}", pom.display()))?;
    let _alone = lock(&CACHE);
    let folder = cache.join("java").join(name);
    let copied = folder.join("pom.xml");
    let listed = folder.join("class-path.txt");
    if fs::read_to_string(&copied).is_ok_and(|have| have == wanted)
        && let Ok(class_path) = fs::read_to_string(&listed)
        && class_path.split(':').all(|jar| Path::new(jar).is_file())
    {
        return Ok(class_path);
    }
    program("javac", "default-jdk-headless")?;
    program("mvn", "maven")?;
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    fs::write(&copied, &wanted).with_context(|| format!("writing {}", copied.display()))?;
    run(Command::new("mvn")
        .args(["--batch-mode", "--quiet", "-Dstyle.color=never", "--file"])
        .arg(&copied)
        .arg(repository(cache))
        .arg(format!("-Dmdep.outputFile={}", listed.display()))
        .arg("org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath"))
    .with_context(|| format!("fetching from Maven what {} names", pom.display()))?;
    fs::read_to_string(&listed).with_context(|| format!("reading {}", listed.display()))
}

/// Where Maven keeps what it fetched.
pub(super) fn repository(cache: &Path) -> String {
    let folder: PathBuf = cache.join("java/repository");
    format!("-Dmaven.repo.local={}", folder.display())
}
