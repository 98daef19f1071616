//! Programs of others, unmodified, from their registries: what each needs, and how it runs.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};
use kms_testkit::{
    LeakCheck,
    agent::{AgentSetup, RunningAgent},
};

use super::{Project, Server, Stage};
use crate::tools;

/// Alibaba Cloud's SDKs for Python: today's, which signs with V3, and the one before, with V1.
const SDK: &[&str] = &[
    "alibabacloud_kms20160120==3.3.1",
    "alibabacloud-tea-openapi==0.4.6",
    "alibabacloud-sts20150401==1.2.0",
    "alibabacloud-ram20150501==1.3.0",
    "alibabacloud-ims20190815==3.5.0",
    "aliyun-python-sdk-core==2.16.1",
    "aliyun-python-sdk-kms==2.16.5",
];

/// That of the instance gateway, which speaks protobuf. It asks for an old cryptography.
const INSTANCE_SDK: &[&str] = &["alibabacloud-dkms-gcs==1.0.2"];

/// The secrets client with a cache. Its successor (`-v2`) knows no ClientKeys, and signing with
/// one goes through an old core and an old transfer package.
const CACHE_CLIENT: &[&str] = &[
    "aliyun-secret-manager-client==0.1.5",
    "aliyun-python-sdk-core==2.16.1",
    "aliyun-python-sdk-kms==2.16.5",
    "alibabacloud-dkms-transfer-python==0.1.2",
    "alibabacloud-dkms-gcs==1.0.2",
];

/// Its successor.
const CACHE_CLIENT_V2: &[&str] = &[
    "alibabacloud-secretsmanager-client-v2==2.0.0",
    "alibabacloud_kms20160120==3.3.1",
    "alibabacloud-tea-openapi==0.4.6",
    "alibabacloud-credentials==1.0.12",
];

/// The managed-credentials plug-in for the core SDK, which renews a hosted AccessKey beneath it. It
/// stands on an older secrets client, which it asks for itself.
const MANAGED: &[&str] = &[
    "aliyun-openapi-python-sdk-managed-credentials-provider==0.1.4",
    "aliyun-python-sdk-core==2.16.1",
    "aliyun-python-sdk-kms==2.16.5",
];

/// The value that `suite/python/values.py` plants.
const CANARY: &[u8] = b"canary-7d1c0b6e5f3a4298";

/// Of the ClientKeys that the programs in `suite/python` make.
pub(super) const CLIENT_KEY_PASSWORD: &str = "Suite-7~!@#$%^&*?_";

/// Python with the SDKs.
pub(super) fn sdk_python(project: &Project) -> Result<PathBuf> {
    tools::python_with(&project.cache, "sdk", SDK)
}

/// Python with the SDK of the instance gateway.
pub(super) fn instance_sdk_python(project: &Project) -> Result<PathBuf> {
    tools::python_with(&project.cache, "instance-sdk", INSTANCE_SDK)
}

/// Python with the secrets client that has a cache.
pub(super) fn cache_client_python(project: &Project) -> Result<PathBuf> {
    tools::python_with(&project.cache, "cache-client", CACHE_CLIENT)
}

/// Python with its successor.
pub(super) fn cache_client_v2_python(project: &Project) -> Result<PathBuf> {
    tools::python_with(&project.cache, "cache-client-v2", CACHE_CLIENT_V2)
}

/// Python with the managed-credentials plug-in. The client beneath opens its file in a mode that
/// Python 3.11 no longer knows, so an older one is taken where there is one.
pub(super) fn managed_python(project: &Project) -> Result<PathBuf> {
    let older = ["3.10", "3.9"];
    tools::older_python_with(&project.cache, "managed", &older, MANAGED)
}

/// A client beside the server, told where suite/values.json lies.
pub(super) fn command(server: &Server, project: &Project, program: &Path) -> Command {
    let mut command = server.client(program);
    command.env("SUITE_VALUES", project.root.join("suite/values.json"));
    command
}

/// A program of suite/python/.
pub(super) fn python(server: &Server, project: &Project, python: &Path, file: &str) -> Command {
    python_program(command(server, project, python), project, file)
}

/// The same for any Python that has been told where its server is.
pub(super) fn python_program(mut command: Command, project: &Project, file: &str) -> Command {
    command
        .arg(project.root.join("suite/python").join(file))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONUTF8", "1");
    command
}

/// A command of the administrator, `suite/python/identities.py`.
pub(super) fn administer(
    stage: &mut Stage<'_>,
    server: &Server,
    sdk: &Path,
    words: &[&str],
) -> Result<()> {
    let mut command = python(server, stage.project, sdk, "identities.py");
    stage.succeed(command.args(words))?;
    Ok(())
}

/// A program of suite/java/, compiled with what its pom.xml names.
pub(super) fn java(
    stage: &mut Stage<'_>,
    server: &Server,
    folder: &str,
    class: &str,
) -> Result<Command> {
    let project = stage.project;
    let programs = project.root.join("suite/java");
    let source = programs.join(folder);
    let jars = tools::maven_class_path(&project.cache, folder, &source.join("pom.xml"))?;
    let classes = project.target.join("suite/java").join(folder);
    fs::create_dir_all(&classes).with_context(|| format!("making {}", classes.display()))?;
    stage.succeed(
        Command::new("javac")
            .args(["-encoding", "UTF-8", "-classpath", &jars, "-sourcepath"])
            .arg(std::env::join_paths([&programs.join("common"), &source])?)
            .arg("-d")
            .arg(&classes)
            .arg(source.join(class).with_extension("java")),
    )?;
    let mut command = command(server, project, Path::new("java"));
    command
        .arg("-Dfile.encoding=UTF-8")
        .args(["-classpath", &format!("{}:{jars}", classes.display())])
        .arg(class);
    Ok(command)
}

/// examples/java, compiled over what stands in for its plug-in, with a profile's properties.
pub(super) fn java_example(
    stage: &mut Stage<'_>,
    mut command: Command,
    profile: &Path,
) -> Result<Command> {
    let project = stage.project;
    let stand_in = project.root.join("suite/java/managed");
    let jars = tools::maven_class_path(&project.cache, "managed", &stand_in.join("pom.xml"))?;
    let classes = project.target.join("suite/java/managed");
    fs::create_dir_all(&classes).with_context(|| format!("making {}", classes.display()))?;
    let sources = project.root.join("examples/java/src/main/java");
    stage.succeed(
        Command::new("javac")
            .args(["-encoding", "UTF-8", "-classpath", &jars, "-sourcepath"])
            .arg(std::env::join_paths([&stand_in, &sources])?)
            .arg("-d")
            .arg(&classes)
            .arg(sources.join("org/example/Main.java")),
    )?;
    let (profile, classes) = (profile.display(), classes.display());
    command
        .args(["-classpath", &format!("{profile}:{classes}:{jars}")])
        .arg("-Dsuite.ttl=1000")
        .arg("org.example.Main");
    Ok(command)
}

/// A program of suite/go/, compiled.
pub(super) fn go(stage: &mut Stage<'_>, name: &str) -> Result<PathBuf> {
    let module = stage.project.root.join("suite/go").join(name);
    go_module(stage, &module, name)
}

/// examples/go, compiled.
pub(super) fn go_example(stage: &mut Stage<'_>) -> Result<PathBuf> {
    let module = stage.project.root.join("examples/go");
    go_module(stage, &module, "example")
}

fn go_module(stage: &mut Stage<'_>, module: &Path, name: &str) -> Result<PathBuf> {
    let project = stage.project;
    let program = project.target.join("suite/go").join(name);
    let mut go = tools::go(&project.cache, module)?;
    stage.succeed(go.args(["build", "-o"]).arg(&program).arg("."))?;
    Ok(program)
}

/// What the programs of suite/node/ run with.
pub(super) fn node_modules(project: &Project) -> Result<PathBuf> {
    tools::node_modules(&project.cache, "sdk", &project.root.join("suite/node"))
}

/// A program of suite/node/.
pub(super) fn node(
    server: &Server,
    project: &Project,
    modules: &Path,
    file: &str,
) -> Result<Command> {
    let mut command = command(server, project, Path::new("node"));
    command
        .arg(project.root.join("suite/node").join(file))
        .env("NODE_PATH", modules)
        .env("NODE_EXTRA_CA_CERTS", server.env("KMS_CA_FILE")?);
    Ok(command)
}

/// The same program once more, with another secret of the AccessKey: it must see that nothing
/// works. What it says then does not count.
pub(super) fn finds_the_wrong(stage: &mut Stage<'_>, command: &mut Command) -> Result<()> {
    let (status, said) = stage.attempt(command.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "wrong"))?;
    let count = |word: &str| said.lines().filter(|line| line.starts_with(word)).count();
    let (passed, failed) = (count("ok "), count("FAIL "));
    let found = if status.success() || failed <= passed {
        Err(anyhow::anyhow!(
            "with a wrong secret it ends with {status}, after {passed} passed checks and {failed} failed"
        ))
    } else {
        Ok(())
    };
    stage.check("can-fail", found);
    Ok(())
}

/// Stores, through the SDK, what the agent's clients will read.
pub(super) fn store(stage: &mut Stage<'_>, server: &Server) -> Result<()> {
    let sdk = sdk_python(stage.project)?;
    let mut command = python(server, stage.project, &sdk, "store.py");
    stage.succeed(&mut command)?;
    Ok(())
}

/// An agent that answers in one of its three forms, in front of the server.
pub(super) fn agent(
    stage: &mut Stage<'_>,
    server: &Server,
    configure: impl FnOnce(AgentSetup) -> AgentSetup,
) -> Result<RunningAgent> {
    let program = stage.project.program(stage, "alibabacloud-kms-agent")?;
    let setup = server.agent(&program, server.env("KMS_ENDPOINT")?)?;
    Ok(configure(setup).start())
}

/// Tells a client where the agent is, and how to be let in.
pub(super) fn point_at(command: &mut Command, agent: &RunningAgent) {
    command
        .env("KMS_AGENT", format!("http://{}", agent.address()))
        .env(
            "KMS_TOKEN",
            format!("file://{}", agent.dir().join("token").display()),
        );
}

/// Secrets that no log may hold.
pub(super) fn canaries() -> LeakCheck {
    LeakCheck::default().with("a stored value", CANARY).with(
        "the password of a ClientKey",
        CLIENT_KEY_PASSWORD.as_bytes(),
    )
}

/// Ends the agent and its server: well, and with no secret in what they wrote.
pub(super) fn end(stage: &mut Stage<'_>, server: Server, agent: RunningAgent) {
    let ended = agent.stop_clean();
    canaries().assert_clean_folder(&ended.dir.path().join("logs"));
    let clean = server.stop_clean(canaries());
    stage.check("ends-well-and-logs-no-secret", clean);
}
