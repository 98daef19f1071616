//! What the kubelet makes of a stored pod: volumes, with the owners and modes that it gives them
//! (`pkg/volume` of Kubernetes), and containers.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, chown},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use k8s_openapi::api::core::v1::{
    Container as PodContainer, Pod, PodSpec, ServiceAccountTokenProjection, Volume,
};

use crate::test::{
    Stage,
    deployment::{Container, ImageStore, Mount, Run, Sandbox},
    kubernetes::{Client, Kind},
    rrsa::Rrsa,
};

/// A node.
pub(super) struct Kubelet<'a> {
    pub(super) sandbox: &'a Sandbox,
    pub(super) client: &'a Client,
    pub(super) rrsa: &'a Rrsa<'a>,
    /// For volumes and what containers print.
    pub(super) folder: &'a Path,
    pub(super) images: &'a ImageStore,
    /// Where STS is: here, it is where KMS is.
    pub(super) sts: String,
}

// === impl Kubelet ===

impl<'a> Kubelet<'a> {
    /// Makes all volumes; each is a folder of its name.
    pub(super) fn volumes(&self, stage: &mut Stage<'_>, pod: &Pod) -> Result<PathBuf> {
        let spec = spec(pod)?;
        let volumes = self.folder.join("volumes");
        for volume in spec.volumes.iter().flatten() {
            let place = volumes.join(&volume.name);
            fs::create_dir_all(&place).context("making a volume")?;
            self.fill(stage, pod, volume, &place)?;
        }
        Ok(volumes)
    }

    /// Starts a container as its spec says.
    pub(super) fn start(
        &self,
        pod: &Pod,
        container: &PodContainer,
        volumes: &Path,
    ) -> Result<Container<'a>> {
        let security = container.security_context.clone();
        let security = security.context("a container without a security context")?;
        let dropped = security.capabilities.and_then(|all| all.drop);
        ensure!(
            dropped == Some(vec!["ALL".to_owned()]),
            "it keeps capabilities"
        );
        let image = container.image.as_deref().unwrap_or_default();
        let image = self.images.unpack(image.trim_start_matches("localhost/"))?;
        let pod_security = spec(pod)?.security_context.clone().unwrap_or_default();
        let groups = pod_security.supplemental_groups.into_iter().flatten();
        let groups: Vec<u32> = groups
            .chain(pod_security.fs_group)
            .map(u32::try_from)
            .collect::<Result<_, _>>()?;
        let mut env = Vec::new();
        for variable in container.env.iter().flatten() {
            let value = variable
                .value
                .clone()
                .context("a variable without a value")?;
            env.push((variable.name.clone(), value));
        }
        if container.name == "kms-agent" {
            env.push(("KMS_STS_ENDPOINT".to_owned(), self.sts.clone()));
        }
        let mounts = container.volume_mounts.iter().flatten().map(|mount| {
            let volume = volumes.join(&mount.name);
            Mount {
                from: mount.sub_path.iter().fold(volume, |at, path| at.join(path)),
                to: mount.mount_path.clone(),
                read_only: mount.read_only == Some(true),
            }
        });
        let number = |number: Option<i64>| {
            u32::try_from(number.context("a container of the image's user")?)
                .context("a user's number")
        };
        Container::start(
            self.sandbox,
            self.folder,
            &Run {
                name: &container.name,
                image: &image,
                command: container.command.clone().unwrap_or_default(),
                arguments: container.args.clone().unwrap_or_default(),
                env,
                user: Some((
                    number(security.run_as_user)?,
                    number(security.run_as_group)?,
                )),
                groups,
                mounts: mounts.collect(),
                read_only: security.read_only_root_filesystem == Some(true),
                no_new_privileges: security.allow_privilege_escalation == Some(false),
                lock_memory: false,
            },
        )
    }

    /// Owner, group and mode of a file in a volume.
    pub(super) fn owner(&self, stage: &mut Stage<'_>, file: &Path) -> Result<(u32, u32, u32)> {
        // Volumes in memory are mounted in the sandbox alone.
        let mut stat = self.sandbox.command("stat");
        let told = stage.succeed(stat.args(["--format=%u %g %a"]).arg(file))?;
        let told: Vec<_> = told.split_whitespace().collect();
        let [user, group, mode] = told.as_slice() else {
            bail!("stat told {told:?}");
        };
        let mode = u32::from_str_radix(mode, 8).context("a mode")?;
        Ok((user.parse()?, group.parse()?, mode))
    }

    /// What a file in a volume holds; it stands in no log.
    pub(super) fn read(&self, file: &Path) -> Result<Vec<u8>> {
        let output = self.sandbox.command("cat").arg(file).output();
        let output = output.context("reading in the sandbox")?;
        ensure!(output.status.success(), "cannot read {}", file.display());
        Ok(output.stdout)
    }

    fn fill(&self, stage: &mut Stage<'_>, pod: &Pod, volume: &Volume, place: &Path) -> Result<()> {
        let group = group(pod)?;
        if let Some(empty) = &volume.empty_dir {
            ensure!(
                empty.medium.as_deref() == Some("Memory"),
                "{} is on a disk",
                volume.name
            );
            let size = empty
                .size_limit
                .as_ref()
                .context("a volume without a bound")?;
            ensure!(size.0 == "1Mi", "{} may have {}", volume.name, size.0);
            let mut mount = self.sandbox.command("mount");
            mount.args(["-t", "tmpfs", "-o", "size=1m,mode=0777", "tmpfs"]);
            stage.succeed(mount.arg(place))?;
            if let Some(group) = group {
                let mut own = self.sandbox.command("sh");
                own.args(["-c", "chgrp \"$1\" \"$2\" && chmod 2777 \"$2\"", "sh"]);
                stage.succeed(own.arg(group.to_string()).arg(place))?;
            }
        } else if let Some(downward) = &volume.downward_api {
            for item in downward.items.iter().flatten() {
                let field = item
                    .field_ref
                    .as_ref()
                    .map(|field| field.field_path.as_str());
                let annotation = field
                    .and_then(|field| field.strip_prefix("metadata.annotations['"))
                    .and_then(|field| field.strip_suffix("']"))
                    .with_context(|| format!("{field:?} is no annotation"))?;
                let annotations = pod.metadata.annotations.as_ref();
                let text = annotations.and_then(|all| all.get(annotation));
                let text = text.context("the annotation is not there")?;
                file(&place.join(&item.path), text, group)?;
            }
        } else if let Some(map) = &volume.config_map {
            let kind = Kind::named("ConfigMap");
            let object = self.client.get(&kind, super::NAMESPACE, &map.name)?;
            let object = object.context("there is no ConfigMap")?;
            for item in map.items.iter().flatten() {
                let text = object
                    .data
                    .pointer("/data")
                    .and_then(|data| data.get(&item.key));
                let text = text.and_then(|text| text.as_str());
                file(&place.join(&item.path), text.context("no such key")?, group)?;
            }
        } else if let Some(projected) = &volume.projected {
            for source in projected.sources.iter().flatten() {
                let token = source.service_account_token.as_ref();
                let token = token.context("a source that is no token")?;
                self.project(stage, pod, token, place)?;
            }
        } else {
            bail!("{} is of a kind that nothing here makes", volume.name);
        }
        Ok(())
    }

    /// 0600 where all containers are of one user, who gets it, or where the pod has a group, which may
    /// read it then; 0644 otherwise.
    fn project(
        &self,
        stage: &mut Stage<'_>,
        pod: &Pod,
        token: &ServiceAccountTokenProjection,
        place: &Path,
    ) -> Result<()> {
        let file = place.join(&token.path);
        let audience = token.audience.as_deref().unwrap_or_default();
        let seconds = token.expiration_seconds.unwrap_or_default();
        let wanted = (audience, u32::try_from(seconds).context("a token's life")?);
        self.rrsa.project(stage, wanted, &file)?;
        let (user, group) = (one_user(spec(pod)?), group(pod)?);
        let mode = match (user, group) {
            (_, Some(_)) => 0o640,
            (Some(_), None) => 0o600,
            (None, None) => 0o644,
        };
        own(&file, user, group, mode)
    }
}

fn spec(pod: &Pod) -> Result<&PodSpec> {
    pod.spec.as_ref().context("a pod without a spec")
}

fn group(pod: &Pod) -> Result<Option<u32>> {
    let security = spec(pod)?.security_context.as_ref();
    let group = security.and_then(|security| security.fs_group);
    group
        .map(u32::try_from)
        .transpose()
        .context("a group's number")
}

/// The user of all containers, if there is such a one.
fn one_user(spec: &PodSpec) -> Option<u32> {
    let all = spec
        .init_containers
        .iter()
        .flatten()
        .chain(&spec.containers);
    let mut users = all.map(|container| container.security_context.as_ref()?.run_as_user);
    let first = users.next()??;
    let same = users.all(|user| user == Some(first));
    same.then(|| u32::try_from(first).ok()).flatten()
}

fn file(path: &Path, text: &str, group: Option<u32>) -> Result<()> {
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))?;
    own(path, None, group, 0o644)
}

fn own(path: &Path, user: Option<u32>, group: Option<u32>, mode: u32) -> Result<()> {
    chown(path, Some(user.unwrap_or(0)), Some(group.unwrap_or(0)))
        .and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(mode)))
        .with_context(|| format!("giving {} away", path.display()))
}
