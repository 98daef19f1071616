//! Reads a secret as a profile of the `aliyun` CLI, whatever its mode.
//!
//!     cargo run -p kms-client --example cli_profile NAME PROFILE [REGION [ENDPOINT]]

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
    let source = Source::CliProfile(arguments.next("profile")?);
    shared::read(arguments.connection()?.source(source), &name).await
}
