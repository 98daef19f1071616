//! The published managed-credentials plug-in for Python, unmodified, on both gateways, while the
//! AccessKey that it renews is replaced on schedule and at once. The program above it, examples/python,
//! calls without a pause and must not see one call fail.
//!
//! The plug-in looks for a new key minutes after the date that it was told, so server and programs go
//! by a clock that the suite moves. It moves on when everybody has called since: however slow this
//! machine is, no signed call is too old.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use jiff::{SignedDuration, Timestamp};

use super::{
    Server, Stage, clients,
    hosted::{Gateway, Program, Scene, python_example},
    moved_clock::MovedClock,
    stage::pause,
};

/// A program with the plug-in, and the AccessKeys that its user has had, the newest last.
struct Caller {
    user: &'static str,
    program: Program,
    /// When the plug-in means to read again.
    plan: PathBuf,
    keys: Vec<String>,
}

/// A clock, and those who call while it is moved.
struct Journey<'a> {
    clock: &'a MovedClock,
    scene: &'a Scene,
}

const USERS: [(&str, Gateway); 2] = [
    ("plugin-shared", Gateway::Shared),
    ("plugin-instance", Gateway::Instance),
];

/// KMS's shortest interval, and the window of a scheduled rotation with it: half of that.
const INTERVAL: &str = "6h";
const BEFORE_THE_ROTATION: SignedDuration = SignedDuration::from_mins(6 * 60 - 9);
const WINDOW: SignedDuration = SignedDuration::from_hours(3);

/// The plug-in reads 5 to 15 minutes after the date of the rotation.
const AFTER_THE_PLUG_IN: SignedDuration = SignedDuration::from_mins(6 * 60 + 16);

/// After a leak. The plug-in does not look by itself within six hours then.
const EMERGENCY: (&str, SignedDuration) = ("10m", SignedDuration::from_mins(10));

/// A server that comes to the end of a window late, as after such a leap, leaves this much more.
const GRACE: SignedDuration = SignedDuration::from_mins(16);

/// In which the server's workers look at the clock, and do what is to be done.
const A_TURN: Duration = Duration::from_secs(5);
const TURNS: usize = 6;

/// The server takes calls that are 15 minutes old; at most one of these passes while a call is made.
const STEP: SignedDuration = SignedDuration::from_mins(3);
const REST: Duration = Duration::from_millis(200);

/// So many rests after a step, everybody has called; and as many after the moment of a plan, there
/// has to be another.
const MOST_RESTS: usize = 150;

/// So many calls in a row count as working.
const CALLS: usize = 5;

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let clock = MovedClock::new()?;
    let server = Server::start_by(stage, &clock)?;
    let scene = Scene::set(stage, server)?;
    let users = USERS.map(|(user, _)| user);
    let mut first = scene.host(stage, INTERVAL, &users)?;
    let begin = clock.now();
    let mut callers = Vec::new();
    for (user, gateway) in USERS {
        let key = first.remove(user).context("no AccessKey")?;
        callers.push(Caller::start(stage, &scene, user, gateway, key)?);
    }
    for caller in &mut callers {
        let works = caller.uses_its_key(&scene);
        stage.check(&caller.named("calls"), works);
    }
    let journey = Journey {
        clock: &clock,
        scene: &scene,
    };

    journey.to(&callers, begin + BEFORE_THE_ROTATION)?;
    new_keys(stage, &scene, &mut callers)?;
    let replaced = clock.now();
    journey.to(&callers, begin + AFTER_THE_PLUG_IN)?;
    let before = scene.keys(stage, &users)?;
    for caller in &mut callers {
        let used = caller.uses_its_key(&scene);
        stage.check(&caller.named("uses-the-new-key-by-itself"), used);
        let old = caller.old_key()?;
        let still = before.get(caller.user).is_some_and(|keys| {
            keys.iter()
                .any(|(id, status)| id == old && status == "Active")
        });
        let still = still.then_some(()).context("the old key is no longer good");
        stage.check(&caller.named("did-so-within-the-old-ones-window"), still);
    }
    journey.to(&callers, replaced + WINDOW)?;
    old_keys_go(stage, &scene, &journey, &callers)?;
    for caller in &callers {
        let refused = caller.refused(&scene)?;
        let none = refused.is_empty().then_some(());
        let none = none.with_context(|| format!("refused: {refused:?}"));
        stage.check(&caller.named("never-met-the-end-of-the-old-key"), none);
    }

    scene.administer(stage, &[&["rotate", EMERGENCY.0], &users[..]].concat())?;
    new_keys(stage, &scene, &mut callers)?;
    journey.to(&callers, clock.now() + EMERGENCY.1)?;
    old_keys_go(stage, &scene, &journey, &callers)?;
    for caller in &mut callers {
        let used = caller.uses_its_key(&scene);
        stage.check(&caller.named("finds-the-key-of-an-emergency"), used);
        // It heals on this one, and knows no other: not one call may meet a disabled key.
        let refused = caller.refused(&scene)?;
        let healed = refused == ["InvalidAccessKeyId.NotFound"];
        let healed = healed.then_some(());
        let healed = healed.with_context(|| format!("refused: {refused:?}"));
        stage.check(&caller.named("was-told-that-the-old-one-is-gone"), healed);
    }

    for caller in callers {
        let name = caller.named("never-failed");
        let ended = caller.program.end();
        let ended = ended.map(|calls| stage.note(&format!("{name}: {calls} calls")));
        stage.check(&name, ended);
    }
    let clean = scene.stop(clients::canaries());
    stage.check("ends-well-and-logs-no-secret", clean);
    Ok(())
}

/// Waits until each user has an AccessKey more.
fn new_keys(stage: &mut Stage<'_>, scene: &Scene, callers: &mut [Caller]) -> Result<()> {
    let users = USERS.map(|(user, _)| user);
    let mut keys = scene.keys_until(stage, &users, "new AccessKey", |_, keys| keys.len() == 2)?;
    for caller in callers {
        let keys = keys.remove(caller.user).unwrap_or_default();
        let new = keys.into_iter().find(|(id, _)| !caller.keys.contains(id));
        let (id, _) = new.context("an AccessKey came back")?;
        caller.keys.push(id);
    }
    Ok(())
}

/// Waits until RAM has the newest AccessKeys alone.
fn old_keys_go(
    stage: &mut Stage<'_>,
    scene: &Scene,
    journey: &Journey<'_>,
    callers: &[Caller],
) -> Result<()> {
    let users = USERS.map(|(user, _)| user);
    let mut keys = scene.keys(stage, &users)?;
    for _turn in 0..TURNS {
        if keys.values().all(|keys| keys.len() == 1) {
            break;
        }
        pause(A_TURN);
        journey.to(callers, journey.clock.now() + GRACE)?;
        keys = scene.keys(stage, &users)?;
    }
    for caller in callers {
        let left = keys.get(caller.user).into_iter().flatten();
        let left: Vec<&String> = left.map(|(id, _)| id).collect();
        let newest: Vec<&String> = caller.keys.last().into_iter().collect();
        ensure!(left == newest, "{} still has {left:?}", caller.user);
    }
    Ok(())
}

// === impl Caller ===

impl Caller {
    fn start(
        stage: &mut Stage<'_>,
        scene: &Scene,
        user: &'static str,
        gateway: Gateway,
        key: String,
    ) -> Result<Self> {
        let python = clients::managed_python(stage.project)?;
        let profile = scene.profile(stage, "python", gateway, user, &[])?;
        let plan = scene.folder().join(user).with_extension("plan");
        let mut command = python_example(stage, scene, &python, "managed.py");
        command.arg(profile).arg(&plan);
        // The plug-in logs there.
        let home = scene.folder().join(user).with_extension("home");
        fs::create_dir(&home).context("making a home")?;
        command.env("HOME", home);
        Ok(Self {
            user,
            program: Program::start(user, scene.folder(), &mut command)?,
            plan,
            keys: vec![key],
        })
    }

    fn named(&self, what: &str) -> String {
        format!("{}-{what}", self.user)
    }

    /// Waits for calls with the newest key that are answered.
    fn uses_its_key(&mut self, scene: &Scene) -> Result<()> {
        let key = self.keys.last().context("no AccessKey")?;
        let business = scene.business();
        let wanted = business.calls(key).answered + CALLS;
        self.program.until("calls with its key", || {
            business.calls(key).answered >= wanted
        })
    }

    /// How many calls have come to an end, with whatever AccessKey.
    fn ended(&self, scene: &Scene) -> usize {
        let calls = self.keys.iter().map(|key| scene.business().calls(key));
        calls
            .map(|calls| calls.answered + calls.refused.values().sum::<usize>())
            .sum()
    }

    fn old_key(&self) -> Result<&String> {
        self.keys.iter().nth_back(1).context("only one AccessKey")
    }

    /// With which codes calls with the old key were refused.
    fn refused(&self, scene: &Scene) -> Result<Vec<String>> {
        let calls = scene.business().calls(self.old_key()?);
        Ok(calls.refused.into_keys().collect())
    }
}

// === impl Journey ===

impl Journey<'_> {
    /// Lets time pass until then, as slowly as everybody calls, and as slowly as it does where a
    /// plug-in means to read.
    fn to(&self, callers: &[Caller], then: Timestamp) -> Result<()> {
        let mut late = 0;
        loop {
            let now = self.clock.now();
            if now >= then {
                return Ok(());
            }
            ensure!(late < MOST_RESTS, "a plug-in did not read when it meant to");
            let plans = callers.iter().filter_map(|caller| planned(&caller.plan));
            // Those that have passed were done, or a new plan is about to be told.
            let next = plans.map(|plan| plan - SignedDuration::from_secs(1)).min();
            let step = next
                .map_or(then, |next| next.min(then))
                .duration_since(now)
                .min(STEP);
            if let Ok(step) = Duration::try_from(step)
                && step >= Duration::from_secs(1)
            {
                self.clock.advance(Duration::from_secs(step.as_secs()))?;
                self.everybody_calls(callers)?;
                late = 0;
            } else {
                late += 1;
                pause(REST);
            }
        }
    }

    /// Waits until a call of each has come to an end: the next one is signed by the clock as it is
    /// now, however long this machine lets it wait.
    fn everybody_calls(&self, callers: &[Caller]) -> Result<()> {
        let before: Vec<usize> = callers.iter().map(|one| one.ended(self.scene)).collect();
        for _rest in 0..MOST_RESTS {
            pause(REST);
            let mut both = callers.iter().zip(&before);
            if both.all(|(one, before)| one.ended(self.scene) > *before) {
                return Ok(());
            }
        }
        bail!("a program makes no calls")
    }
}

fn planned(file: &Path) -> Option<Timestamp> {
    let text = fs::read_to_string(file).ok()?;
    let seconds = text.split('.').next()?.parse().ok()?;
    Timestamp::from_second(seconds).ok()
}
