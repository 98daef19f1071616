//! Reads a secret as the RAM role of the ECS machine that this runs on. ROLE saves asking the
//! metadata service for its name.
//!
//!     cargo run -p kms-client --example ecs_role NAME ROLE [REGION [ENDPOINT]]

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
    let source = Source::EcsRole(Some(arguments.next("role")?));
    shared::read(arguments.connection()?.source(source), &name).await
}
