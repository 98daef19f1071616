//! Images by buildah, without an engine: a store of their own that goes with the handle.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

use crate::{test::Stage, tools};

/// Where images are.
pub(crate) struct ImageStore {
    folder: TempDir,
}

/// A built image, unpacked to be run once.
#[derive(Debug)]
pub(crate) struct Image {
    /// Its root.
    pub(crate) rootfs: PathBuf,
    /// What its Dockerfile says about running it.
    pub(crate) config: ImageConfig,
}

/// The `config` of an OCI image.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct ImageConfig {
    pub(crate) user: String,
    pub(crate) env: Vec<String>,
    pub(crate) entrypoint: Vec<String>,
    pub(crate) cmd: Vec<String>,
    pub(crate) working_dir: String,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) volumes: BTreeMap<String, Value>,
}

/// In place of alpine: what Debian's busybox-static holds.
const BASE: &str = "localhost/busybox";

// === impl ImageStore ===

impl ImageStore {
    pub(crate) fn open() -> Result<Self> {
        tools::program("buildah", "buildah")?;
        Ok(Self {
            folder: tempfile::tempdir().context("making a folder for images")?,
        })
    }

    /// Builds an image from a Dockerfile and its folder; no base image is fetched.
    pub(crate) fn build(
        &self,
        stage: &mut Stage<'_>,
        context: &Path,
        dockerfile: &str,
        tag: &str,
        arguments: &[(&str, &str)],
    ) -> Result<()> {
        let mut command = self.buildah("build");
        // In a chroot: the runtimes want cgroups that a container may not have.
        command
            .args(["--isolation", "chroot", "--pull-never", "--tag", tag])
            .arg("--file")
            .arg(context.join(dockerfile));
        for (name, value) in arguments {
            command.arg("--build-arg").arg(format!("{name}={value}"));
        }
        stage.succeed(command.arg(context))?;
        Ok(())
    }

    /// Builds the local base image of the applications and gives its name, for `ARG BASE`.
    pub(crate) fn base(&self, stage: &mut Stage<'_>) -> Result<&'static str> {
        tools::program("busybox", "busybox-static")?;
        let context = self.folder.path().join("base");
        std::fs::create_dir_all(&context)
            .and_then(|()| std::fs::copy("/bin/busybox", context.join("busybox")))
            .and_then(|_| {
                std::fs::write(
                    context.join("Dockerfile"),
                    "FROM scratch\n\
                     COPY busybox /bin/busybox\n\
                     RUN [\"/bin/busybox\", \"--install\", \"-s\", \"/bin\"]\n",
                )
            })
            .context("laying out the base image")?;
        self.build(stage, &context, "Dockerfile", BASE, &[])?;
        Ok(BASE)
    }

    /// Unpacks an image.
    pub(crate) fn unpack(&self, tag: &str) -> Result<Image> {
        #[derive(Deserialize)]
        struct Inspected {
            #[serde(rename = "OCIv1")]
            image: Described,
        }
        #[derive(Deserialize)]
        struct Described {
            config: ImageConfig,
        }
        let described = ask(self.buildah("inspect").args(["--type", "image", tag]))?;
        let described: Inspected =
            serde_json::from_str(&described).context("reading an image's configuration")?;
        let container = ask(self.buildah("from").args(["--pull-never", tag]))?;
        let rootfs = ask(self.buildah("mount").arg(container.trim()))?;
        let rootfs = PathBuf::from(rootfs.trim());
        ensure!(rootfs.is_dir(), "buildah unpacked nothing");
        Ok(Image {
            rootfs,
            config: described.image.config,
        })
    }

    /// Plain folders as storage: a file system that overlays needs more than every machine has.
    fn buildah(&self, command: &str) -> Command {
        let mut buildah = Command::new("buildah");
        buildah
            .arg("--root")
            .arg(self.folder.path().join("root"))
            .arg("--runroot")
            .arg(self.folder.path().join("run"))
            .args(["--storage-driver", "vfs", command]);
        buildah
    }
}

/// What a command answers on standard output.
fn ask(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("starting {}", tools::line(command)))?;
    ensure!(
        output.status.success(),
        "{} ended with {}: {}",
        tools::line(command),
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)
        .with_context(|| format!("the output of {}", tools::line(command)))
}

// === impl ImageConfig ===

impl ImageConfig {
    /// `USER` as the two numbers that our Dockerfiles write; names would need a passwd file.
    pub(crate) fn ids(&self) -> Result<(u32, u32)> {
        let (user, group) = self
            .user
            .split_once(':')
            .with_context(|| format!("USER {:?} is not two numbers", self.user))?;
        Ok((
            user.parse().context("the number of USER")?,
            group.parse().context("the number of USER's group")?,
        ))
    }
}
