//! A server that rotates AccessKeys in the cloud and is killed while it does: at each call, on
//! either side of it, in between, and with the journal's row at each step that there is. Whoever
//! comes after it finds out what was done, and goes on (reference accesskey §4.2 and §4.3,
//! invariants I1 to I7 and I12).
//!
//! Each user's rotation stands at a point of its own when the server is killed, so one kill is
//! a kill at every step. The next one is killed, too.
//!
//! Every step of the journal is durable somewhere, so there is none without a kill: `plan`,
//! `create`, `verify` and `abort` while RAM is asked, `drain` and `deactivate` while they wait,
//! `delete` once RAM refused, and `report` between two transactions, of which the second is
//! refused by the database here. Rows of webhooks have steps of their own; `kms-service` has the
//! tests of those.

use std::{collections::BTreeSet, thread};

use kms_service::access_key_steps;

use crate::place::Place;

mod calls;
mod journal;
mod relay;
mod rows;
mod scene;

/// Both at once, each with a server and a cloud of its own.
fn killed_at_every_step(place: fn() -> Place) {
    let seen: BTreeSet<String> = thread::scope(|scope| {
        let calls = scope.spawn(|| calls::killed_at_every_call(place()));
        let rows = rows::killed_at_every_row(place());
        let calls = calls.join().unwrap();
        calls.union(&rows).cloned().collect()
    });
    let all: BTreeSet<String> = access_key_steps().map(str::to_owned).collect();
    assert_eq!(seen, all);
}

#[test]
fn a_server_on_sqlite_that_is_killed_leaves_no_key_behind() {
    killed_at_every_step(Place::sqlite);
}

#[test]
fn servers_on_postgresql_that_are_killed_leave_no_key_behind() {
    killed_at_every_step(Place::postgres);
}
