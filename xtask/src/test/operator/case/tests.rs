use super::*;

#[test]
fn every_case_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../suite/operator/cases");
    let cases = read_all(&folder).expect("the cases");
    for (name, text) in &cases {
        let case = Case::read(name, text, "there", &[]).expect("a case");
        assert!(!case.steps.is_empty(), "{name} does nothing");
    }
    assert!(cases.len() > 50, "only {} cases", cases.len());
}

#[test]
fn names_stand_for_what_is_said() {
    let text = "{what: a, steps: [{put: {$NS.a: $KEY}}]}";
    let case = Case::read("a", text, "there", &[("$KEY", "LTAI".to_owned())]).expect("a case");
    let [step] = &case.steps[..] else {
        panic!("one step");
    };
    let Some(Put::Text(value)) = step.put.get("there.a") else {
        panic!("{:?}", step.put);
    };
    assert_eq!(value, "LTAI");
}

#[test]
fn a_word_that_means_nothing_is_named() {
    let text = "{what: a, steps: [{putt: {a: b}}]}";
    let error = Case::read("typo", text, "there", &[]).expect_err("a mistake");
    let said = format!("{error:#}");
    assert!(said.contains("typo") && said.contains("putt"), "{said}");
}
