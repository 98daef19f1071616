//! Reads a secret on the private gateway of a KMS instance, as whoever the default
//! credential chain finds. The region says whose private CA is believed; for regions without
//! a published one, and for servers of one's own, CA_FILE names it.
//!
//!     cargo run -p kms-client --example instance NAME REGION kst-….cryptoservice.kms.aliyuncs.com [CA_FILE]

use std::error::Error;

use kms_client::{Connection, Env, request::GetSecretValue};

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "a program at a terminal")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().ok_or("which secret?")?;
    let region = arguments.next().ok_or("which region?")?;
    let endpoint = arguments.next().ok_or("which instance?")?;

    let mut connection =
        Connection::new(environment(), region.parse()?).endpoint(endpoint.parse()?);
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
