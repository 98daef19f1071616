use super::Secret;

#[test]
fn debug_tells_nothing() {
    let secret = Secret::new("canary-7f3a".to_owned());
    let shown = format!("{secret:?} {:#?}", Some(&secret));
    assert!(!shown.contains("canary"), "{shown}");
    assert!(!shown.contains("11"), "not even the length: {shown}");
}

#[test]
fn clones_share_one_allocation() {
    let first = Secret::new(vec![1_u8, 2, 3]);
    let second = first.clone();
    assert!(std::ptr::eq(first.expose(), second.expose()));
}

#[test]
fn matches_only_the_same_bytes() {
    let secret = Secret::from("abc");
    assert!(secret.matches(b"abc"));
    assert!(!secret.matches(b"abd"));
    assert!(!secret.matches(b"ab"));
    assert!(!secret.matches(b""));
}
