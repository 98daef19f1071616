//! Reads with our own client and a ClientKey what the official SDKs have read with it, on both
//! gateways, and says for each secret whether the values are the same: `ok NAME` or
//! `FAIL NAME reason`, as the suite's programs do.
//!
//! Finds the server by the variables of dev's `env`, and in SUITE_FOLDER the key `own.json`
//! with its password, and what the SDKs read: `shared.json`, `instance.json`.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, Result, bail, ensure};
use kms_client::{
    CallError, Client, ClientKey, ClientKeyPassword, Connection, Env, request::GetSecretValue,
};

const GATEWAYS: [(&str, &str); 2] = [
    ("shared", "KMS_TLS_ENDPOINT"),
    ("instance", "KMS_INSTANCE_ENDPOINT"),
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode> {
    let env = environment();
    let folder = PathBuf::from(variable(&env, "SUITE_FOLDER")?);
    let mut report = Report::default();
    for (gateway, endpoint) in GATEWAYS {
        let client = connect(&env, &folder, "own", variable(&env, endpoint)?)?;
        let text = fs::read_to_string(folder.join(gateway).with_extension("json"))
            .with_context(|| format!("what the SDK read on the {gateway} gateway"))?;
        let values: BTreeMap<String, String> = serde_json::from_str(&text)?;
        ensure!(!values.is_empty(), "the SDK read nothing there");
        for (name, value) in &values {
            let same = reads(&client, name, value).await;
            report.check(&format!("ours-{name}"), same)?;
        }
        let missing = refused(&client, &format!("suite/{gateway}/nowhere"), 404).await;
        report.check(&format!("ours-{gateway}-missing-secret"), missing)?;
        let gone = connect(&env, &folder, "deleted", variable(&env, endpoint)?)?;
        let deleted = match read(&gone, &format!("suite/{gateway}/json")).await {
            Err(CallError::Service { status, .. }) if (400..500).contains(&status) => Ok(()),
            other => Err(anyhow::anyhow!("a deleted key: {other:?}")),
        };
        report.check(&format!("ours-{gateway}-deleted-key"), deleted)?;
    }
    let wrong = ClientKeyPassword::Value("Wrong-password-1".into());
    let opened = ClientKey::read(&folder.join("own.json"), &wrong);
    report.check("ours-wrong-password", wrong_password(opened))?;
    Ok(report.end())
}

fn connect(env: &Env, folder: &Path, key: &str, endpoint: &str) -> Result<Client> {
    let password = ClientKeyPassword::File(folder.join(format!("{key}_Password.txt")));
    let key = ClientKey::read(&folder.join(key).with_extension("json"), &password)?;
    Connection::new(env.clone(), "cn-hangzhou".parse()?)
        .endpoint(format!("https://{endpoint}").parse()?)
        .ca_file(variable(env, "KMS_CA_FILE")?)
        .identity(key)
        .open()
        .context("opening a connection")
}

async fn read(client: &Client, name: &str) -> Result<String, CallError> {
    let name = name.parse().map_err(|_invalid| CallError::Unreadable {
        host: String::new(),
        reason: format!("{name} is no name"),
    })?;
    let value = client.call(&GetSecretValue::new(name)).await?;
    // EXPOSE: compared with the same value, which the suite made up.
    Ok(value.secret_data.expose().clone())
}

async fn reads(client: &Client, name: &str, expected: &str) -> Result<()> {
    let value = read(client, name).await?;
    ensure!(value == expected, "it reads {value:?}, not {expected:?}");
    Ok(())
}

async fn refused(client: &Client, name: &str, expected: u16) -> Result<()> {
    match read(client, name).await {
        Err(CallError::Service { status, .. }) if status == expected => Ok(()),
        other => bail!("it is not refused with {expected}: {other:?}"),
    }
}

fn wrong_password<T>(opened: Result<T, kms_client::ClientKeyError>) -> Result<()> {
    match opened {
        Err(error) if error.to_string().contains("password") => Ok(()),
        Err(error) => bail!("it says {error}"),
        Ok(_) => bail!("it opens"),
    }
}

fn variable<'a>(env: &'a Env, name: &str) -> Result<&'a str> {
    env.get(name).with_context(|| format!("{name} is not set"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program reads its environment once"
)]
fn environment() -> Env {
    std::env::vars().collect()
}

#[derive(Default)]
struct Report {
    failed: bool,
}

// === impl Report ===

impl Report {
    fn check(&mut self, name: &str, result: Result<()>) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match result {
            Ok(()) => writeln!(out, "ok {name}"),
            Err(error) => {
                self.failed = true;
                writeln!(out, "FAIL {name} {error:#}")
            }
        }
    }

    fn end(self) -> ExitCode {
        ExitCode::from(u8::from(self.failed))
    }
}
