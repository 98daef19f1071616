//! Reads a secret with credentials from somewhere that this library does not know: anything
//! that implements [`ProvideCredentials`].
//!
//!     cargo run -p kms-client --example own_provider NAME [REGION [ENDPOINT]]

use std::{error::Error, sync::Arc};

use async_trait::async_trait;
use kms_client::{Secret, SigningKey};
use kms_credentials::{Credentials, CredentialsError, ProvideCredentials};

mod shared;

pub(crate) use shared::Arguments;

/// Knows one AccessKey; another program might ask a vault.
struct Vault(SigningKey);

#[async_trait]
impl ProvideCredentials for Vault {
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        Ok(Credentials {
            key: self.0.clone(),
            expires: None,
            provider: "vault".to_owned(),
        })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    shared::show(&run(Arguments::of_process()).await?)
}

pub(crate) async fn run(mut arguments: Arguments) -> Result<String, Box<dyn Error>> {
    let name = arguments.next("secret")?;
    let env = arguments.env.clone();
    let variable = |name: &str| env.get(name).ok_or_else(|| format!("{name} is not set"));
    let vault = Vault(SigningKey {
        access_key_id: variable("ALIBABA_CLOUD_ACCESS_KEY_ID")?.parse()?,
        access_key_secret: Secret::from(variable("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?),
        security_token: None,
    });
    let connection = arguments.connection()?.identity(Arc::new(vault));
    shared::read(connection, &name).await
}
