//! Spring Vault, with the agent in Vault's place.

use std::{fs, process::Command};

use anyhow::{Context as _, Result};

use super::{Server, Stage, clients, hvac};
use crate::tools;

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let java = stage.project.root.join("suite/java");
    let jars =
        tools::maven_class_path(&stage.project.cache, "spring-vault", &java.join("pom.xml"))?;
    let classes = stage.project.target.join("suite/java");
    fs::create_dir_all(&classes).with_context(|| format!("making {}", classes.display()))?;
    stage.succeed(
        Command::new("javac")
            .args(["-encoding", "UTF-8", "-classpath", &jars, "-d"])
            .arg(&classes)
            .arg(java.join("SpringVault.java")),
    )?;
    let server = Server::start(stage)?;
    clients::store(stage, &server)?;
    let agent = clients::agent(stage, &server, hvac::vault)?;
    let mut command = server.client("java".as_ref());
    command
        .arg("-Dfile.encoding=UTF-8")
        .args(["-classpath", &format!("{}:{jars}", classes.display())])
        .arg("SpringVault");
    clients::point_at(&mut command, &agent);
    stage.check_program("SpringVault", &mut command)?;
    clients::end(stage, server, agent);
    Ok(())
}
