//! `kms-server` as a library: KMS on one's own hardware.
//!
//! [`gateway`] takes requests from the network to the use cases of kms-service.
//! [`serve`] runs it for a team, as [`config`] says, on what [`init`] made; [`dev`] puts a
//! whole KMS, a demo secret and an agent into one process. [`issuer`] asks issuers of OIDC
//! tokens for their keys, [`webhook`] lets other programs rotate secrets, [`cloud_ram`] makes AccessKeys at
//! the cloud's RAM, and [`ctl`] calls the public API for people and scripts. The program around it (arguments, signals, log, exit
//! code) is in `main.rs`.

pub mod accounts;
mod admin;
pub mod audit;
pub mod backend;
pub mod cloud_identity;
pub mod cloud_ram;
pub mod config;
pub mod ctl;
pub mod database;
pub mod deliveries;
pub mod dev;
mod dns;
pub mod doctor;
pub mod events;
mod files;
pub mod gateway;
pub mod init;
pub mod issuer;
pub mod metrics;
mod nonce_file;
mod periods;
mod ram_readings;
pub mod rekey;
pub mod root;
pub mod rotation;
pub mod serve;
mod serving;
pub mod settings;
pub mod snapshot;
mod sweep;
pub mod tls;
pub mod webhook;
