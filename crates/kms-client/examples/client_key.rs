//! Reads a secret with the ClientKey of an application access point, on the shared gateway
//! or, with an endpoint, on that of a KMS instance. CA_FILE is for servers of one's own.
//!
//!     cargo run -p kms-client --example client_key NAME KEY_FILE PASSWORD_FILE [REGION [ENDPOINT [CA_FILE]]]

use std::{error::Error, sync::Arc};

use kms_client::{ClientKeyFile, ClientKeyPassword};
use kms_types::SystemClock;

mod shared;

pub(crate) use shared::Arguments;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    shared::show(&run(Arguments::of_process()).await?)
}

pub(crate) async fn run(mut arguments: Arguments) -> Result<String, Box<dyn Error>> {
    let name = arguments.next("secret")?;
    let key_file = arguments.next("key file")?;
    let password = ClientKeyPassword::File(arguments.next("password file")?.into());
    // A file that is replaced while a program runs is taken without a restart.
    let key = ClientKeyFile::open(key_file, password, Arc::new(SystemClock))?;
    shared::read(arguments.connection()?.identity(key), &name).await
}
