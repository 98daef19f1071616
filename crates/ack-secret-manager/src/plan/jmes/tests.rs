use super::select;
use crate::api::JmesPath;
use crate::plan::{
    Compat, Value,
    document::golden::{self, Answer},
};

#[test]
fn selects_as_go_does() {
    golden::compare("jmes", |case, document, compat| {
        let selected = select(document, "name", &case.paths, compat);
        let mut missed: Vec<String> = selected
            .problems
            .iter()
            .map(|(path, _)| path.clone())
            .collect();
        missed.sort();
        Answer {
            keys: (!selected.whole).then(|| golden::shown(&selected.data)),
            missed,
            fails: selected.whole,
        }
    });
}

#[test]
fn says_why_a_path_gives_nothing() {
    let document = Value::new(br#"{"name":"canary-5d1f","list":[1]}"#.to_vec());
    for (path, wanted) in [
        ("nothing", "nothing is there"),
        ("abs(name)", "abs() cannot take what it finds there"),
        ("nofunction(name)", "JMESPath has no function nofunction()"),
        ("list[::0]", "a slice has a step of 0"),
        ("name[", "not an expression of JMESPath"),
        ("&name", "what is there is neither"),
    ] {
        let selected = select(&document, "x", &[to("alias", path)], Compat::V06);
        assert!(selected.whole && selected.data.is_empty());
        let [(known, error)] = selected.problems.as_slice() else {
            panic!("{path}: {:?}", selected.problems);
        };
        assert_eq!(known, path);
        let shown = format!("{error} {error:?}");
        assert!(
            shown.contains(wanted) && !shown.contains("canary"),
            "{shown}"
        );
    }
    assert!(
        !format!(
            "{:?}",
            select(&document, "x", &[to("y", "name")], Compat::V06)
        )
        .contains("canary")
    );
}

#[test]
fn an_expression_can_neither_nest_nor_grow_without_end() {
    let document = Value::new(br#"{"a":[1,2,3,4]}"#.to_vec());
    let doubled = "[@,@]|".repeat(40);
    for path in [
        "(".repeat(100_000),
        "!".repeat(3_000),
        format!("{doubled}@"),
        "a[]".repeat(2_000),
        "`[1]`|[@,@,@,@,@,@,@,@]|[@,@,@,@,@,@,@,@]|[@,@,@,@,@,@,@,@]|[@,@,@,@,@,@,@,@]|[@,@,@,@,@,@,@,@]|[@,@,@,@,@,@,@,@]|[@,@,@,@,@,@,@,@]".to_owned(),
    ] {
        let selected = select(&document, "x", &[to("y", &path)], Compat::V06);
        assert!(selected.whole, "{path}");
    }
}

fn to(alias: &str, path: &str) -> JmesPath {
    JmesPath {
        path: path.to_owned(),
        object_alias: alias.to_owned(),
    }
}

proptest::proptest! {
    #[test]
    fn no_expression_makes_it_panic(
        path in "([a-c]|\\.|\\*|\\[|\\]|\\?|&|\\||@|\\(|\\)|`1`|'x'|,|:|-?[0-3]|length|sort_by|map|==|!){0,20}",
    ) {
        let document = Value::new(br#"{"a":[{"b":1.5},{"b":"x"}],"b":{"c":[1,[2]]},"c":null}"#.to_vec());
        for compat in [Compat::V05, Compat::V06] {
            drop(select(&document, "x", &[to("y", &path)], compat));
        }
    }

    #[test]
    fn no_document_makes_it_panic(bytes: Vec<u8>) {
        drop(select(&Value::new(bytes), "x", &[to("y", "@"), to("z", "a")], Compat::V06));
    }
}
