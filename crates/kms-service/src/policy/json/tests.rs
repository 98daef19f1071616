use super::parse;

#[test]
fn a_name_that_stands_twice_is_refused() {
    let error = parse(r#"{"a": {"b": 1, "b": 2}}"#).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the policy document is not JSON: \"b\" stands twice at line 1 column 18"
    );
}

#[test]
fn depth_ends_in_an_error_before_the_stack_ends() {
    assert!(parse(&"[".repeat(6_000)).is_err());
    assert!(parse(&r#"{"a":"#.repeat(1_000)).is_err());
}
