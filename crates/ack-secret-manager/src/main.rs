//! The program `ack-secret-manager`: what a process has once. The operator is the library of
//! this crate.

use std::process::ExitCode;

use kms_telemetry::{
    finish,
    harden::{self, Sharing},
};

mod cli;

fn main() -> ExitCode {
    let env = cli::environment();
    let command = match cli::parse(std::env::args_os(), &env) {
        Ok(command) => command,
        Err(code) => return code,
    };
    harden::process(Sharing::Owner);
    // Fails only if it was done before, and nothing came before.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    finish(cli::NAME, cli::run(command))
}
