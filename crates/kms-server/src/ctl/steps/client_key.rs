//! A ClientKey and its two files, as the console hands them out (seed 003).

use std::path::{Path, PathBuf};

use aws_lc_rs::rand;
use clap::ArgMatches;
use kms_client::Client;
use kms_types::Secret;
use kms_wire::Params;
use serde::Serialize;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::ctl::{
    CtlError, files, output,
    pages::{call, parse},
    params::said,
    show,
    table::Verb,
};

/// The file of a ClientKey (reference kms-api §5.0).
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct KeyFile<'a> {
    key_id: &'a str,
    private_key_data: &'a str,
}

/// Most that the cloud takes is 64.
const PASSWORD_LENGTH: usize = 48;

const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Makes the key, under a password of ours that travels nowhere else, and says where both
/// lie.
pub(super) async fn make(
    verb: &Verb,
    matches: &ArgMatches,
    client: &Client,
    mut params: Params,
) -> Result<(), CtlError> {
    let dir = PathBuf::from(said(matches, "dir").unwrap_or("."));
    files::check_dir(&dir)?;
    let password = password()?;
    // EXPOSE: into the request that locks the key with it; `Params` wipes it.
    params.push("Password", password.expose().as_str());
    let mut answer = parse(&call(client, verb, params).await?)?;
    let id = answer.pointer("/ClientKeyId").and_then(Value::as_str);
    let id = id.unwrap_or_default().to_owned();
    let data = show::take(&mut answer, "/PrivateKeyData");
    let written = data.and_then(|data| write(&dir, &id, &data, &password));
    show::wipe(&mut answer);
    let (key, password) = written.map_err(|error| {
        CtlError::Answer(format!(
            "the ClientKey {id} was made, but {error}; `kms-server ctl aap client-key delete {id}` \
             takes it away"
        ))
    })?;
    output::text(&show::rows(&[
        vec!["ClientKeyId".to_owned(), id],
        vec!["key file".to_owned(), key.display().to_string()],
        vec!["password file".to_owned(), password.display().to_string()],
    ]))
}

fn write(
    dir: &Path,
    id: &str,
    data: &Secret<String>,
    password: &Secret<String>,
) -> Result<(PathBuf, PathBuf), CtlError> {
    // It becomes a part of file names.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if id.is_empty() || id.starts_with('.') || !id.chars().all(is_plain) {
        return Err(CtlError::Answer("its id is none".to_owned()));
    }
    let file = KeyFile {
        key_id: id,
        // EXPOSE: into a file of mode 0600, which is what it is for.
        private_key_data: data.expose(),
    };
    let file = serde_json::to_string(&file)
        .map(Zeroizing::new)
        .map_err(|_never| CtlError::Answer("its file cannot be written as JSON".to_owned()))?;
    let key_path = dir.join(format!("clientKey_{id}.json"));
    let password_path = dir.join(format!("clientKey_{id}_Password.txt"));
    files::create_private(&key_path, file.as_bytes())?;
    // EXPOSE: into its file, mode 0600.
    files::create_private(&password_path, password.expose().as_bytes())?;
    Ok((key_path, password_path))
}

/// Letters and digits, which every place that a password is put into lets pass; of all three
/// classes, for the cloud wants two.
fn password() -> Result<Secret<String>, CtlError> {
    loop {
        let mut text = String::with_capacity(PASSWORD_LENGTH);
        while text.len() < PASSWORD_LENGTH {
            let mut byte = [0_u8];
            rand::fill(&mut byte)
                .map_err(|_no_reason| CtlError::Answer("no random numbers".to_owned()))?;
            // Beyond the table nothing is taken, so all letters are alike likely.
            if let Some(letter) = LETTERS.get(usize::from(byte[0] & 63)) {
                text.push(char::from(*letter));
            }
        }
        let has = |class: fn(&char) -> bool| text.chars().any(|c| class(&c));
        if has(char::is_ascii_uppercase)
            && has(char::is_ascii_lowercase)
            && has(char::is_ascii_digit)
        {
            return Ok(Secret::new(text));
        }
    }
}
