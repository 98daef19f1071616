//! Killed with the journal's row at the steps that a rotation passes over unless something is
//! the matter with it, or everybody has moved to the new key.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    journal,
    relay::Side,
    scene::{Scene, WINDOW},
};
use crate::place::Place;

/// A user, and what becomes of the rotation of its key.
struct Row {
    user: &'static str,
    course: Course,
    /// The call about the old key or the new one at which the first server is killed, if it is
    /// killed at one.
    stop: Option<(&'static str, Side)>,
    /// On which side of the next call the second one is.
    again: Option<Side>,
    /// The step that the row says at the first kill.
    step: &'static str,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Course {
    /// The new key turns out to be somebody else's: it is taken away again.
    GivenUp,
    /// All who read the old key have read the new one: the old one is stopped before it goes.
    Moved,
    /// RAM does not end the old key while the first server asks.
    Refused,
}

const DELETE: &str = "DeleteAccessKey";
const UPDATE: &str = "UpdateAccessKey";

/// Long enough for the new value to be read before it ends.
const READ: &str = "8s";

const ROWS: [Row; 10] = [
    Row {
        user: "abort-a",
        course: Course::GivenUp,
        stop: Some((DELETE, Side::Before)),
        again: Some(Side::After),
        step: "abort",
    },
    Row {
        user: "abort-b",
        course: Course::GivenUp,
        stop: Some((DELETE, Side::After)),
        again: Some(Side::Before),
        step: "abort",
    },
    Row {
        user: "stop-a",
        course: Course::Moved,
        stop: Some((UPDATE, Side::Before)),
        again: None,
        step: "drain",
    },
    Row {
        user: "stop-b",
        course: Course::Moved,
        stop: Some((UPDATE, Side::After)),
        again: None,
        step: "drain",
    },
    Row {
        user: "stopped-a",
        course: Course::Moved,
        stop: Some((DELETE, Side::Before)),
        again: Some(Side::After),
        step: "deactivate",
    },
    Row {
        user: "stopped-b",
        course: Course::Moved,
        stop: Some((DELETE, Side::After)),
        again: Some(Side::Before),
        step: "deactivate",
    },
    Row {
        user: "delete-a",
        course: Course::Refused,
        stop: None,
        again: Some(Side::Before),
        step: "delete",
    },
    Row {
        user: "delete-b",
        course: Course::Refused,
        stop: None,
        again: Some(Side::After),
        step: "delete",
    },
    Row {
        user: "report-failed",
        course: Course::GivenUp,
        stop: None,
        again: None,
        step: "report",
    },
    Row {
        user: "report-moved",
        course: Course::Moved,
        stop: None,
        again: None,
        step: "report",
    },
];

/// The steps that were seen.
pub(super) fn killed_at_every_row(place: Place) -> BTreeSet<String> {
    let mut scene = Scene::new(place);
    journal::refuse_ends(&scene.place);
    scene.start();
    for row in &ROWS {
        row.begin(&scene);
    }
    for row in ROWS.iter().filter(|row| row.course == Course::Moved) {
        scene.wait_for_step(row.user, "drain");
        scene.signs(row.user);
    }
    let at_calls = ROWS.iter().filter(|row| row.stop.is_some()).count();
    scene.relay.wait_until_stopped(at_calls);
    for row in ROWS.iter().filter(|row| row.stop.is_none()) {
        scene.wait_for_step(row.user, row.step);
    }
    scene.relay.refuse_nothing();
    for row in &ROWS {
        if let Some(side) = row.again {
            scene.relay.stop(row.user, 0, side);
        }
    }
    let users: Vec<String> = ROWS.iter().map(|row| row.user.to_owned()).collect();
    let steps = scene.kill_and(&users, |scene| ROWS.iter().for_each(|row| row.look(scene)));
    let expected: BTreeMap<String, String> = ROWS
        .iter()
        .map(|row| (row.user.to_owned(), row.step.to_owned()))
        .collect();
    assert_eq!(steps, expected);
    let agains = ROWS.iter().filter(|row| row.again.is_some()).count();
    scene.relay.wait_until_stopped(agains);
    scene.kill_and(&users, |scene| journal::allow_ends(&scene.place));
    for row in &ROWS {
        row.judge(&scene);
    }
    assert_eq!(scene.relay.beyond_two(), 0);
    steps.into_values().collect()
}

// === impl Row ===

impl Row {
    /// Those that end at a report are refused it.
    fn version(&self) -> &'static str {
        match self.step {
            "report" => journal::REFUSED,
            _ => "v2",
        }
    }

    fn begin(&self, scene: &Scene) {
        scene.host(self.user);
        if let Some((action, side)) = self.stop {
            scene.relay.stop_at(self.user, action, side);
        }
        let window = match self.course {
            Course::GivenUp => {
                scene.relay.mistake(self.user);
                WINDOW
            }
            Course::Moved => {
                // The old value is read by somebody who will be seen to read the new one.
                scene.signs(self.user);
                READ
            }
            Course::Refused => {
                scene.relay.refuse(self.user, DELETE);
                WINDOW
            }
        };
        scene.rotate(self.user, self.version(), window);
    }

    /// What there is at RAM when the first server is dead.
    fn look(&self, scene: &Scene) {
        let states: Vec<bool> = scene
            .keys(self.user)
            .iter()
            .map(|key| key.is_active)
            .collect();
        match (self.step, self.stop) {
            // Stopped, and not yet gone.
            ("deactivate", Some((_, Side::Before))) | ("drain", Some((_, Side::After))) => {
                assert_eq!(states, [false, true], "{}", self.user);
            }
            ("deactivate" | "abort", Some((_, Side::After))) | ("report", _) => {
                assert_eq!(states, [true], "{}", self.user);
            }
            _ => assert_eq!(states, [true, true], "{}", self.user),
        }
    }

    fn judge(&self, scene: &Scene) {
        if self.course != Course::GivenUp {
            scene.wait_for_end(self.user, "Succeeded");
            return scene.judge(self.user, self.version());
        }
        scene.wait_for_end(self.user, "Failed");
        scene.judge_given_up(self.user, self.version());
        // Nothing is in the way of the next one.
        scene.relay.mistake_nobody();
        scene.rotate(self.user, "v3", WINDOW);
        scene.wait_for_end(self.user, "Succeeded");
        scene.judge(self.user, "v3");
    }
}
