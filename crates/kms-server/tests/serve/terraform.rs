//! What Terraform's provider `alicloud` sends for each resource of the solution: it makes the resource,
//! reads it and reads it again the same, which is what an empty plan is, changes it, destroys it and
//! finds it gone.
//!
//! `terraform/*.calls` are the calls of the provider itself, which deploy/terraform/README.md names,
//! written down while it worked against a server, one resource at a time; `terraform/*-more.calls`
//! are those of other settings and of refusals, by its source (reference accesskey §2.2,
//! real-clients §4). The provider is in no package registry.

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
fn what_an_application_reads_by_comes_changes_and_goes() {
    play(&Place::sqlite(), "access-point.calls", &[]);
    play(&Place::postgres(), "access-point.calls", &[]);
}

#[test]
fn rules_of_policies_are_told_as_they_were_written() {
    play(&Place::sqlite(), "access-point-more.calls", &[]);
    play(&Place::postgres(), "access-point-more.calls", &[]);
}

#[test]
fn an_instance_is_bought_connected_bound_changed_and_given_back() {
    play(&Place::sqlite(), "instance.calls", &[]);
    play(&Place::postgres(), "instance.calls", &[]);
}

#[test]
fn an_instance_is_not_bought_twice_bound_without_room_or_given_back_under_protection() {
    play(&Place::sqlite(), "instance-more.calls", &[]);
    play(&Place::postgres(), "instance-more.calls", &[]);
}

#[test]
fn a_hosted_access_key_comes_changes_and_goes() {
    play(&Place::sqlite(), "host-access-key.calls", &[]);
}

#[test]
fn a_hosted_access_key_takes_no_value_from_outside() {
    play(&Place::sqlite(), "host-access-key-more.calls", &[]);
}

#[test]
fn a_user_and_its_access_key_come_change_and_go() {
    play(&Place::sqlite(), "user.calls", &[]);
}

#[test]
fn a_user_is_deleted_by_force() {
    play(&Place::sqlite(), "user-more.calls", &[]);
}

#[test]
fn networks_come_change_and_go() {
    play(&Place::sqlite(), "networks.calls", &[]);
}

#[test]
fn networks_are_refused_to_go_while_something_is_in_them() {
    play(&Place::sqlite(), "networks-more.calls", &[]);
}

#[test]
fn a_share_its_targets_and_its_resources_come_change_and_go() {
    play(&Place::sqlite(), "share.calls", &[]);
    play(&Place::postgres(), "share.calls", &[]);
}

#[test]
fn a_share_takes_nothing_that_is_anothers() {
    play(&Place::sqlite(), "share-more.calls", &[]);
    play(&Place::postgres(), "share-more.calls", &[]);
}

#[test]
fn a_rule_and_a_delivery_come_change_and_go() {
    play(&Place::sqlite(), "compliance.calls", &[]);
}

#[test]
fn a_rule_is_stopped_begins_again_and_is_gone_when_it_is_deleted() {
    play(&Place::sqlite(), "compliance-more.calls", &[]);
}

#[test]
fn an_account_group_and_its_rules_come_change_and_go() {
    play(&Place::sqlite(), "account-group.calls", &[]);
    play(&Place::postgres(), "account-group.calls", &[]);
}
