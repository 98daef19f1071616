//! Reads a secret as a section of the INI file that the SDKs share
//! (`~/.alibabacloud/credentials`, or ALIBABA_CLOUD_CREDENTIALS_FILE).
//!
//!     cargo run -p kms-client --example ini_section NAME SECTION [REGION [ENDPOINT]]

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
    let source = Source::IniSection(arguments.next("section")?);
    shared::read(arguments.connection()?.source(source), &name).await
}
