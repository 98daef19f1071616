//! What a person at a terminal is asked.

use std::io::{self, BufRead, IsTerminal, Write};

use kms_types::Secret;
use zeroize::Zeroizing;

use super::CtlError;

/// Asks for a line that is not shown while it is typed.
pub(super) fn ask_secret(what: &str) -> Result<Secret<Vec<u8>>, CtlError> {
    prompt(&format!("{what} (not shown): "))?;
    let mut line = Zeroizing::new(String::with_capacity(4096));
    let read = {
        let _silence = Silence::begin().map_err(failed)?;
        io::stdin().lock().read_line(&mut line).map_err(failed)?
    };
    prompt("\n")?;
    if read == 0 {
        return Err(CtlError::usage("nothing was given"));
    }
    let line = line.trim_end_matches(['\r', '\n']);
    Ok(Secret::new(line.as_bytes().to_vec()))
}

/// Asks whether to go on; `yes` was said on the command line.
pub(super) fn confirm(question: &str, yes: bool) -> Result<(), CtlError> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(CtlError::usage(format!(
            "{question}: there is nobody to ask; --yes says so beforehand"
        )));
    }
    prompt(&format!("{question}. Go on? [y/N] "))?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(failed)?;
    match answer.trim() {
        "y" | "Y" | "yes" => Ok(()),
        _ => Err(CtlError::usage("nothing was changed")),
    }
}

fn prompt(text: &str) -> Result<(), CtlError> {
    let mut err = io::stderr().lock();
    write!(err, "{text}")
        .and_then(|()| err.flush())
        .map_err(failed)
}

fn failed(error: io::Error) -> CtlError {
    CtlError::Io("ask at the terminal".to_owned(), error)
}

/// A terminal that does not show what is typed, until this is dropped.
#[cfg(unix)]
struct Silence(rustix::termios::Termios);

#[cfg(unix)]
impl Silence {
    fn begin() -> io::Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

        let before = tcgetattr(io::stdin())?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        silent
            .local_modes
            .insert(LocalModes::ICANON | LocalModes::ISIG);
        // What was typed ahead was shown, and is not taken for the secret.
        tcsetattr(io::stdin(), OptionalActions::Flush, &silent)?;
        Ok(Self(before))
    }
}

#[cfg(unix)]
impl Drop for Silence {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};

        // A terminal that is gone has nothing to be restored.
        let _gone = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}

#[cfg(not(unix))]
struct Silence;

#[cfg(not(unix))]
impl Silence {
    fn begin() -> io::Result<Self> {
        Err(io::Error::other(
            "typing is not hidden on this system; use standard input or --file",
        ))
    }
}
