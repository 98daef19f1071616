//! Reads a secret with one AccessKey (and its token, if it is a temporary one) from the
//! environment, and nothing else: no files, no metadata service.
//!
//!     cargo run -p kms-client --example access_key NAME [REGION [ENDPOINT]]

use std::error::Error;

use kms_client::{Secret, SigningKey, Source};

mod shared;

pub(crate) use shared::Arguments;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    shared::show(&run(Arguments::of_process()).await?)
}

pub(crate) async fn run(mut arguments: Arguments) -> Result<String, Box<dyn Error>> {
    let name = arguments.next("secret")?;
    let env = arguments.env.clone();
    let variable = |name: &str| env.get(name).ok_or_else(|| format!("{name} is not set"));
    let source = Source::AccessKey(SigningKey {
        access_key_id: variable("ALIBABA_CLOUD_ACCESS_KEY_ID")?.parse()?,
        access_key_secret: Secret::from(variable("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?),
        security_token: env.get("ALIBABA_CLOUD_SECURITY_TOKEN").map(Secret::from),
    });
    shared::read(arguments.connection()?.source(source), &name).await
}
