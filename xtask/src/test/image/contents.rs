//! What is in an image, without running it.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::Path,
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

use crate::test::{Stage, deployment::Image};

/// Where the program lies, the folders on the way, and the mode of each.
const CONTENTS: [(&str, &str); 4] = [
    ("usr", "755"),
    ("usr/local", "755"),
    ("usr/local/bin", "755"),
    ("usr/local/bin/ack-secret-manager", "755"),
];

/// Nobody's: a user of no system.
const NOBODY: (u32, u32) = (65532, 65532);

/// The program, the folders on its way, and nothing else; all of it root's, who alone may write.
pub(super) fn are_the_program(image: &Image) -> Result<()> {
    let mut found = BTreeMap::new();
    walk(&image.rootfs, "", &mut found)?;
    let wanted: BTreeMap<String, String> = CONTENTS
        .iter()
        .map(|(path, mode)| ((*path).to_owned(), (*mode).to_owned()))
        .collect();
    ensure!(found == wanted, "the image holds {found:?}, not {wanted:?}");
    Ok(())
}

/// What runs if nobody says otherwise: the program, as nobody; no folder is a volume.
pub(super) fn say_nobody(image: &Image) -> Result<()> {
    let config = &image.config;
    let ids = config.ids()?;
    ensure!(ids == NOBODY, "it is run as {ids:?}");
    ensure!(
        config.entrypoint == ["/usr/local/bin/ack-secret-manager"] && config.cmd.is_empty(),
        "it runs {:?} {:?}",
        config.entrypoint,
        config.cmd
    );
    ensure!(
        config.env == ["PATH=/usr/local/bin"],
        "its variables are {:?}",
        config.env
    );
    ensure!(
        config.volumes.is_empty(),
        "it wants volumes: {:?}",
        config.volumes
    );
    Ok(())
}

/// What the image is called after is what its program says of itself.
pub(super) fn version_is_the_programs(
    stage: &mut Stage<'_>,
    program: &Path,
    version: &str,
) -> Result<()> {
    let said = stage.succeed(Command::new(program).arg("version").env_clear())?;
    ensure!(
        said.trim() == format!("ack-secret-manager {version}"),
        "the label says {version}, the program {said:?}"
    );
    Ok(())
}

fn walk(root: &Path, below: &str, found: &mut BTreeMap<String, String>) -> Result<()> {
    let folder = root.join(below);
    let entries = fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
    for entry in entries {
        let entry = entry.context("reading an image")?;
        let name = entry.file_name();
        let name = name.to_str().context("a name that is no text")?;
        let path = if below.is_empty() {
            name.to_owned()
        } else {
            format!("{below}/{name}")
        };
        let metadata = entry.metadata().context("looking at a file of an image")?;
        ensure!(
            (metadata.uid(), metadata.gid()) == (0, 0),
            "/{path} belongs to {}:{}",
            metadata.uid(),
            metadata.gid()
        );
        ensure!(
            metadata.is_dir() || metadata.is_file(),
            "/{path} is neither a file nor a folder"
        );
        let mode = metadata.permissions().mode() & 0o7777;
        found.insert(path.clone(), format!("{mode:o}"));
        if metadata.is_dir() {
            walk(root, &path, found)?;
        }
    }
    Ok(())
}
