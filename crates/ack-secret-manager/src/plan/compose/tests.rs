use std::collections::{BTreeMap, BTreeSet};

use kms_types::Secret;
use serde_json::json;

use super::{Answer, ComposePolicy, Composed, Kept, Verdict, compose};
use crate::{
    api::SyncStatus,
    plan::{EntryPolicy, Remote, entries},
};

/// What is known, by the name of the remote secret; what is not named is missing.
fn composed(
    spec: serde_json::Value,
    known: &[(&str, Answer)],
    template: bool,
    policy: ComposePolicy,
) -> Composed {
    let spec = serde_json::from_value(spec).unwrap();
    let entries = entries("team", &spec, EntryPolicy::default());
    let known: BTreeMap<&str, &Answer> =
        known.iter().map(|(name, answer)| (*name, answer)).collect();
    let answer = |remote: &Remote| match known.get(remote.name.as_str()) {
        Some(answer) => (*answer).clone(),
        None => Answer::Missing("gone".to_owned()),
    };
    compose(&entries, answer, template, policy)
}

fn fresh(text: &str) -> Answer {
    Answer::Fresh(Secret::new(text.as_bytes().to_vec()))
}

fn stale(text: &str) -> Answer {
    Answer::Stale(
        Secret::new(text.as_bytes().to_vec()),
        "throttled".to_owned(),
    )
}

fn texts(composed: &Composed) -> BTreeMap<String, String> {
    let data = composed.data.iter();
    data.map(|(key, value)| {
        let text = String::from_utf8(value.expose().clone()).unwrap();
        (key.clone(), text)
    })
    .collect()
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn statuses(composed: &Composed) -> Vec<(&str, SyncStatus)> {
    let outcomes = composed.outcomes.iter();
    outcomes.map(|one| (one.key.as_str(), one.status)).collect()
}

#[test]
fn the_later_of_two_entries_for_a_key_wins() {
    let spec = json!({"data": [{"key": "a", "name": "k"}, {"key": "b", "name": "k"}]});
    let all = composed(
        spec,
        &[("a", fresh("1")), ("b", fresh("2"))],
        false,
        ComposePolicy::default(),
    );
    assert_eq!(texts(&all), map(&[("k", "2")]));
    assert_eq!(all.verdict, Verdict::Write);
    assert_eq!(all.kept, Kept::Keys(BTreeSet::new()));
}

#[test]
fn what_could_not_be_read_stays_as_it_is() {
    let spec = json!({"data": [{"key": "a"}, {"key": "b", "name": "B"}]});
    let all = composed(spec, &[("a", fresh("1"))], false, ComposePolicy::default());
    assert_eq!(texts(&all), map(&[("a", "1")]));
    assert_eq!(all.kept, Kept::Keys(BTreeSet::from(["B".to_owned()])));
    assert_eq!(all.verdict, Verdict::Write);
    assert_eq!(
        statuses(&all),
        [("a", SyncStatus::Succeeded), ("b", SyncStatus::Failed)]
    );
}

#[test]
fn a_document_that_could_not_be_read_keeps_every_key() {
    let spec = json!({"data": [{"key": "a"}], "dataProcess": [{"extract": {"key": "d"}}]});
    let all = composed(spec, &[("a", fresh("1"))], false, ComposePolicy::default());
    assert_eq!(all.kept, Kept::All);
    assert_eq!(all.verdict, Verdict::Write);
}

#[test]
fn the_last_value_serves_while_there_is_no_newer_one() {
    let spec = json!({"data": [{"key": "a"}]});
    let all = composed(spec, &[("a", stale("1"))], true, ComposePolicy::default());
    assert_eq!(texts(&all), map(&[("a", "1")]));
    assert_eq!(all.verdict, Verdict::Write);
    assert_eq!(statuses(&all), [("a", SyncStatus::Failed)]);
    assert_eq!(all.outcomes[0].reason, "throttled");
}

#[test]
fn nothing_is_written_when_nothing_could_be_read() {
    let spec = json!({"data": [{"key": "a"}, {"key": "b"}]});
    let all = composed(spec.clone(), &[], false, ComposePolicy::default());
    assert_eq!(all.verdict, Verdict::Withhold);
    let told_to = ComposePolicy {
        remove_if_all_fail: true,
        ..ComposePolicy::default()
    };
    assert_eq!(
        composed(spec.clone(), &[], false, told_to).verdict,
        Verdict::Remove
    );
    let one = composed(spec, &[("a", fresh("1"))], false, told_to);
    assert_eq!(one.verdict, Verdict::Write);
}

#[test]
fn a_template_waits_for_all_that_it_may_name() {
    let spec = json!({"data": [{"key": "a"}, {"key": "b"}]});
    let all = composed(spec, &[("a", fresh("1"))], true, ComposePolicy::default());
    assert_eq!(all.verdict, Verdict::Withhold);
}

#[test]
fn a_spec_that_names_nothing_does_nothing() {
    let all = composed(json!({}), &[], false, ComposePolicy::default());
    assert_eq!(all.verdict, Verdict::Withhold);
    assert!(all.outcomes.is_empty());
}

#[test]
fn templates_need_nothing_to_read() {
    let all = composed(json!({}), &[], true, ComposePolicy::default());
    assert_eq!(all.verdict, Verdict::Write);
}

#[test]
fn a_secret_is_never_emptied() {
    let spec = json!({"dataProcess": [{"extract": {"key": "d"}}]});
    let all = composed(spec, &[("d", fresh("{}"))], false, ComposePolicy::default());
    assert_eq!(all.verdict, Verdict::Withhold);
    assert_eq!(
        statuses(&all),
        [
            ("d", SyncStatus::Succeeded),
            ("zero_output_guard", SyncStatus::Failed)
        ]
    );
}

#[test]
fn a_path_that_finds_nothing_gives_the_document_only_where_that_was_asked_for() {
    let spec = json!({"data": [{"key": "d", "name": "doc", "jmesPath": [
        {"path": "nope", "objectAlias": "x"},
    ]}]});
    let known = [("d", fresh(r#"{"a":"canary"}"#))];
    let all = composed(spec.clone(), &known, false, ComposePolicy::default());
    assert_eq!(all.verdict, Verdict::Withhold);
    let reason = &all.outcomes[0].reason;
    assert!(
        reason.contains("--store-whole-document-if-nothing-matches"),
        "{reason}"
    );
    assert!(!reason.contains("canary"), "{reason}");

    let as_of_old = ComposePolicy {
        whole_document_if_nothing_matches: true,
        ..ComposePolicy::default()
    };
    let all = composed(spec, &known, false, as_of_old);
    assert_eq!(texts(&all), map(&[("doc", r#"{"a":"canary"}"#)]));
    assert_eq!(statuses(&all), [("d", SyncStatus::Warning)]);
}

#[test]
fn parts_that_could_not_be_read_keep_the_keys_that_they_would_have() {
    let spec = json!({"data": [
        {"key": "a"},
        {"key": "d", "name": "doc", "jmesPath": [
            {"path": "x", "objectAlias": "X"},
            {"path": "y", "objectAlias": ""},
        ]},
    ]});
    let all = composed(spec, &[("a", fresh("1"))], false, ComposePolicy::default());
    let kept = ["X", "d", "doc"].map(str::to_owned);
    assert_eq!(all.kept, Kept::Keys(BTreeSet::from(kept)));
}

#[test]
fn a_secret_whose_entries_all_fail_goes_where_that_was_asked_for_though_it_is_remembered() {
    let spec = json!({"data": [{"key": "a"}, {"key": "b"}]});
    let known = [("a", stale("1")), ("b", stale("2"))];
    let told_to = ComposePolicy {
        remove_if_all_fail: true,
        ..ComposePolicy::default()
    };
    let all = composed(spec.clone(), &known, false, told_to);
    assert_eq!(all.verdict, Verdict::Remove);
    let all = composed(spec, &known, false, ComposePolicy::default());
    assert_eq!(all.verdict, Verdict::Write);
}

#[test]
fn a_remembered_document_that_cannot_be_taken_apart_tells_why_it_was_not_read() {
    let spec = json!({"dataProcess": [{"extract": {"key": "d"}}]});
    let all = composed(
        spec,
        &[("d", stale("text"))],
        false,
        ComposePolicy::default(),
    );
    assert_eq!(all.verdict, Verdict::Withhold);
    assert_eq!(all.outcomes[0].reason, "throttled");
}
