//! Calls an API all the time with an AccessKey of which it knows nothing but the name of the
//! secret that hosts it: asks STS at SERVICE who it is, until Ctrl-C or SIGTERM. KMS lets it in
//! by a ClientKey, on the shared gateway of the region or at an endpoint.
//!
//!     cargo run -p kms-client --example hosted_access_key NAME KEY_FILE PASSWORD_FILE SERVICE [REGION [ENDPOINT [CA_FILE]]]

use std::{
    error::Error,
    fmt,
    io::{self, Write as _},
    sync::Arc,
    time::Duration,
};

use kms_client::{
    CallError, ClientKeyFile, ClientKeyPassword, Connection, Endpoint, Env, ManagedAccessKey,
    request::GetCallerIdentity,
};
use kms_types::SystemClock;
use tokio::{
    signal::unix::{SignalKind, signal},
    time::sleep,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a program reads its environment once"
    )]
    let env: Env = std::env::vars().collect();
    let mut words = std::env::args().skip(1);
    let mut next = |what: &str| words.next().ok_or_else(|| format!("which {what}?"));
    let name = next("secret")?;
    let key_file = next("key file")?;
    let password = ClientKeyPassword::File(next("password file")?.into());
    let service: Endpoint = next("service")?.parse()?;
    let client_key = ClientKeyFile::open(key_file, password, Arc::new(SystemClock))?;
    let region = next("region").unwrap_or("cn-hangzhou".to_owned());
    let mut kms = Connection::new(env.clone(), region.parse()?).identity(client_key);
    if let Some(endpoint) = words.next() {
        kms = kms.endpoint(endpoint.parse()?);
    }
    if let Some(ca_file) = words.next() {
        kms = kms.ca_file(ca_file);
    }
    let kms = kms.open()?;

    // From here on the key looks after itself: it is read again after each rotation, and when
    // a service refuses it.
    let key = ManagedAccessKey::open(name.parse()?, Arc::new(kms));
    let sts = Connection::new(env, region.parse()?)
        .endpoint(service)
        .identity(Arc::new(key))
        .open()?;

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (mut calls, mut failed) = (0, 0);
    loop {
        calls += 1;
        match sts.call(&GetCallerIdentity {}).await {
            Ok(caller) if calls == 1 => show(format_args!("calls as {}", caller.arn))?,
            Ok(_as_before) => {}
            Err(error) => {
                failed += 1;
                show(format_args!("FAILED {}", code(&error)))?;
            }
        }
        tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            () = sleep(Duration::from_millis(100)) => {}
        }
    }
    show(format_args!("{calls} calls, {failed} failed"))?;
    if failed > 0 {
        return Err("a call failed".into());
    }
    Ok(())
}

/// What the service answered instead.
fn code(error: &CallError) -> String {
    match error {
        CallError::Service { code, .. } => code.clone(),
        other => other.to_string(),
    }
}

/// One line on standard output.
fn show(line: fmt::Arguments<'_>) -> io::Result<()> {
    writeln!(io::stdout(), "{line}")
}
