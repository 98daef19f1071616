//! Use cases: identity, authorisation, secrets. Knows no HTTP and no concrete store.

mod principal;
mod service;
mod setup;
mod unlock;

pub use principal::{Caller, Principal};
pub use service::{Parts, Service};
pub use setup::{NewAccessKey, SetupError, User};
pub use unlock::{UnlockError, unlock};
