//! Kubernetes' KMS provider in version 2 (KEP-3299): what kube-apiserver writes into etcd is encrypted
//! under a key of KMS, as seed 004 advises for Secrets that were read from KMS.
//!
//! kube-apiserver encrypts by itself, with a seed that it makes at its start and has encrypted here
//! once; so there are few calls, and none for each object. [`run()`] listens on a Unix socket: `grpc`
//! takes calls apart, [`provider`](Settings) answers them over the port `keys`, and `health` keeps
//! what Status tells, which `probe` finds out by encrypting and decrypting again and again.

mod api;
mod grpc;
mod health;
mod http;
mod keys;
mod probe;
mod provider;
mod refusal;
mod run;
mod settings;
mod socket;

pub use keys::KeyVersion;
pub use probe::ProbeError;
pub use run::{RunError, check, run};
pub use settings::Settings;
pub use socket::SocketError;
