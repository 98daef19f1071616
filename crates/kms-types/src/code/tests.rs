use std::collections::BTreeSet;

use super::ErrorCode;

/// Clients match on these: a change here is a change of the API.
const GOLDEN: &str = include_str!("../../tests/codes.txt");

#[test]
fn codes_and_statuses_are_the_clouds() {
    let own: BTreeSet<String> = ErrorCode::ALL
        .iter()
        .map(|code| format!("{} {code}", code.status()))
        .collect();
    let golden: BTreeSet<String> = GOLDEN.lines().map(str::to_owned).collect();
    assert_eq!(own, golden);
}

#[test]
fn codes_are_found_by_their_own_spelling() {
    for code in ErrorCode::ALL {
        assert_eq!(ErrorCode::parse(code.as_str()), Some(*code));
    }
    assert_eq!(ErrorCode::parse("forbidden.nopermission"), None);
    assert_eq!(ErrorCode::parse(""), None);
}
