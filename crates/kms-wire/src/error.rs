use std::fmt;

use kms_types::{ErrorCode, Secret};
use thiserror::Error;

/// What the service says no with: a stable code and a message that is safe to show to
/// the caller and to log. The message never holds a value, a key or a token.
#[derive(Clone, Debug, Error)]
#[error("{code}: {message}")]
pub struct ApiError {
    /// The code; its status goes with it.
    pub code: ErrorCode,
    /// For people; clients match on the code.
    pub message: String,
    /// Goes to the caller behind the message and nowhere else: it repeats what the caller
    /// sent, values included.
    echo: Option<Secret<String>>,
}

impl ApiError {
    /// A code with a message.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            echo: None,
        }
    }

    /// `SignatureDoesNotMatch`. The body that the caller gets ends with the string to
    /// sign as the server sees it, which SDKs compare with their own to tell a wrong
    /// secret from a spoilt request (reference kms-api §1.8, real-clients §2.10).
    ///
    /// That string holds the caller's parameters, so it is kept out of `message`,
    /// `Display` and `Debug`.
    pub fn signature_mismatch(string_to_sign: Secret<String>) -> Self {
        Self {
            code: ErrorCode::SignatureDoesNotMatch,
            message: "Specified signature is not matched with our calculation.".to_owned(),
            echo: Some(string_to_sign),
        }
    }

    /// The message and what only the caller may see again; for the caller's body only.
    pub(crate) fn message_with_echo(&self) -> String {
        match &self.echo {
            None => self.message.clone(),
            Some(echo) => {
                // EXPOSE: to the caller, who sent it.
                let echo = echo.expose();
                format!("{} server string to sign is:{echo}", self.message)
            }
        }
    }

    /// `IncompleteSignature`; says what is missing or unknown.
    pub fn incomplete_signature(why: &str) -> Self {
        Self::new(
            ErrorCode::IncompleteSignature,
            format!("The request signature does not conform to the standards: {why}."),
        )
    }

    /// `InternalFailure`: the cause goes to the log, not to the caller.
    pub fn internal() -> Self {
        Self::new(ErrorCode::InternalFailure, "Internal Failure")
    }

    /// `InvalidParameter` for the named parameter; says why in words of ours.
    pub fn invalid_parameter(name: &str, why: impl fmt::Display) -> Self {
        Self::new(
            ErrorCode::InvalidParameter,
            format!("The specified parameter \"{name}\" is not valid: {why}."),
        )
    }

    /// `MissingParameter` for the named parameter.
    pub fn missing_parameter(name: &str) -> Self {
        Self::new(
            ErrorCode::MissingParameter,
            format!("The parameter \"{name}\" is required."),
        )
    }

    /// `Forbidden.ResourceNotFound`, in the words that KMS uses.
    pub fn not_found() -> Self {
        Self::new(ErrorCode::ResourceNotFound, "Resource not found.")
    }
}

impl PartialEq for ApiError {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code && self.message == other.message
    }
}

impl Eq for ApiError {}
