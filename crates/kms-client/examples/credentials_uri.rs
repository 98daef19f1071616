//! Reads a secret with the credentials that a URL answers with, as a sidecar does.
//!
//!     cargo run -p kms-client --example credentials_uri NAME URL [REGION [ENDPOINT]]

use std::error::Error;

use kms_client::Source;

mod shared;

pub(crate) use shared::Arguments;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    shared::show(&run(Arguments::of_process()).await?)
}

pub(crate) async fn run(mut arguments: Arguments) -> Result<String, Box<dyn Error>> {
    let name = arguments.next("secret")?;
    let source = Source::Uri(arguments.next("URL")?);
    shared::read(arguments.connection()?.source(source), &name).await
}
