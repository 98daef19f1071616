//! Why a command did not succeed, in words that help.

use std::{error::Error, fmt, io};

use kms_client::{CallError, TransportError};
use kms_telemetry::Exit;

use super::hint;

/// Why a command did not succeed. Shown with its causes, and what to do next on a second
/// line.
#[derive(Debug)]
pub(super) enum CtlError {
    /// It cannot be asked so.
    Usage(String),
    /// The call failed.
    Call {
        /// Why.
        reason: Box<CallError>,
        /// What to do next.
        hint: Option<String>,
    },
    /// Certificates or proxy variables are of no use.
    Setup(TransportError),
    /// A file, a terminal or a stream; what was to be done with it.
    Io(String, io::Error),
    /// The answer is none, or none that can be shown.
    Answer(String),
}

// === impl CtlError ===

impl CtlError {
    pub(super) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    /// Of a call of this action.
    pub(super) fn call(action: &str, reason: CallError) -> Self {
        Self::Call {
            hint: hint::after(action, &reason),
            reason: Box::new(reason),
        }
    }

    /// How the program ends then.
    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) | Self::Setup(_) => Exit::Usage,
            Self::Call { reason, .. } => of_call(reason),
            Self::Io(..) | Self::Answer(_) => Exit::Failure,
        }
    }
}

fn of_call(reason: &CallError) -> Exit {
    match reason {
        reason if reason.is_transient() => Exit::Unavailable,
        CallError::Credentials(_) => Exit::Refused,
        CallError::Service { status, code, .. } if hint::is_identity(*status, code) => {
            Exit::Refused
        }
        _ => Exit::Failure,
    }
}

impl fmt::Display for CtlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::Answer(text) => f.write_str(text),
            Self::Setup(reason) => write!(f, "{reason}"),
            Self::Io(what, reason) => write!(f, "cannot {what}: {reason}"),
            Self::Call { reason, hint } => {
                // With its causes here, for the hint comes last.
                write!(f, "{reason}")?;
                let mut cause = reason.source();
                while let Some(error) = cause {
                    write!(f, ": {error}")?;
                    cause = error.source();
                }
                if let CallError::Service { request_id, .. } = reason.as_ref()
                    && !request_id.is_empty()
                {
                    write!(f, " (request {request_id})")?;
                }
                match hint {
                    Some(hint) => write!(f, "\n  {hint}"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl Error for CtlError {}
