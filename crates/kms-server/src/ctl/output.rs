//! Standard output.

use std::io::{self, IsTerminal, Write};

use clap::ArgMatches;
use kms_types::Secret;
use zeroize::Zeroizing;

use super::{
    CtlError,
    words::{JSON, OUTPUT},
};

/// How lists and records are shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Form {
    /// For people.
    Table,
    /// The whole answer.
    Json,
    /// The first column.
    Name,
}

// === impl Form ===

impl Form {
    pub(super) fn of(matches: &ArgMatches) -> Self {
        if matches.get_flag(JSON) {
            return Self::Json;
        }
        match matches.get_one::<String>(OUTPUT).map(String::as_str) {
            Some("json") => Self::Json,
            Some("name") => Self::Name,
            _ => Self::Table,
        }
    }
}

/// Text for people and scripts.
pub(super) fn text(text: &str) -> Result<(), CtlError> {
    write(text.as_bytes())
}

/// A secret, as it is. At a terminal a line end comes after it, and what is no text is kept
/// from it.
pub(super) fn secret(bytes: &Secret<Vec<u8>>) -> Result<(), CtlError> {
    // EXPOSE: to standard output, for that was asked.
    let bytes = bytes.expose();
    if !io::stdout().is_terminal() {
        return write(bytes);
    }
    match std::str::from_utf8(bytes) {
        Ok(text)
            if text
                .chars()
                .all(|c| !c.is_control() || c == '\n' || c == '\t') =>
        {
            write(bytes)?;
            if text.ends_with('\n') {
                Ok(())
            } else {
                write(b"\n")
            }
        }
        _ => Err(CtlError::usage(
            "the value is no plain text and could upset the terminal; send it to a file or a pipe",
        )),
    }
}

/// A secret answer, and a line end.
pub(super) fn secret_line(bytes: &[u8]) -> Result<(), CtlError> {
    let mut line = Zeroizing::new(Vec::with_capacity(bytes.len() + 1));
    line.extend_from_slice(bytes);
    line.push(b'\n');
    write(&line)
}

fn write(bytes: &[u8]) -> Result<(), CtlError> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        // `| head` has what it wanted.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => {
            result.map_err(|error| CtlError::Io("write to standard output".to_owned(), error))
        }
    }
}
