//! The webhooks that the API server asks before it stores an object: `/validate` about our four kinds,
//! `/inject` about pods that ask for an agent. A program of its own beside the operator: what it answers
//! must be there whoever leads, and needs no right to read a Secret but its own.
//!
//! [`run()`] listens; `listen` keeps the door, `http` carries reviews to and fro (`review`), `question`
//! answers them by the functions of [`admission`](crate::admission), and `certificate` is how the API
//! server believes that it talks to us.

mod certificate;
mod http;
mod listen;
mod metrics;
mod probes;
mod question;
mod review;
mod run;
mod settings;

pub use certificate::{CertificateError, FilesError};
pub use run::{RunError, run};
pub use settings::{Certificate, Settings};
