//! Keeps Secrets of Kubernetes equal to secrets of KMS (seed 004, reference k8s-sync).
//!
//! What is observed ([`api`] and the watches of `controller`) goes into `plan`, a pure part that says
//! what to fetch and what to write; `fetch` reads each remote secret once however many objects name
//! it; `apply` writes, and `status` tells.

pub mod api;
pub mod backend;
pub mod crds;
pub mod operator;
pub mod plan;
pub mod settings;

pub use operator::run;
pub use settings::Settings;
