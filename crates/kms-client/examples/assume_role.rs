//! Reads a secret as a role that a profile of the `aliyun` CLI may take.
//!
//!     cargo run -p kms-client --example assume_role NAME PROFILE ROLE_ARN [REGION [ENDPOINT]]

use std::error::Error;

use kms_client::{Role, Source};

mod shared;

pub(crate) use shared::Arguments;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    shared::show(&run(Arguments::of_process()).await?)
}

pub(crate) async fn run(mut arguments: Arguments) -> Result<String, Box<dyn Error>> {
    let name = arguments.next("secret")?;
    let source = Source::Role {
        source: Box::new(Source::CliProfile(arguments.next("profile")?)),
        role: Role {
            arn: arguments.next("role")?,
            // The cloud's audit trail calls the session so.
            session_name: Some("assume-role-example".to_owned()),
            ..Role::default()
        },
    };
    shared::read(arguments.connection()?.source(source), &name).await
}
