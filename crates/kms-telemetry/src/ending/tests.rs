use std::io;

use thiserror::Error;

use super::{Exit, Failure};

#[derive(Debug, Error)]
#[error("cannot read x")]
struct Outer(#[source] Inner);

#[derive(Debug, Error)]
#[error("it is broken")]
struct Inner(#[source] io::Error);

#[test]
fn a_failure_is_one_line_with_every_cause_once() {
    let error = Outer(Inner(io::Error::other("no luck")));
    let failure = Failure::new(Exit::Usage, error);
    assert_eq!(failure.to_string(), "cannot read x: it is broken: no luck");
    assert_eq!(Failure::new(Exit::Failure, "alone").to_string(), "alone");
}

#[test]
fn exits_have_the_numbers_that_scripts_know() {
    let all = [
        Exit::Fine,
        Exit::Usage,
        Exit::Data,
        Exit::Unavailable,
        Exit::Failure,
        Exit::Refused,
    ];
    assert_eq!(all.map(Exit::code), [0, 64, 65, 69, 70, 77]);
}
