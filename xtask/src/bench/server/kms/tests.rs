use super::*;

fn said(lines: &[&str]) -> Result<String> {
    address(lines.iter().map(|line| (*line).to_owned()))
}

#[test]
fn it_listens_where_it_says_once_it_is_ready() {
    let ready = ["https 127.0.0.1:1", "http 127.0.0.1:2", "ready", "http x"];
    assert_eq!(said(&ready).unwrap(), "127.0.0.1:2");
}

#[test]
fn one_that_ends_or_listens_nowhere_is_an_error() {
    for (lines, error) in [
        (&["http 127.0.0.1:2"][..], "kms-server ended at once"),
        (&["ready"], "kms-server listens nowhere"),
    ] {
        assert_eq!(said(lines).unwrap_err().to_string(), error);
    }
}
