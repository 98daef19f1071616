use super::replace;
use crate::api::ReplaceRule;
use crate::plan::{
    Compat, Data, Value,
    document::golden::{self, Answer},
};

#[test]
fn replaces_as_go_does() {
    golden::compare("replace", |case, _, compat| {
        match replace(case.data(), &case.rules, compat, case.values_too) {
            Ok(replaced) => Answer {
                keys: Some(golden::shown(&replaced.data)),
                ..Answer::default()
            },
            Err(_) => Answer {
                fails: true,
                ..Answer::default()
            },
        }
    });
}

#[test]
fn of_keys_that_meet_the_last_stays_and_is_told_of() {
    let replaced = replace(
        data(&["a1", "a2", "b"]),
        &[rule("[0-9]", "")],
        Compat::V06,
        false,
    );
    let replaced = replaced.unwrap();
    let expected = [
        ("a".to_owned(), "a2".to_owned()),
        ("b".to_owned(), "b".to_owned()),
    ];
    assert_eq!(golden::shown(&replaced.data), expected.into());
    assert_eq!(replaced.clashes, ["a"]);
}

#[test]
fn a_rule_that_does_not_compile_is_named() {
    let error = replace(
        data(&["a"]),
        &[rule("a", "b"), rule("x(y", "")],
        Compat::V05,
        false,
    );
    let expected = "replaceRule \"x(y\" is no regular expression: a ( is not closed";
    assert_eq!(error.unwrap_err().to_string(), expected);
}

fn rule(source: &str, target: &str) -> ReplaceRule {
    ReplaceRule {
        source: source.to_owned(),
        target: target.to_owned(),
    }
}

/// Keys that are their own values.
fn data(keys: &[&str]) -> Data {
    keys.iter()
        .map(|key| ((*key).to_owned(), Value::new(key.as_bytes().to_vec())))
        .collect()
}

proptest::proptest! {
    #[test]
    fn no_rule_changes_nothing(keys: Vec<String>) {
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let before = data(&keys);
        let after = replace(before.clone(), &[], Compat::V06, true).unwrap();
        proptest::prop_assert_eq!(golden::shown(&before), golden::shown(&after.data));
    }

    #[test]
    fn no_rule_makes_it_panic(
        source in "[ab()\\[\\]\\\\*+?{}|^$.,:<>!Pdwsxi0-9&~-]{0,12}",
        target: String,
        key: String,
    ) {
        drop(replace(data(&[&key]), &[rule(&source, &target)], Compat::V06, true));
    }
}
