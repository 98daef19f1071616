//! deploy/ack as seed 000 lays it out: both folder layouts built, both YAML files held against
//! Kubernetes' own schemas and the seed, and each pod's containers run as its file says.
//!
//! What the kubelet does is done by hand: a volume group, a projected token, an init container
//! that stays. The identity is RRSA, as in the seed: the token is of an issuer that stands in
//! for the cluster's, and kms-server gives the role for it.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use anyhow::{Context as _, Result, ensure};
use kms_testkit::LeakCheck;
use tempfile::TempDir;

use super::{
    Server, Stage,
    deployment::{
        Container, ImageStore, KUBERNETES, Mount, Run, Sandbox, copy_of, documents, readable_copy,
        shipped_agent, validate,
    },
    rrsa::Rrsa,
};

mod pod;

use pod::{Pod, PodContainer, VolumeKind};

/// A folder layout of the seed and the file that deploys it.
struct Layout {
    yaml: &'static str,
    /// Folder and Dockerfile of the agent.
    agent: (&'static str, &'static str),
    /// Folder and Dockerfile of the application.
    app: (&'static str, &'static str),
}

const LAYOUTS: [Layout; 2] = [
    Layout {
        yaml: "demo.yaml",
        agent: ("agent", "Dockerfile"),
        app: ("app", "Dockerfile"),
    },
    Layout {
        yaml: "deployment-demo.yaml",
        agent: (".", "Dockerfile.agent"),
        app: (".", "Dockerfile.app"),
    },
];

/// Where the pods are deployed to.
const NAMESPACE: &str = "default";

/// Where the CA of the server lies in the agent's container.
const CA: &str = "/ca.pem";

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    shipped_agent(stage)?;
    let images = ImageStore::open()?;
    let base = images.base(stage)?;
    for layout in &LAYOUTS {
        let name = layout.yaml.trim_end_matches(".yaml");
        let source = stage.project.root.join("deploy/ack").join(layout.yaml);
        let valid = KUBERNETES
            .iter()
            .try_for_each(|version| validate(stage, &source, version));
        stage.check(&format!("{name}-is-valid-kubernetes"), valid);
        let pod = Pod::read(documents(stage, &source)?)?;
        stage.check(&format!("{name}-is-the-seeds"), pod.is_the_seeds());
        // One pod, one network.
        let sandbox = Sandbox::open(stage)?;
        let server = Server::start_in(stage, &sandbox)?;
        let ran = layout.up(stage, &sandbox, &images, &server, base);
        stage.check(&format!("{name}-builds-and-its-application-reads"), ran);
        let canaries = LeakCheck::default().with(
            "the AccessKey secret",
            server.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?.as_bytes(),
        );
        let ended = server.stop_clean(canaries);
        stage.check(&format!("{name}-server-ends-well"), ended);
    }
    Ok(())
}

// === impl Layout ===

impl Layout {
    /// Builds both images and runs the pod until the application has read the secret.
    fn up(
        &self,
        stage: &mut Stage<'_>,
        sandbox: &Sandbox,
        images: &ImageStore,
        server: &Server,
        base: &str,
    ) -> Result<()> {
        let folder = tempfile::tempdir().context("making a folder")?;
        copy_of(stage.project, "ack", folder.path())?;
        let endpoint = format!("https://{}", server.env("KMS_TLS_ENDPOINT")?);
        // Only where KMS is, is changed.
        let built_in = folder.path().join(self.agent.0).join("config.toml");
        let text = fs::read_to_string(&built_in).context("reading config.toml")?;
        fs::write(&built_in, pointed_at(&endpoint, &text)).context("writing config.toml")?;
        for (tag, (context, dockerfile), arguments) in [
            ("agent", self.agent, vec![]),
            ("app", self.app, vec![("BASE", base)]),
        ] {
            let context = folder.path().join(context);
            images.build(stage, &context, dockerfile, tag, &arguments)?;
        }

        let mut pod = Pod::read(documents(stage, &folder.path().join(self.yaml))?)?;
        if let Some(config) = &mut pod.config {
            *config = pointed_at(&endpoint, config);
        }
        let account = (NAMESPACE, pod.service_account());
        let cluster = Rrsa::set_up(stage, server, account, folder.path())?;
        let volumes = volumes(stage, sandbox, &folder, &pod, &cluster)?;
        let (agent, app) = (pod.agent()?, pod.app()?);

        let image = images.unpack("agent")?;
        let mut run = describe(&pod, agent, &image, &volumes)?;
        for (_, value) in &mut run.env {
            *value = cluster.fill_in(value);
        }
        // STS is where KMS is.
        let sts = format!("http://{}", server.env("KMS_ENDPOINT")?);
        run.env.push(("KMS_STS_ENDPOINT".to_owned(), sts));
        run.env.push(("SSL_CERT_FILE".to_owned(), CA.to_owned()));
        run.mounts.push(Mount {
            from: readable_copy(server.env("KMS_CA_FILE")?, folder.path())?,
            to: CA.to_owned(),
            read_only: true,
        });
        let mut running = Container::start(sandbox, folder.path(), &run)?;
        running.wait_until_healthy(stage, agent.startup_command()?)?;
        ensure!(
            stage
                .attempt(&mut running.exec(agent.readiness_command()?)?)?
                .0
                .success(),
            "the agent has started, but is not ready"
        );

        let image = images.unpack("app")?;
        let run = describe(&pod, app, &image, &volumes)?;
        let mut application = Container::start(sandbox, folder.path(), &run)?;
        application.wait_until_printed("read agent-test: ")?;
        let printed = application.printed();
        ensure!(
            !printed.contains("cannot read"),
            "it started too early: {printed}"
        );
        ensure!(!printed.contains("k3"), "it printed the secret");
        let mut canaries = LeakCheck::default();
        for volume in pod.volumes() {
            if let VolumeKind::Token(token) = volume.kind()? {
                let file = volumes.join(&volume.name).join(&token.path);
                let token = fs::read(file).context("reading the pod's token")?;
                canaries = canaries.with("the token of the service account", &token);
            }
        }
        let logged = canaries.assert_clean_folder(&volumes.join("logs"));
        ensure!(logged > 0, "the agent logged nothing into its volume");
        Ok(())
    }
}

/// The kubelet's volumes: with `fsGroup`, each belongs to that group and lets it write.
fn volumes(
    stage: &mut Stage<'_>,
    sandbox: &Sandbox,
    folder: &TempDir,
    pod: &Pod,
    cluster: &Rrsa<'_>,
) -> Result<std::path::PathBuf> {
    let volumes = folder.path().join("volumes");
    let group = format!("root:{}", pod.fs_group());
    for volume in pod.volumes() {
        let place = volumes.join(&volume.name);
        fs::create_dir_all(&place).context("making a volume")?;
        match volume.kind()? {
            VolumeKind::Memory => {
                let size = "size=1m,mode=0755";
                let mut mount = sandbox.command("mount");
                mount.args(["-t", "tmpfs", "-o", size, "tmpfs"]).arg(&place);
                stage.succeed(&mut mount)?;
            }
            VolumeKind::Disk => {}
            VolumeKind::Token(token) => {
                let wanted = (&*token.audience, token.expiration_seconds);
                cluster.project(stage, wanted, &place.join(&token.path))?;
            }
            VolumeKind::Config => write(
                &place.join("config.toml"),
                pod.config.as_deref().context("there is no ConfigMap")?,
            )?,
        }
        let mut own = sandbox.command("sh");
        own.args(["-c", "chown -R \"$1\" \"$2\" && chmod 2777 \"$2\"", "sh"])
            .arg(&group)
            .arg(&place);
        stage.succeed(&mut own)?;
    }
    Ok(volumes)
}

/// As the kubelet writes projected files: for the group's eyes.
fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text)
        .and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(0o640)))
        .with_context(|| format!("writing {}", path.display()))
}

fn describe<'a>(
    pod: &Pod,
    container: &'a PodContainer,
    image: &'a super::deployment::Image,
    volumes: &Path,
) -> Result<Run<'a>> {
    let security = &container.security_context;
    ensure!(
        security.capabilities.drop == ["ALL"],
        "{} keeps capabilities",
        container.name
    );
    Ok(Run {
        name: &container.name,
        image,
        command: Vec::new(),
        arguments: Vec::new(),
        env: container
            .env
            .iter()
            .map(|variable| (variable.name.clone(), variable.value.clone()))
            .collect(),
        user: Some((security.run_as_user, security.run_as_group)),
        groups: vec![pod.fs_group()],
        mounts: container
            .volume_mounts
            .iter()
            .map(|mount| {
                let volume = volumes.join(&mount.name);
                Mount {
                    from: mount.sub_path.iter().fold(volume, |at, path| at.join(path)),
                    to: mount.mount_path.clone(),
                    read_only: mount.read_only,
                }
            })
            .collect(),
        read_only: security.read_only_root_filesystem,
        no_new_privileges: !security.allow_privilege_escalation,
        lock_memory: false,
    })
}

fn pointed_at(endpoint: &str, config: &str) -> String {
    let with = format!("[Kms]\nEndpoint = \"{endpoint}\"\n");
    config.replacen("[Kms]\n", &with, 1)
}
