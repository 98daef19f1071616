//! Keeps Secrets of Kubernetes equal to secrets of KMS (seed 004, reference k8s-sync).
//!
//! What is observed ([`api`] and the watches of `controller`) goes into [`plan`], a pure part that says
//! what to read and what to write; `remotes` reads each remote secret once however many objects name
//! it, by a reader of [`backend`] that `stores` keeps; `apply` writes, and `status` tells.
//! [`operator`] puts all of it together, for as long as this replica leads.
//!
//! [`plugin`] is a program of its own beside it: what kube-apiserver writes into etcd, it encrypts. So is
//! [`webhook`]: what the API server is about to store, it looks at first ([`admission`]).

pub mod admission;
pub mod api;
pub mod apply;
pub mod backend;
mod chance;
mod controller;
pub mod convert;
pub mod crds;
#[cfg(test)]
mod fake_cluster;
mod leader;
mod metrics;
pub mod operator;
pub mod plan;
pub mod plugin;
mod remotes;
mod serving;
pub mod settings;
mod status;
mod stores;
mod triggers;
mod watched;
pub mod webhook;

pub use operator::{RunError, run};
pub use settings::Settings;
