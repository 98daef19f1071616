use super::{extract, rename};
use crate::api::JmesPath;
use crate::plan::{
    Compat, Value,
    document::golden::{self, Answer},
};

#[test]
fn extracts_as_go_does() {
    golden::compare("extract", |case, document, compat| {
        match extract(document, compat) {
            Ok(data) => Answer {
                keys: Some(golden::shown(&rename(data, &case.paths, compat))),
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
fn a_renamed_key_that_is_there_already_is_taken_over() {
    let document = Value::new(br#"{"a":"1","b":"2"}"#.to_vec());
    let renames = [JmesPath {
        path: "b".to_owned(),
        object_alias: "a".to_owned(),
    }];
    let data = extract(&document, Compat::V06).unwrap();
    let data = rename(data, &renames, Compat::V06);
    assert_eq!(
        golden::shown(&data),
        [("a".to_owned(), "2".to_owned())].into()
    );
}

#[test]
fn errors_quote_nothing() {
    for document in [
        "canary-5d1f",
        "a: \"canary-5d1f",
        "a: *canary-5d1f",
        "canary-5d1f: 1\ncanary-5d1f: 2",
        "a: !!int canary-5d1f",
        "a: !!binary canary-5d1f",
        "a: @canary-5d1f",
        "a: !canary!5d1f x",
        "- canary-5d1f",
        "{\"canary-5d1f\": canary-5d1f",
        "a: &x {<<: canary-5d1f}",
    ] {
        for compat in [Compat::V05, Compat::V06] {
            let document = Value::new(document.as_bytes().to_vec());
            let error = extract(&document, compat).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(
                !shown.contains("canary") && !shown.contains("5d1f"),
                "{shown}"
            );
        }
    }
}

proptest::proptest! {
    #[test]
    fn no_document_makes_it_panic(bytes: Vec<u8>) {
        for compat in [Compat::V05, Compat::V06] {
            drop(extract(&Value::new(bytes.clone()), compat));
        }
    }
}
