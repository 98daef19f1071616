//! Reads a secret with one AccessKey and nothing else: no search, no files, no metadata
//! service. Anything that hands out credentials can stand in its place.
//!
//!     cargo run -p kms-client --example fixed_access_key NAME [REGION [ENDPOINT]]

use std::{error::Error, sync::Arc};

use async_trait::async_trait;
use kms_client::{Connection, Env, Secret, request::GetSecretValue};
use kms_credentials::{Credentials, CredentialsError, ProvideCredentials};
use kms_wire::sign::SigningKey;

struct Fixed(SigningKey);

#[async_trait]
impl ProvideCredentials for Fixed {
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        Ok(Credentials {
            key: self.0.clone(),
            expires: None,
            provider: "static_ak".to_owned(),
        })
    }
}

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "a program at a terminal")]
async fn main() -> Result<(), Box<dyn Error>> {
    let env = environment();
    let variable = |name: &str| env.get(name).ok_or_else(|| format!("{name} is not set"));
    let key = SigningKey {
        access_key_id: variable("ALIBABA_CLOUD_ACCESS_KEY_ID")?.parse()?,
        access_key_secret: Secret::from(variable("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?),
        security_token: None,
    };
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().ok_or("which secret?")?;
    let region = arguments.next().unwrap_or_else(|| "cn-hangzhou".to_owned());

    let mut connection = Connection::new(env, region.parse()?).identity(Arc::new(Fixed(key)));
    if let Some(endpoint) = arguments.next() {
        connection = connection.endpoint(endpoint.parse()?);
    }
    let value = connection
        .open()?
        .call(&GetSecretValue::new(name.parse()?))
        .await?;
    let length = value.secret_data.expose().len();
    println!("{name}, version {}: {length} bytes", value.version_id);
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program reads its environment once"
)]
fn environment() -> Env {
    std::env::vars().collect()
}
