//! What all examples but `default_chain`, which shows it in full, have in common.

use std::{
    error::Error,
    io::{self, Write},
    vec,
};

use kms_client::{Connection, Env, request::GetSecretValue};

/// What a program is started with.
pub(crate) struct Arguments {
    pub(crate) env: Env,
    words: vec::IntoIter<String>,
}

impl Arguments {
    pub(crate) fn new(env: Env, words: Vec<String>) -> Self {
        Self {
            env,
            words: words.into_iter(),
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a program reads its environment once"
    )]
    pub(crate) fn of_process() -> Self {
        Self::new(
            std::env::vars().collect(),
            std::env::args().skip(1).collect(),
        )
    }

    pub(crate) fn next(&mut self, what: &str) -> Result<String, String> {
        self.words.next().ok_or_else(|| format!("which {what}?"))
    }

    /// `[REGION [ENDPOINT [CA_FILE]]]`, which come last.
    pub(crate) fn connection(&mut self) -> Result<Connection, Box<dyn Error>> {
        let region = self.next("region").unwrap_or("cn-hangzhou".to_owned());
        let mut connection = Connection::new(self.env.clone(), region.parse()?);
        if let Some(endpoint) = self.words.next() {
            connection = connection.endpoint(endpoint.parse()?);
        }
        if let Some(ca_file) = self.words.next() {
            connection = connection.ca_file(ca_file);
        }
        Ok(connection)
    }
}

/// Reads the secret and says how long it is.
pub(crate) async fn read(connection: Connection, name: &str) -> Result<String, Box<dyn Error>> {
    let client = connection.open()?;
    let value = client.call(&GetSecretValue::new(name.parse()?)).await?;
    let length = value.secret_data.expose().len();
    Ok(format!(
        "{name}, version {}: {length} bytes",
        value.version_id
    ))
}

/// One line on standard output.
pub(crate) fn show(line: &str) -> Result<(), Box<dyn Error>> {
    Ok(writeln!(io::stdout(), "{line}")?)
}
