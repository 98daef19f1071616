//! The way in: connections, their limits, and what arrives on them turned into calls of
//! the service. One listener serves all products.
//!
//! How a call walks: `accept` takes the connection → `stream` mends request lines that
//! HTTP libraries cannot hold and keeps time → hyper parses → `arrived` is the raw
//! request → `protocol` tells whose it is → `openapi` or `instance` verifies it, carries
//! it out and answers → `http` has it written into the audit log and lets the answer go.

mod accept;
mod admission;
mod arrived;
mod facts;
mod http;
mod instance;
mod limits;
mod listen;
mod openapi;
mod outcome;
mod protocol;
mod routes;
mod stream;

pub use accept::{Door, serve};
pub use admission::{Admission, Rates};
pub use arrived::Peer;
pub use http::{Calls, Counter, Gateway};
pub use limits::Limits;
pub use listen::{Listener, bind, bind_to};
pub use routes::{Routes, Target};
