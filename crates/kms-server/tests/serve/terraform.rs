//! What Terraform's provider `alicloud` sends for each resource of the solution, as measured
//! (reference accesskey §2.2, real-clients §4): it makes the resource, reads it and reads it again
//! the same, which is what an empty plan is, changes it, destroys it and finds it gone.
//!
//! `terraform/*.calls` are the calls. The provider itself is in no package registry.

use std::{collections::BTreeMap, fs, path::Path};

use crate::{place::Place, server::Server};

mod calls;
mod provider;

use calls::{Call, read};
use provider::Provider;

/// Where the calls are written down.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/serve/terraform");

/// Plays a file on a new server. What `known` has, and what the file's answers give names to,
/// stands for itself in later calls.
fn play(place: &Place, name: &str, known: &[(&str, &str)]) {
    let admin = place.init();
    let server = Server::start(place);
    let provider = Provider::new(server.http, &admin);
    let text = fs::read_to_string(Path::new(FOLDER).join(name)).unwrap();
    let mut names: BTreeMap<String, String> = known
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    for call in read(&text) {
        run(&provider, &call, &mut names);
    }
}

fn run(provider: &Provider, call: &Call, names: &mut BTreeMap<String, String>) {
    let (status, body) = provider.send(call, names);
    let told = format!("{}: {} {body}", call.line, call.action);
    assert_eq!(status, call.status, "{told}");
    if let Err(wrong) = call.expects(&body, names) {
        panic!("{wrong} in {told}");
    }
}

#[test]
fn the_access_points_resources_come_change_and_go() {
    play(&Place::sqlite(), "access-point.calls", &[]);
}

#[test]
fn the_access_points_resources_come_change_and_go_on_postgresql() {
    play(&Place::postgres(), "access-point.calls", &[]);
}

#[test]
fn an_instance_is_bought_connected_bound_and_given_back() {
    play(&Place::sqlite(), "instance.calls", &[]);
}

#[test]
fn an_instance_is_bought_connected_bound_and_given_back_on_postgresql() {
    play(&Place::postgres(), "instance.calls", &[]);
}

#[test]
fn a_hosted_access_key_comes_changes_and_goes() {
    play(&Place::sqlite(), "host-access-key.calls", &[]);
}

#[test]
fn a_user_is_deleted_by_force() {
    play(&Place::sqlite(), "user.calls", &[]);
}

#[test]
fn networks_come_change_and_go() {
    play(&Place::sqlite(), "networks.calls", &[]);
}

#[test]
fn a_resource_share_and_its_targets_come_change_and_go() {
    play(&Place::sqlite(), "share.calls", &[]);
}

#[test]
fn a_resource_share_and_its_targets_come_change_and_go_on_postgresql() {
    play(&Place::postgres(), "share.calls", &[]);
}

#[test]
fn a_rule_and_a_delivery_come_change_and_go() {
    play(&Place::sqlite(), "compliance.calls", &[]);
}
