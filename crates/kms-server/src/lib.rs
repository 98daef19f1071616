//! `kms-server` as a library: KMS on one's own hardware.
//!
//! [`gateway`] takes requests from the network to the use cases of kms-service; [`dev`]
//! puts a whole KMS, a demo secret and an agent into one process. [`issuer`] asks issuers of
//! OIDC tokens for their keys, [`webhook`] lets other programs rotate secrets. The program around it
//! (arguments, signals, log, exit code) is in `main.rs`.

pub mod audit;
pub mod dev;
pub mod gateway;
pub mod issuer;
pub mod rotation;
pub mod webhook;
