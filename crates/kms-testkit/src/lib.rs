//! For tests only: a clock that is moved by hand, fake upstreams and faults that a real
//! part cannot be made to show, and the search for leaked secrets.

mod clock;

pub use clock::MockClock;
