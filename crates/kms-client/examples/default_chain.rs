//! Reads a secret as whoever the default credential chain finds: environment, RRSA, CLI
//! profile, INI file, ECS role, credentials URI.
//!
//!     cargo run -p kms-client --example default_chain NAME [REGION [ENDPOINT]]

use std::error::Error;

use kms_client::{Connection, Env, request::GetSecretValue};

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "a program at a terminal")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().ok_or("which secret?")?;
    let region = arguments.next().unwrap_or_else(|| "cn-hangzhou".to_owned());

    let mut connection = Connection::new(environment(), region.parse()?);
    if let Some(endpoint) = arguments.next() {
        connection = connection.endpoint(endpoint.parse()?);
    }
    let client = connection.open()?;

    let value = client.call(&GetSecretValue::new(name.parse()?)).await?;
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
