//! Servers that are killed at any moment, while clients keep a ledger of what was
//! acknowledged to them.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use crate::place::Place;

mod audited;
mod fleet;
mod ledger;
mod probe;
mod random;
mod reader;
mod writer;

use fleet::Fleet;
use ledger::Ledger;
use probe::Probe;
use random::Random;

/// Who writes at once.
const WRITERS: u64 = 4;

/// One round: clients write through one server and read at the others, and one of them all
/// is killed in the middle of it.
struct Round {
    number: u64,
    writes_at: usize,
    victim: usize,
}

#[test]
fn servers_on_postgresql_lose_no_acknowledged_write() {
    let first = Place::postgres();
    let mut fleet = Fleet::of_several(first, 3);
    let ledger = Ledger::default();
    let mut random = Random::new(0x7065_6e67);
    // Each is killed twice: while it writes, and while another one does.
    for number in 0..6 {
        let victim = usize::try_from(number % 3).unwrap();
        let writes_at = if number < 3 { victim } else { (victim + 1) % 3 };
        let round = Round {
            number,
            writes_at,
            victim,
        };
        play(&mut fleet, &ledger, &mut random, &round);
    }
    judge(fleet, &ledger);
}

#[test]
fn a_server_on_sqlite_loses_no_acknowledged_write() {
    let mut fleet = Fleet::of_one(Place::sqlite());
    let ledger = Ledger::default();
    let mut random = Random::new(0x7363_686c);
    for number in 0..6 {
        let round = Round {
            number,
            writes_at: 0,
            victim: 0,
        };
        play(&mut fleet, &ledger, &mut random, &round);
    }
    judge(fleet, &ledger);
}

fn play(fleet: &mut Fleet, ledger: &Ledger, random: &mut Random, round: &Round) {
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        for number in 0..WRITERS {
            let at = fleet.probe(round.writes_at);
            let name = format!("r{}w{number}", round.number);
            let writer = writer::Writer::new(at, round.writes_at, name, random.next(), ledger);
            let is_over = &is_over;
            scope.spawn(move || writer.run(is_over));
        }
        for server in fleet.others_than(round.writes_at) {
            let reader = reader::Reader::new(fleet.probe(server), random.next(), ledger);
            let is_over = &is_over;
            scope.spawn(move || reader.run(is_over));
        }
        let goal = ledger.count() + 12 + random.below(16);
        ledger.wait_for(goal);
        fleet.kill(round.victim);
        if round.victim != round.writes_at {
            // The others go on as if nothing had happened.
            ledger.wait_for(goal + 12);
        }
        is_over.store(true, Ordering::SeqCst);
    });
    // A line that is cut off is seldom what a kill leaves; here every second leaves one, and
    // each server sees one.
    if round.number % 2 == 1 {
        audited::tear(fleet.place(round.victim));
    }
    fleet.restart(round.victim);
}

/// What every server says in the end, and what each has written down.
fn judge(fleet: Fleet, ledger: &Ledger) {
    thread::scope(|scope| {
        for probe in fleet.probes() {
            scope.spawn(move || everything(&probe, ledger));
        }
    });
    for (server, place) in fleet.stop().iter().enumerate() {
        audited::check(place, &ledger.request_ids(server));
    }
}

fn everything(probe: &Probe, ledger: &Ledger) {
    for fact in ledger.facts() {
        probe.holds(&fact).unwrap();
    }
    for doubt in ledger.doubts() {
        probe.is_whole_or_absent(&doubt).unwrap();
    }
    for secret in ledger.secrets() {
        probe.has_one_current(&secret).unwrap();
    }
    probe.keys_work(ledger.keys()).unwrap();
}
