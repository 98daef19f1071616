//! What the kubelet makes of a pod: its ServiceAccount's token, its volumes and variables, and a container.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::pod::{Pod, Text};
use crate::test::{
    Stage,
    chart::helm::{NAMESPACE, text_at},
    deployment::{Container, Image, Mount, Run, Sandbox},
    kubernetes::{Client, Cluster, Kind},
};

/// A node of a cluster.
pub(super) struct Kubelet<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) client: &'a Client,
    pub(super) sandbox: &'a Sandbox,
    /// For volumes and what containers print.
    pub(super) folder: &'a Path,
}

/// Where a pod finds who it is to the API server.
const ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

// === impl Kubelet ===

impl<'a> Kubelet<'a> {
    /// Starts the pod's container, of this image.
    pub(super) fn start(
        &self,
        stage: &mut Stage<'_>,
        name: &str,
        pod: &Pod,
        image: &Image,
    ) -> Result<Container<'a>> {
        // What it asks for besides is carried out below.
        pod.is_confined()?;
        let container = pod.container();
        let folder = self.folder.join(format!("{name}-volumes"));
        let mut mounts = vec![Mount {
            from: self.account(stage, pod, &folder)?,
            to: ACCOUNT.to_owned(),
            read_only: true,
        }];
        for mount in &container.volume_mounts {
            let volume = pod.volumes.iter().find(|volume| volume.name == mount.name);
            let volume = volume.with_context(|| format!("there is no volume {}", mount.name))?;
            mounts.push(Mount {
                from: self.config_map(stage, pod, &volume.config_map.name, &folder)?,
                to: mount.mount_path.clone(),
                read_only: mount.read_only,
            });
        }
        let security = &pod.security_context;
        Container::start(
            self.sandbox,
            self.folder,
            &Run {
                name,
                image,
                command: container.command.clone(),
                arguments: container.args.clone(),
                env: self.variables(name, pod)?,
                user: Some((security.run_as_user, security.run_as_group)),
                groups: vec![security.fs_group],
                mounts,
                read_only: true,
                no_new_privileges: true,
                lock_memory: false,
            },
        )
    }

    /// The token of the pod's ServiceAccount.
    pub(super) fn token(&self, pod: &Pod) -> Result<String> {
        self.client.token(NAMESPACE, &pod.service_account_name)
    }

    fn variables(&self, name: &str, pod: &Pod) -> Result<Vec<(String, String)>> {
        // The Service `kubernetes`, which every pod is told of.
        let mut variables = vec![
            ("KUBERNETES_SERVICE_HOST".to_owned(), "127.0.0.1".to_owned()),
            (
                "KUBERNETES_SERVICE_PORT".to_owned(),
                self.cluster.port().to_string(),
            ),
        ];
        for variable in &pod.container().env {
            let text = match variable.text()? {
                Text::Here(text) => text.to_owned(),
                Text::Field("metadata.name") => name.to_owned(),
                Text::Field("metadata.namespace") => NAMESPACE.to_owned(),
                Text::Field(other) => bail!("{} is of the field {other}", variable.name),
                Text::Secret(secret, key) => self.key(secret, key)?,
            };
            variables.push((variable.name.clone(), text));
        }
        Ok(variables)
    }

    fn key(&self, secret: &str, key: &str) -> Result<String> {
        let object = self.client.get(&Kind::named("Secret"), NAMESPACE, secret)?;
        let object = object.with_context(|| format!("there is no Secret {secret}"))?;
        let value = text_at(&object.data, &format!("/data/{key}"));
        let bytes = BASE64_STANDARD.decode(value).context("a Secret's value")?;
        String::from_utf8(bytes).context("a Secret's value")
    }

    fn account(&self, stage: &mut Stage<'_>, pod: &Pod, folder: &Path) -> Result<PathBuf> {
        let place = folder.join("account");
        fs::create_dir_all(&place).context("making a volume")?;
        let ca = fs::read_to_string(self.cluster.ca()).context("reading a CA")?;
        for (name, text) in [
            ("token", self.token(pod)?),
            ("ca.crt", ca),
            ("namespace", NAMESPACE.to_owned()),
        ] {
            fs::write(place.join(name), text).with_context(|| format!("writing {name}"))?;
        }
        self.own(stage, pod, &place)?;
        Ok(place)
    }

    fn config_map(
        &self,
        stage: &mut Stage<'_>,
        pod: &Pod,
        name: &str,
        folder: &Path,
    ) -> Result<PathBuf> {
        let object = self
            .client
            .get(&Kind::named("ConfigMap"), NAMESPACE, name)?;
        let object = object.with_context(|| format!("there is no ConfigMap {name}"))?;
        let place = folder.join(name);
        fs::create_dir_all(&place).context("making a volume")?;
        let data = object.data.get("data").and_then(|data| data.as_object());
        for (file, text) in data.with_context(|| format!("{name} is empty"))? {
            ensure!(!file.contains('/'), "{file} would lie elsewhere");
            let text = text.as_str().context("a value that is no text")?;
            fs::write(place.join(file), text).with_context(|| format!("writing {file}"))?;
        }
        self.own(stage, pod, &place)?;
        Ok(place)
    }

    /// Root's, for the eyes of the pod's group.
    fn own(&self, stage: &mut Stage<'_>, pod: &Pod, place: &Path) -> Result<()> {
        let group = format!("root:{}", pod.security_context.fs_group);
        let script = "chown -R \"$1\" \"$2\" && chmod -R u=rwX,g=rX,o= \"$2\"";
        let mut own = self.sandbox.command("sh");
        own.args(["-c", script, "sh", &group]).arg(place);
        stage.succeed(&mut own)?;
        Ok(())
    }
}
