//! `kms-server` as a library: KMS on one's own hardware.
//!
//! [`gateway`] takes requests from the network to the use cases of kms-service.

pub mod gateway;
