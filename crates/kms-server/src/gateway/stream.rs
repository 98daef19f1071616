//! Between the socket and the HTTP library: time, and request lines that it cannot hold.

mod lines;
mod patience;
mod progress;
mod watched;

pub(super) use lines::Lines;
pub(super) use patience::Patient;
pub(super) use progress::{Phase, Progress};
pub(super) use watched::Watched;
