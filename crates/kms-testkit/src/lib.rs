//! For tests only: a clock that is moved by hand, fake upstreams and faults that a real
//! part cannot be made to show, and the search for leaked secrets.

mod ca;
mod clock;

pub use ca::{LOCAL_NAMES, TestCa, TestServerCert};
pub use clock::MockClock;
