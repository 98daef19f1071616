//! Values that were read, rendered, kept in memory: exactly as many, for exactly as long
//! and leaving in exactly the order that seed 002 says.

mod negative;
mod order;
mod policy;
mod store;

pub(crate) use negative::Negative;
pub(crate) use policy::Policy;
pub(crate) use store::{Cache, Entry, Found};
