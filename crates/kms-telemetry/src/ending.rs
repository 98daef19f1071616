//! How a program ends: its exit code, and one line for people that says why.

use std::{
    error::Error,
    fmt::{self, Display},
    io::{self, Write},
    panic,
    process::ExitCode,
};

/// What scripts and service managers read: the codes of sysexits.h.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Exit {
    /// 0.
    Fine,
    /// 64: usage, configuration, no or empty token.
    Usage,
    /// 65: what was given to be looked at is wrong.
    Data,
    /// 69: KMS cannot be reached.
    Unavailable,
    /// 70: anything else.
    Failure,
    /// 77: no credentials, or KMS refuses them.
    Refused,
}

/// Why a command failed, and how the program ends then. Shown as one line with all causes.
#[derive(Debug)]
pub struct Failure {
    /// How it ends.
    pub exit: Exit,
    error: Box<dyn Error + Send + Sync>,
}

/// Says what went wrong, and how the program ends.
pub fn finish(program: &str, result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => Exit::Fine.into(),
        Err(failure) => {
            say(program, &failure);
            failure.exit.into()
        }
    }
}

/// One line for people, to standard error.
pub fn say(program: &str, text: impl Display) {
    // Standard streams that are gone leave nobody to tell.
    drop(writeln!(io::stderr(), "{program}: {text}"));
}

/// Has panics said and logged from now on: where, never what, for a panic's message may
/// hold a piece of what was being handled. Belongs into `main`.
pub fn report_panics(program: &'static str) {
    panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        say(
            program,
            format_args!("a defect at {place}; please report it"),
        );
        tracing::error!(place, "panic");
    }));
}

// === impl Exit ===

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Usage => 64,
            Self::Data => 65,
            Self::Unavailable => 69,
            Self::Failure => 70,
            Self::Refused => 77,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

// === impl Failure ===

impl Failure {
    /// Ends so, for this reason.
    pub fn new(exit: Exit, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            exit,
            error: error.into(),
        }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.error)?;
        let mut cause = self.error.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
