use super::{Results, said};

#[test]
fn counts_over_all_programs() {
    let text = "
     Running unittests src/lib.rs (target/debug/deps/kms_types-0b1)

running 2 tests
test name::tests::short ... ok
test name::tests::long ... FAILED

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

     Running tests/config.rs (target/debug/deps/config-7a3)
test result: ok. 41 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.02s
";
    let expected = Results {
        passed: 42,
        failed: vec![(
            "name::tests::long".to_owned(),
            "unittests src/lib.rs (target/debug/deps/kms_types-0b1)".to_owned(),
        )],
    };
    assert_eq!(Results::read(text), expected);
}

#[test]
fn nothing_ran() {
    assert_eq!(
        Results::read("error: could not compile"),
        Results::default()
    );
}

#[test]
fn a_failed_test_is_quoted() {
    let text = "
---- a::long stdout ----
first

---- a::longer stdout ----

thread 'a::longer' panicked at a.rs:1:2:
left: 1

failures:
    a::longer
";
    let expected = "thread 'a::longer' panicked at a.rs:1:2:\n    left: 1";
    assert_eq!(said(text, "a::longer"), expected);
    assert_eq!(said(text, "a::other"), "");
}
