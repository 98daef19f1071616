//! Reads a secret on the private gateway of a KMS instance, as whoever the default
//! credential chain finds. The region says whose private CA is believed; for regions without
//! a published one, and for servers of one's own, CA_FILE names it.
//!
//!     cargo run -p kms-client --example instance NAME REGION kst-….cryptoservice.kms.aliyuncs.com [CA_FILE]

use std::error::Error;

mod shared;

pub(crate) use shared::Arguments;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    shared::show(&run(Arguments::of_process()).await?)
}

pub(crate) async fn run(mut arguments: Arguments) -> Result<String, Box<dyn Error>> {
    let name = arguments.next("secret")?;
    shared::read(arguments.connection()?, &name).await
}
