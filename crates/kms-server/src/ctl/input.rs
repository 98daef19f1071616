//! What commands read: values from standard input, a file or a prompt.

use std::{
    io::{self, IsTerminal, Read},
    path::{Path, PathBuf},
};

use clap::ArgMatches;
use kms_credentials::read_file;
use kms_types::Secret;
use zeroize::Zeroizing;

use super::{
    CtlError, terminal,
    words::{FILE, MORE, VALUE},
};

/// More than the largest value or message that KMS takes, in bytes and as base64.
const LARGEST: usize = 64 << 10;

const ON_THE_LINE: &str = "\
a value on the command line is seen by every user of this machine and stays in the shell's
  history; give it on standard input (printf %s … | kms-server ctl …), with --file FILE, or at the
  prompt that comes without either";

/// The bytes of a command that reads a stream; `what` they are, for a prompt.
pub(super) fn stream(matches: &ArgMatches, what: &str) -> Result<Secret<Vec<u8>>, CtlError> {
    if [VALUE, MORE].iter().any(|name| matches.contains_id(name)) {
        return Err(CtlError::usage(ON_THE_LINE));
    }
    match matches.get_one::<PathBuf>(FILE) {
        Some(path) => file(path),
        None if io::stdin().is_terminal() => terminal::ask_secret(what),
        None => standard_input(),
    }
}

/// Text as it was said, of `@FILE` or of `@-`.
pub(super) fn document(text: &str) -> Result<Secret<String>, CtlError> {
    let bytes = match text.strip_prefix('@') {
        None => return Ok(Secret::from(text)),
        Some("-") => standard_input()?,
        Some(path) => file(Path::new(path))?,
    };
    utf8(&bytes, text)
}

/// As text.
pub(super) fn utf8(bytes: &Secret<Vec<u8>>, whose: &str) -> Result<Secret<String>, CtlError> {
    // EXPOSE: into another secret.
    match std::str::from_utf8(bytes.expose()) {
        Ok(text) => Ok(Secret::from(text)),
        Err(_quotes_the_bytes) => Err(CtlError::usage(format!("{whose} is no UTF-8 text"))),
    }
}

/// Without the line end that `echo` and editors add to one line; several lines stay as they
/// are.
pub(super) fn without_line_end(text: &Secret<String>) -> Secret<String> {
    // EXPOSE: into another secret.
    let all = text.expose().as_str();
    match all.strip_suffix('\n') {
        Some(line) if !line.contains('\n') => Secret::from(line.strip_suffix('\r').unwrap_or(line)),
        _ => text.clone(),
    }
}

fn file(path: &Path) -> Result<Secret<Vec<u8>>, CtlError> {
    read_file(path, LARGEST).map_err(|error| {
        // Its words are about the file, not what is in it.
        CtlError::Io(format!("read {}", path.display()), error)
    })
}

fn standard_input() -> Result<Secret<Vec<u8>>, CtlError> {
    let mut content = Zeroizing::new(Vec::with_capacity(LARGEST + 1));
    let most = u64::try_from(LARGEST + 1).unwrap_or(u64::MAX);
    io::stdin()
        .lock()
        .take(most)
        .read_to_end(&mut content)
        .map_err(|error| CtlError::Io("read standard input".to_owned(), error))?;
    if content.len() > LARGEST {
        return Err(CtlError::usage(format!(
            "standard input is longer than {LARGEST} bytes"
        )));
    }
    Ok(Secret::new(std::mem::take(&mut *content)))
}

#[cfg(test)]
mod tests;
