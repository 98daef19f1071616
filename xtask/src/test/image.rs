//! The image of ack-secret-manager: built from its Dockerfile without an engine, looked at, and run as the chart's
//! Deployment and its cleanup say, beside a real API server and kms-server.
//!
//! What the kubelet does is done by hand: tokens of ServiceAccounts, volumes, variables, probes, the end of
//! a Job. The containers have the machine's network.

use std::fs;

use anyhow::{Context as _, Result, ensure};

use super::{
    Stage,
    deployment::{Image, ImageStore, copy_of, shipped_operator},
};

mod contents;
mod kubelet;
mod pod;
mod probe;
mod scene;
mod shows;

/// As the chart's values name it.
const NAME: &str = "localhost/ack-secret-manager";

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let program = shipped_operator(stage)?;
    let size = fs::metadata(&program).context("looking at the program")?;
    stage.say(&format!("the program has {} bytes", size.len()));
    let folder = tempfile::tempdir().context("making a folder")?;
    let context = folder.path().join("context");
    copy_of(stage.project, "ack-secret-manager", &context)?;
    let images = ImageStore::open()?;
    let built = format!("{NAME}:built");
    images.build(stage, &context, "Dockerfile", &built, &[])?;
    let image = images.unpack(&built)?;
    stage.check(
        "it-holds-the-program-alone",
        contents::are_the_program(&image),
    );
    stage.check("nobody-and-no-more-runs-it", contents::say_nobody(&image));
    let version = version(&image)?;
    let said = contents::version_is_the_programs(stage, &program, &version);
    stage.check("its-label-says-the-programs-version", said);

    // The tag that the chart asks for where no other is said.
    let tagged = format!("{NAME}:{version}");
    images.build(stage, &context, "Dockerfile", &tagged, &[])?;
    let scene = scene::Scene::set(stage, &images)?;
    shows::run(stage, scene)
}

fn version(image: &Image) -> Result<String> {
    let labels = &image.config.labels;
    let version = labels.get("org.opencontainers.image.version");
    let version = version.context("the image has no label of its version")?;
    ensure!(!version.is_empty(), "the label of the version is empty");
    Ok(version.clone())
}
