//! Reads a secret with the ClientKey of an application access point, on the shared gateway
//! or, with an endpoint, on that of a KMS instance. CA_FILE is for servers of one's own.
//!
//!     cargo run -p kms-client --example client_key NAME KEY_FILE PASSWORD_FILE [REGION [ENDPOINT [CA_FILE]]]

use std::{error::Error, path::Path};

use kms_client::{ClientKey, ClientKeyPassword, Connection, Env, request::GetSecretValue};

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "a program at a terminal")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().ok_or("which secret?")?;
    let key = arguments.next().ok_or("which key file?")?;
    let password = arguments.next().ok_or("which password file?")?;
    let region = arguments.next().unwrap_or_else(|| "cn-hangzhou".to_owned());

    let key = ClientKey::read(Path::new(&key), &ClientKeyPassword::File(password.into()))?;
    println!("{} is good until {}", key.key().key_id(), key.expires());

    let mut connection = Connection::new(environment(), region.parse()?).identity(key);
    if let Some(endpoint) = arguments.next() {
        connection = connection.endpoint(endpoint.parse()?);
    }
    if let Some(ca_file) = arguments.next() {
        connection = connection.ca_file(ca_file);
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
