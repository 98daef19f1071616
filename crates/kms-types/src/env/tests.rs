use super::Env;

#[test]
fn an_empty_variable_counts_as_unset_but_is_there() {
    let env: Env = [("FULL", "canary"), ("EMPTY", "")].into_iter().collect();
    assert_eq!(env.get("FULL"), Some("canary"));
    assert_eq!(env.get("EMPTY"), None);
    assert_eq!(env.get("ABSENT"), None);
    assert!(env.is_present("EMPTY"));
    assert!(!env.is_present("ABSENT"));
    assert!(!format!("{env:?}").contains("canary"));
}

#[test]
fn only_true_and_1_say_yes() {
    for (value, yes) in [
        ("true", true),
        ("TRUE", true),
        ("1", true),
        ("yes", false),
        ("0", false),
        ("", false),
    ] {
        let env: Env = [("FLAG", value)].into_iter().collect();
        assert_eq!(env.flag("FLAG"), yes, "{value:?}");
    }
    assert!(!Env::default().flag("FLAG"));
}
