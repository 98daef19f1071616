//! deploy/docker-compose as seed 000 starts it, without an engine: its images by buildah, its
//! services by an OCI runtime, with what docker-compose.yml says.

use std::{collections::BTreeMap, fs};

use anyhow::{Context as _, Result, ensure};
use kms_testkit::LeakCheck;
use tempfile::TempDir;

use super::{
    Server, Stage,
    deployment::{
        Container, ImageStore, Mount, Run, Sandbox, copy_of, documents, readable_copy,
        shipped_agent,
    },
};

mod file;

use file::{ComposeFile, Service};

/// Where the CA of the server lies in the agent's container.
const CA: &str = "/ca.pem";

/// A copy of the folder, and what came of it.
struct Project {
    folder: TempDir,
    file: ComposeFile,
}

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    shipped_agent(stage)?;
    let sandbox = Sandbox::open(stage)?;
    let server = Server::start_in(stage, &sandbox)?;
    let images = ImageStore::open()?;
    let base = images.base(stage)?;
    let project = Project::open(stage, &server, base)?;

    let quoted = project.quotes_the_token();
    stage.check("environment-is-the-seeds", quoted);
    let ran = project.up(stage, &sandbox, &images, &server);
    stage.check(
        "the-application-starts-once-the-agent-is-ready-and-reads",
        ran,
    );
    let canaries = LeakCheck::default().with(
        "the AccessKey secret",
        server.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?.as_bytes(),
    );
    stage.check("server-ends-well", server.stop_clean(canaries));
    Ok(())
}

// === impl Project ===

impl Project {
    /// Copies the folder and reads its file; only where KMS is, is changed.
    fn open(stage: &mut Stage<'_>, server: &Server, base: &str) -> Result<Self> {
        let folder = tempfile::tempdir().context("making a folder")?;
        copy_of(stage.project, "docker-compose", folder.path())?;
        let config = folder.path().join("config.toml");
        let text = fs::read_to_string(&config).context("reading config.toml")?;
        let endpoint = server.env("KMS_TLS_ENDPOINT")?;
        let text = text.replacen(
            "[Kms]\n",
            &format!("[Kms]\nEndpoint = \"https://{endpoint}\"\n"),
            1,
        );
        fs::write(&config, text).context("writing config.toml")?;
        let shell: BTreeMap<&str, &str> = [
            ("BASE", base),
            (
                "ALIBABA_CLOUD_ACCESS_KEY_ID",
                server.env("ALIBABA_CLOUD_ACCESS_KEY_ID")?,
            ),
            (
                "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
                server.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?,
            ),
        ]
        .into();
        let file = documents(stage, &folder.path().join("docker-compose.yml"))?
            .pop()
            .context("docker-compose.yml is empty")?;
        let file = ComposeFile::read(file, &shell)?;
        Ok(Self { folder, file })
    }

    /// The value in single quotes, as seed 000 writes it.
    fn quotes_the_token(&self) -> Result<()> {
        let agent = self.file.service("agent")?;
        let names: Vec<&str> = agent
            .environment
            .iter()
            .filter_map(|line| line.split_once('='))
            .map(|(name, _)| name)
            .collect();
        ensure!(
            names
                == [
                    "ALIBABA_CLOUD_ACCESS_KEY_ID",
                    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
                    "KMS_TOKEN"
                ],
            "the agent's environment is {names:?}"
        );
        ensure!(
            agent
                .environment
                .iter()
                .any(|line| line == "KMS_TOKEN='file:///var/run/kmstoken'"),
            "KMS_TOKEN is written otherwise"
        );
        Ok(())
    }

    /// What `docker-compose up --build` does.
    fn up(
        &self,
        stage: &mut Stage<'_>,
        sandbox: &Sandbox,
        images: &ImageStore,
        server: &Server,
    ) -> Result<()> {
        for (name, service) in &self.file.services {
            let arguments: Vec<_> = service
                .build
                .args
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            images.build(
                stage,
                &self.folder.path().join(&service.build.context),
                &service.build.dockerfile,
                name,
                &arguments,
            )?;
        }
        let (agent, app) = (self.file.service("agent")?, self.file.service("app")?);
        ensure!(
            app.network_mode.as_deref() == Some("service:agent"),
            "the application has another network"
        );
        ensure!(
            app.depends_on
                .get("agent")
                .is_some_and(|on| on.condition == "service_healthy"),
            "the application does not wait for the agent"
        );
        let volumes = self.volumes(stage, sandbox, images)?;

        let image = images.unpack("agent")?;
        let mut run = Self::describe("agent", agent, &image, &volumes)?;
        run.env.push(("SSL_CERT_FILE".to_owned(), CA.to_owned()));
        run.mounts.push(Mount {
            from: readable_copy(server.env("KMS_CA_FILE")?, self.folder.path())?,
            to: CA.to_owned(),
            read_only: true,
        });
        let mut running = Container::start(sandbox, self.folder.path(), &run)?;
        let check = agent
            .healthcheck
            .as_ref()
            .context("the agent has no health check")?;
        running.wait_until_healthy(stage, check.command()?)?;

        let image = images.unpack("app")?;
        let run = Self::describe("app", app, &image, &volumes)?;
        let mut application = Container::start(sandbox, self.folder.path(), &run)?;
        application.wait_until_printed("read agent-test: ")?;
        let printed = application.printed();
        ensure!(
            !printed.contains("cannot read"),
            "it started too early: {printed}"
        );
        ensure!(!printed.contains("k3"), "it printed the secret");
        // Who has neither the group nor the token.
        let mut stranger = application.exec_as(
            &["cat".to_owned(), "/var/run/kmstoken".to_owned()],
            (10_002, 10_002),
        )?;
        ensure!(
            !stage.attempt(&mut stranger)?.0.success(),
            "any user of the container may read the token"
        );
        Ok(())
    }

    fn describe<'a>(
        name: &'a str,
        service: &Service,
        image: &'a super::deployment::Image,
        volumes: &BTreeMap<String, std::path::PathBuf>,
    ) -> Result<Run<'a>> {
        ensure!(
            service.cap_drop == ["ALL"],
            "{name} keeps capabilities: {:?}",
            service.cap_drop
        );
        Ok(Run {
            name,
            image,
            command: Vec::new(),
            arguments: Vec::new(),
            env: service
                .environment
                .iter()
                .filter_map(|line| line.split_once('='))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            user: None,
            groups: service
                .group_add
                .iter()
                .map(|group| group.parse().context("group_add"))
                .collect::<Result<_>>()?,
            mounts: service
                .volumes
                .iter()
                .map(|line| file::mount(line, volumes))
                .collect::<Result<_>>()?,
            read_only: service.read_only,
            no_new_privileges: service
                .security_opt
                .iter()
                .any(|option| option == "no-new-privileges:true"),
            lock_memory: service.ulimits.get("memlock") == Some(&-1),
        })
    }

    /// The volumes as the engine makes them: `driver_opts` mounts one, and one without takes
    /// over what the first image has in its place.
    fn volumes(
        &self,
        stage: &mut Stage<'_>,
        sandbox: &Sandbox,
        images: &ImageStore,
    ) -> Result<BTreeMap<String, std::path::PathBuf>> {
        let image = images.unpack("agent")?;
        let mut volumes = BTreeMap::new();
        for (name, volume) in &self.file.volumes {
            let folder = self.folder.path().join("volumes").join(name);
            fs::create_dir_all(&folder).context("making a volume")?;
            if let Some(options) = volume
                .as_ref()
                .and_then(|volume| volume.driver_opts.as_ref())
            {
                stage.succeed(
                    sandbox
                        .command("mount")
                        .args(["-t", &options.kind, "-o", &options.o, &options.device])
                        .arg(&folder),
                )?;
            } else {
                let place = self.file.service("agent")?.place_of(name)?;
                let inside = image.rootfs.join(place.trim_start_matches('/'));
                stage.succeed(
                    sandbox
                        .command("cp")
                        .args(["--archive", "--no-target-directory"])
                        .arg(inside)
                        .arg(&folder),
                )?;
            }
            volumes.insert(name.clone(), folder);
        }
        Ok(volumes)
    }
}
