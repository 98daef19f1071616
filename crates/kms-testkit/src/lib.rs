//! For tests only: a clock that is moved by hand, fake upstreams and faults that a real
//! part cannot be made to show, the agent's binary at work, and the search for leaked
//! secrets.

#[cfg(unix)]
pub mod agent;
#[cfg(unix)]
mod postgres;

mod ca;
mod clock;
mod fake_imds;
mod fake_kms;
mod fake_storage;
mod fault_proxy;
mod leak;
mod raw_http;

pub use ca::{LOCAL_NAMES, TestCa, TestServerCert};
pub use clock::MockClock;
pub use fake_imds::{FakeImds, ImdsMode, RoleCredentials};
pub use fake_kms::{Call, FakeKms, Reply};
pub use fake_storage::{FakeStorage, Stored};
pub use fault_proxy::{Fault, FaultProxy};
pub use leak::LeakCheck;
#[cfg(unix)]
pub use postgres::Postgres;
pub use raw_http::{Exchange, RawResponse, read_one};
