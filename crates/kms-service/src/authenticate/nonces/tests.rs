use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn id(text: &str) -> AccessKeyId {
    text.parse().unwrap()
}

fn code(done: Result<(), ApiError>) -> Option<ErrorCode> {
    done.err().map(|error| error.code)
}

#[test]
fn a_nonce_serves_once_for_each_key() {
    let nonces = Nonces::new(10);
    let oldest = at(-900);
    assert_eq!(code(nonces.remember(&id("a"), "n", at(0), oldest)), None);
    assert_eq!(
        code(nonces.remember(&id("a"), "n", at(0), oldest)),
        Some(ErrorCode::SignatureNonceUsed)
    );
    assert_eq!(
        code(nonces.remember(&id("a"), "n", at(300), oldest)),
        Some(ErrorCode::SignatureNonceUsed),
        "another timestamp does not help"
    );
    assert_eq!(code(nonces.remember(&id("b"), "n", at(0), oldest)), None);
    // Not the same text at another boundary.
    assert_eq!(code(nonces.remember(&id("an"), "", at(0), oldest)), None);
}

#[test]
fn a_nonce_is_kept_as_long_as_its_call_could_be_played_again() {
    let nonces = Nonces::new(10);
    nonces.remember(&id("a"), "n", at(900), at(-900)).unwrap();
    for now in [0, 1_000, 1_799, 1_800] {
        assert_eq!(
            code(nonces.remember(&id("a"), "n", at(900), at(now - 900))),
            Some(ErrorCode::SignatureNonceUsed),
            "{now}"
        );
    }
    // A minute later at the latest there is room for it again.
    assert_eq!(
        code(nonces.remember(&id("a"), "n", at(1_900), at(960))),
        None
    );
}

#[test]
fn full_it_throttles_and_forgets_nothing() {
    let nonces = Nonces::new(3);
    let oldest = at(-900);
    for nonce in ["1", "2", "3"] {
        nonces.remember(&id("a"), nonce, at(0), oldest).unwrap();
    }
    assert_eq!(
        code(nonces.remember(&id("a"), "4", at(0), oldest)),
        Some(ErrorCode::Throttling)
    );
    for nonce in ["1", "2", "3"] {
        assert_eq!(
            code(nonces.remember(&id("a"), nonce, at(0), oldest)),
            Some(ErrorCode::SignatureNonceUsed)
        );
    }
    // Time makes room.
    assert_eq!(
        code(nonces.remember(&id("a"), "4", at(1_000), at(100))),
        None
    );
}
