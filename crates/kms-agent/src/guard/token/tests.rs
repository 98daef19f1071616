use super::*;

#[test]
fn accepts_any_of_its_tokens_and_no_other() {
    let [old, new, empty] = ["old-token", "new-token", ""].map(Secret::from);
    let tokens = AcceptedTokens::new([&old, &new, &empty]);
    assert!(tokens.accept(b"old-token") && tokens.accept(b"new-token"));
    for wrong in [&b"old-toke"[..], b"old-token ", b"OLD-TOKEN", b"", b"\xff"] {
        assert!(!tokens.accept(wrong));
    }
}

#[test]
fn shows_nothing() {
    let token = Secret::from("canary-7f3a");
    assert_eq!(
        format!("{:?}", AcceptedTokens::new([&token])),
        "AcceptedTokens(1)"
    );
}
