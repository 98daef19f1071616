//! Programs that use a hosted AccessKey without a pause while it is replaced, on schedule and at once:
//! the example applications, and Alibaba Cloud's SDKs that ask the agent. None of their calls may
//! fail. Time is as it is, and the intervals are of seconds, as `dev` accepts them.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};

use super::{
    Server, Stage, clients,
    deployment::{KUBERNETES, validate, yaml_python},
};

mod examples;
mod profile;
mod program;
mod scene;
mod sdks;

pub(super) use examples::python_example;
pub(super) use program::Program;
pub(super) use scene::{Gateway, Scene};

/// A program that runs, and the AccessKeys that its user has had, the newest last.
struct Caller {
    user: &'static str,
    looks: bool,
    program: Program,
    keys: Vec<String>,
}

/// So long that no rotation comes by itself.
const LATER: &str = "6h";

/// What makes one due at once, with a window of half of it, in which the new key can be found.
const INTERVAL: &str = "40s";

/// After a leak.
const WINDOW: &str = "15s";

/// So many calls in a row count as working.
const CALLS: usize = 5;

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let server = Server::start_rotating(stage, "10s")?;
    let scene = Scene::set(stage, server)?;
    in_a_pod(stage, &scene)?;
    let mut command = scene.python(stage.project, "business.py");
    stage.check_program("business.py", &mut command)?;

    let mut all = examples::examples(stage, &scene)?;
    let agent = sdks::agent(stage, &scene)?;
    all.extend(sdks::sdks(stage, &scene, &agent)?);
    let users: Vec<&str> = all.iter().map(|one| one.user).collect();
    let mut first = scene.host(stage, LATER, &users)?;
    let mut callers = Vec::new();
    for mut one in all {
        callers.push(Caller {
            user: one.user,
            looks: one.looks,
            program: Program::start(one.user, scene.folder(), &mut one.command)?,
            keys: vec![first.remove(one.user).context("no AccessKey")?],
        });
    }
    all_use_their_keys(stage, &scene, &mut callers, "calls");

    scene.administer(stage, &[&["settle", INTERVAL], &users[..]].concat())?;
    found(stage, &scene, &mut callers, "scheduled")?;
    gone(stage, &scene, &callers)?;
    scene.administer(stage, &[&["settle", LATER], &users[..]].concat())?;
    went_on(stage, &scene, &mut callers, "scheduled")?;

    scene.administer(stage, &[&["rotate", WINDOW], &users[..]].concat())?;
    found(stage, &scene, &mut callers, "emergency")?;
    gone(stage, &scene, &callers)?;
    went_on(stage, &scene, &mut callers, "emergency")?;

    for caller in callers {
        let name = caller.named("never-failed");
        let ended = caller.program.end();
        let ended = ended.map(|calls| stage.note(&format!("{name}: {calls} calls")));
        stage.check(&name, ended);
    }
    let ended = agent.stop_clean();
    clients::canaries().assert_clean_folder(&ended.dir.path().join("logs"));
    let clean = scene.stop(clients::canaries());
    stage.check("ends-well-and-logs-no-secret", clean);
    Ok(())
}

/// deploy/kubernetes: its YAML, and the volume that a pod gets by it.
fn in_a_pod(stage: &mut Stage<'_>, scene: &Scene) -> Result<()> {
    let yaml = stage
        .project
        .root
        .join("deploy/kubernetes/kms-client-key.yaml");
    let valid = KUBERNETES
        .iter()
        .try_for_each(|version| validate(stage, &yaml, version));
    stage.check("kms-client-key-is-valid-kubernetes", valid);
    let python = yaml_python(stage)?;
    let mut command = clients::python_program(
        scene.command(stage.project, &python),
        stage.project,
        "kms_client_key.py",
    );
    command
        .arg(&yaml)
        .arg(scene.client_key())
        .arg(scene.volume());
    stage.check_program("kms_client_key.py", &mut command)
}

/// All get other AccessKeys; who looks for them finds them.
fn found(stage: &mut Stage<'_>, scene: &Scene, callers: &mut [Caller], how: &str) -> Result<()> {
    let had = had(callers);
    let users: Vec<&str> = had.keys().map(String::as_str).collect();
    let keys = scene.keys_until(stage, &users, "new AccessKeys", |user, keys| {
        keys.iter()
            .any(|(id, _)| had.get(user).is_some_and(|old| !old.contains(id)))
    })?;
    for caller in callers.iter_mut() {
        caller.learn(&keys)?;
    }
    for caller in callers.iter_mut().filter(|caller| caller.looks) {
        let used = caller.uses_its_key(scene);
        stage.check(&caller.named(&format!("finds-the-{how}-key")), used);
    }
    Ok(())
}

/// The windows of the old AccessKeys end.
fn gone(stage: &mut Stage<'_>, scene: &Scene, callers: &[Caller]) -> Result<()> {
    let had = had(callers);
    let users: Vec<&str> = had.keys().map(String::as_str).collect();
    scene.keys_until(stage, &users, "end of the old AccessKeys", |user, keys| {
        let all = had.get(user).map(Vec::as_slice).unwrap_or_default();
        let old = all.split_last().map_or(&[][..], |(_, old)| old);
        keys.iter().all(|(id, _)| !old.contains(id))
    })?;
    Ok(())
}

/// All go on with what they have now. Who looks for new keys has met no refusal, and the others
/// have been told that the old ones are gone.
fn went_on(stage: &mut Stage<'_>, scene: &Scene, callers: &mut [Caller], how: &str) -> Result<()> {
    let users: Vec<&str> = callers.iter().map(|caller| caller.user).collect();
    // One more may have been replaced before the interval was a long one again.
    let keys = scene.keys(stage, &users)?;
    for caller in callers.iter_mut() {
        caller.learn(&keys)?;
    }
    all_use_their_keys(
        stage,
        scene,
        callers,
        &format!("goes-on-after-the-{how}-one"),
    );
    for caller in callers {
        let met = caller.refusals(scene);
        stage.check(&caller.named(&format!("meets-no-other-refusal-{how}")), met);
    }
    Ok(())
}

/// The AccessKeys of all users so far.
fn had(callers: &[Caller]) -> BTreeMap<String, Vec<String>> {
    callers
        .iter()
        .map(|caller| (caller.user.to_owned(), caller.keys.clone()))
        .collect()
}

fn all_use_their_keys(stage: &mut Stage<'_>, scene: &Scene, callers: &mut [Caller], what: &str) {
    for caller in callers {
        let used = caller.uses_its_key(scene);
        stage.check(&caller.named(what), used);
    }
}

// === impl Caller ===

impl Caller {
    fn named(&self, what: &str) -> String {
        format!("{}-{what}", self.user)
    }

    /// Takes note of AccessKeys that are new.
    fn learn(&mut self, keys: &scene::Keys) -> Result<()> {
        let found = keys.get(self.user).context("no AccessKey")?;
        let new = found.iter().filter(|(id, _)| !self.keys.contains(id));
        let new: Vec<String> = new.map(|(id, _)| id.clone()).collect();
        self.keys.extend(new);
        Ok(())
    }

    /// Waits for calls with the newest AccessKey that are answered.
    fn uses_its_key(&mut self, scene: &Scene) -> Result<()> {
        let key = self.keys.last().context("no AccessKey")?;
        let business = scene.business();
        let wanted = business.calls(key).answered + CALLS;
        self.program.until("calls with its key", || {
            business.calls(key).answered >= wanted
        })
    }

    /// Who looks for the new key in time is never refused; who does not, because the old key is
    /// gone, and for no other reason.
    fn refusals(&self, scene: &Scene) -> Result<()> {
        for key in &self.keys {
            let refused = scene.business().calls(key).refused;
            let gone = refused
                .keys()
                .all(|code| code == "InvalidAccessKeyId.NotFound");
            let fine = if self.looks { refused.is_empty() } else { gone };
            ensure!(fine, "calls were refused: {refused:?}");
        }
        Ok(())
    }
}
