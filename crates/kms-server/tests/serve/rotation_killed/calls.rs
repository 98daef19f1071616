//! Killed at each call of a rotation that nobody disturbs.

use std::{collections::BTreeSet, fmt::Write as _};

use super::{
    relay::Side,
    scene::{Scene, WINDOW},
};
use crate::{
    call::{KMS, try_call},
    place::Place,
};

/// Where a rotation is stopped that is stopped at no call: between two of them.
const DRAINS: &str = "drains";

/// The steps that were seen.
pub(super) fn killed_at_every_call(place: Place) -> BTreeSet<String> {
    let mut scene = Scene::new(place);
    scene.start();
    let points = points(&scene);
    let users: Vec<String> = points.iter().map(|(user, _)| user.clone()).collect();
    for (user, stop) in &points {
        scene.host(user);
        if let Some((after, side)) = *stop {
            scene.relay.stop(user, after, side);
            scene.rotate(user, "v2", WINDOW);
        }
    }
    scene.relay.wait_until_stopped(users.len() - 1);
    scene.rotate(DRAINS, "v2", "12s");
    scene.wait_for_step(DRAINS, "drain");
    for user in &users {
        scene.signs(user);
        scene.relay.stop(user, 0, Side::Before);
    }
    let steps = scene.kill(&users);
    // Its window is not over (I5).
    assert!(scene.keys(DRAINS).iter().all(|key| key.is_active));
    // All of them are gone on with, and the second server is killed as soon as it asks about
    // one; but who drains has to wait.
    scene.relay.wait_until_stopped(users.len() - 1);
    scene.kill(&users);
    for user in &users {
        scene.wait_for_end(user, "Succeeded");
        scene.judge(user, "v2");
    }
    assert_eq!(scene.relay.beyond_two(), 0);
    let told = try_call(scene.server().http, &scene.admin, KMS, "ListSecrets", &[]);
    assert_eq!(told.unwrap().1["TotalCount"], users.len() + 1);
    steps.into_values().collect()
}

/// Every point at which such a rotation can be, by the name of a user each.
fn points(scene: &Scene) -> Vec<(String, Option<(usize, Side)>)> {
    scene.host("first");
    scene.rotate("first", "v2", WINDOW);
    scene.wait_for_end("first", "Succeeded");
    scene.judge("first", "v2");
    let calls = scene.relay.take("first");
    let actions: Vec<&str> = calls.iter().map(|(action, _)| action.as_str()).collect();
    for action in [
        "ListAccessKeys",
        "CreateAccessKey",
        "GetCallerIdentity",
        "DeleteAccessKey",
    ] {
        assert!(actions.contains(&action), "{actions:?}");
    }
    let mut points: Vec<_> = (0..actions.len())
        .flat_map(|at| {
            [Side::Before, Side::After].map(|side| {
                let mut user = format!("at-{at}");
                write!(user, "-{side:?}").unwrap();
                (user, Some((at, side)))
            })
        })
        .collect();
    points.push((DRAINS.to_owned(), None));
    points
}
