//! Reads a secret as a role that STS gives for an identity provider's token: RRSA on ACK, where
//! the three are in ALIBABA_CLOUD_ROLE_ARN, ALIBABA_CLOUD_OIDC_PROVIDER_ARN and
//! ALIBABA_CLOUD_OIDC_TOKEN_FILE. The token's file is read anew each time.
//!
//!     cargo run -p kms-client --example oidc_role NAME ROLE_ARN PROVIDER_ARN TOKEN_FILE [REGION [ENDPOINT]]

use std::error::Error;

use kms_client::{OidcRole, OidcToken, Role, Source};

mod shared;

pub(crate) use shared::Arguments;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    shared::show(&run(Arguments::of_process()).await?)
}

pub(crate) async fn run(mut arguments: Arguments) -> Result<String, Box<dyn Error>> {
    let name = arguments.next("secret")?;
    let source = Source::OidcRole(OidcRole {
        role: Role {
            arn: arguments.next("role")?,
            ..Role::default()
        },
        provider_arn: arguments.next("identity provider")?,
        token: OidcToken::File(arguments.next("token file")?.into()),
    });
    shared::read(arguments.connection()?.source(source), &name).await
}
