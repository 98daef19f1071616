use std::{
    path::Path,
    sync::{Condvar, Mutex},
    time::Duration,
};

use anyhow::{Result, bail, ensure};
use rustix::process::getpriority_process;

use super::run;
use crate::test::{
    Project, Stage,
    parts::{Lane, Part},
    report::{self, Outcome},
};

/// Something that happens once, and that another part waits for.
struct Event {
    happened: Mutex<bool>,
    told: Condvar,
}

/// Far longer than it takes; whoever waits in vain fails.
const PATIENCE: Duration = Duration::from_secs(20);

impl Event {
    const fn new() -> Self {
        Self {
            happened: Mutex::new(false),
            told: Condvar::new(),
        }
    }

    fn happen(&self) {
        *self.happened.lock().unwrap() = true;
        self.told.notify_all();
    }

    fn wait(&self) -> Result<()> {
        let happened = self.happened.lock().unwrap();
        let waited = self
            .told
            .wait_timeout_while(happened, PATIENCE, |happened| !*happened);
        ensure!(!waited.unwrap().1.timed_out(), "it did not happen");
        Ok(())
    }
}

fn part(name: &'static str, lane: Lane, run: fn(&mut Stage<'_>) -> Result<()>) -> Part {
    Part {
        name,
        what: "something is true",
        lane,
        run,
    }
}

/// The outcomes, and the lines that were told; how long a part took stands as `T`.
fn told(parts: &[Part]) -> (Vec<Outcome>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("target");
    told_in(&target, parts)
}

fn told_in(target: &Path, parts: &[Part]) -> (Vec<Outcome>, Vec<String>) {
    let cache = target.join("cache");
    let project = Project::at(target, target.to_path_buf(), cache, false);
    let lines = Mutex::new(Vec::new());
    let outcomes = run(parts, &project, &|line| {
        lines.lock().unwrap().push(timeless(line));
    });
    (outcomes, lines.into_inner().unwrap())
}

fn timeless(line: &str) -> String {
    let end = if line.ends_with(']') { " s]" } else { " s" };
    match line.rsplit_once(", ") {
        Some((before, time)) if time.ends_with(end) => format!("{before}, T{end}"),
        _ => line.to_owned(),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it is a part like others")]
fn passes(stage: &mut Stage<'_>) -> Result<()> {
    stage.passed(1);
    Ok(())
}

fn breaks(_: &mut Stage<'_>) -> Result<()> {
    bail!("no such program")
}

fn panics(_: &mut Stage<'_>) -> Result<()> {
    panic!("it fell over")
}

#[test]
fn the_slower_lane_is_told_of_first_if_it_stands_first() {
    static QUICK_BEGAN: Event = Event::new();
    static QUICK_ENDED: Event = Event::new();
    let slow = |stage: &mut Stage<'_>| {
        QUICK_BEGAN.wait()?;
        QUICK_ENDED.wait()?;
        stage.say("it took its time");
        passes(stage)
    };
    let quick = |stage: &mut Stage<'_>| {
        QUICK_BEGAN.happen();
        passes(stage)
    };
    let after_it = |stage: &mut Stage<'_>| {
        QUICK_ENDED.happen();
        passes(stage)
    };
    let (outcomes, mut lines) = told(&[
        part("slow", Lane::Builds, slow),
        part("quick", Lane::Waits, quick),
        part("after-it", Lane::Waits, after_it),
    ]);
    let names: Vec<&str> = outcomes.iter().map(|outcome| outcome.name).collect();
    assert_eq!(names, ["slow", "quick", "after-it"]);
    // Either lane may be the first to begin, and the last two may end in either order.
    lines.retain(|line| !line.starts_with('[') || line.starts_with("[quick ended"));
    assert_eq!(
        lines,
        [
            "[quick ended:     1 passed, 0 failed, T s]",
            "slow: something is true",
            "  it took its time",
            "      1 passed, 0 failed, T s",
            "quick: something is true",
            "      1 passed, 0 failed, T s",
            "after-it: something is true",
            "      1 passed, 0 failed, T s",
        ]
    );
}

#[test]
fn what_panics_or_breaks_fails_by_name_and_the_others_run() {
    let (outcomes, lines) = told(&[
        part("first", Lane::First, panics),
        part("builds", Lane::Builds, breaks),
        part("builds-on", Lane::Builds, passes),
        part("waits", Lane::Waits, panics),
        part("waits-on", Lane::Waits, passes),
        part("idle", Lane::Waits, |_| Ok(())),
    ]);
    let lines: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
    for expected in [
        "FAIL first: it fell over",
        "FAIL builds: no such program",
        "FAIL waits: it fell over",
        "FAIL idle: it checked nothing",
    ] {
        assert!(lines.contains(&expected), "{lines:#?}");
    }
    let counts: Vec<_> = outcomes
        .iter()
        .map(|outcome| (outcome.name, outcome.passed, outcome.failures.len()))
        .collect();
    assert_eq!(
        counts,
        [
            ("first", 0, 1),
            ("builds", 0, 1),
            ("builds-on", 1, 0),
            ("waits", 0, 1),
            ("waits-on", 1, 0),
            ("idle", 0, 1),
        ]
    );
}

#[test]
fn the_last_line_counts_and_one_failure_in_a_lane_is_the_exit_code() {
    let summed = |parts: &[Part]| {
        let (outcomes, _) = told(parts);
        let last = Mutex::new(String::new());
        report::summary(&outcomes, "", &|line| {
            line.clone_into(&mut last.lock().unwrap());
        });
        (report::exit_code(&outcomes), last.into_inner().unwrap())
    };
    let good = [
        part("builds", Lane::Builds, passes),
        part("waits", Lane::Waits, passes),
    ];
    let (code, last) = summed(&good);
    assert_eq!(code, std::process::ExitCode::SUCCESS);
    assert_eq!(last, "2 passed, 0 failed");

    for lane in [Lane::First, Lane::Builds, Lane::Waits] {
        let [one, other] = good;
        let (code, last) = summed(&[one, part("broken", lane, panics), other]);
        assert_eq!(code, std::process::ExitCode::FAILURE, "{lane:?}");
        assert_eq!(last, "2 passed, 1 failed");
    }
}

#[test]
fn the_first_ones_are_alone_wherever_they_stand() {
    static ENDED: Mutex<Vec<&str>> = Mutex::new(Vec::new());
    let note = |stage: &mut Stage<'_>| {
        ENDED.lock().unwrap().push(stage.name());
        passes(stage)
    };
    let (_, lines) = told(&[
        part("waits", Lane::Waits, note),
        part("builds", Lane::Builds, note),
        part("fmt", Lane::First, note),
        part("unit", Lane::First, note),
    ]);
    let ended = ENDED.lock().unwrap();
    assert_eq!(ended.get(..2), Some(&["fmt", "unit"][..]), "{ended:?}");
    assert_eq!(ended.len(), 4);
    assert_eq!(
        lines.get(..4),
        Some(
            &[
                "[fmt begins]".to_owned(),
                "[fmt ended:     1 passed, 0 failed, T s]".to_owned(),
                "[unit begins]".to_owned(),
                "[unit ended:     1 passed, 0 failed, T s]".to_owned(),
            ][..]
        )
    );
}

#[test]
fn what_compiles_yields_to_what_waits() {
    static NICENESS: Mutex<Vec<(&str, i32)>> = Mutex::new(Vec::new());
    let note = |stage: &mut Stage<'_>| {
        // Of a process that it starts, for those are what takes the time.
        let said = stage.succeed(&mut std::process::Command::new("nice"))?;
        let niceness = said.trim().parse()?;
        NICENESS.lock().unwrap().push((stage.name(), niceness));
        passes(stage)
    };
    let own = getpriority_process(None).unwrap();
    let (outcomes, _) = told(&[
        part("unit", Lane::First, note),
        part("fuzz", Lane::Builds, note),
        part("managed", Lane::Waits, note),
    ]);
    assert!(outcomes.iter().all(|outcome| outcome.failures.is_empty()));
    let mut found = NICENESS.lock().unwrap().clone();
    found.sort_unstable();
    let yielding = (own + 5).min(19);
    assert_eq!(found, [("fuzz", yielding), ("managed", own), ("unit", own)]);
}

#[test]
fn a_part_that_has_nothing_to_stand_on_fails_and_the_others_are_told() {
    let folder = tempfile::tempdir().unwrap();
    // Where the folder of logs would be, there is a file.
    let target = folder.path().join("target");
    std::fs::write(&target, "").unwrap();
    let (outcomes, lines) = told_in(
        &target,
        &[
            part("fuzz", Lane::Builds, passes),
            part("managed", Lane::Waits, passes),
        ],
    );
    assert_eq!(outcomes.len(), 2);
    for outcome in outcomes {
        assert_eq!((outcome.passed, outcome.failures.len()), (0, 1));
    }
    assert!(lines.contains(&"managed: something is true".to_owned()));
}
