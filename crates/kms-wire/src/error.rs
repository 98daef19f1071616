use std::fmt;

use kms_types::ErrorCode;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What the service says no with: a stable code and a message that is safe to show
/// to the caller. Never holds a value, a key or a token.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{code}: {message}")]
pub struct ApiError {
    /// The code; its status goes with it.
    pub code: ErrorCode,
    /// For people; clients match on the code.
    pub message: String,
}

/// The body of an error as clients read it (reference kms-api §1.8): the union of what
/// the gateway and KMS itself send. All fields but `HttpStatus` are strings, because
/// one official SDK panics on anything else.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ErrorBody {
    /// The code.
    pub code: String,
    /// For people.
    pub message: String,
    /// The request's id.
    pub request_id: String,
    /// The host that was asked.
    pub host_id: String,
    /// Where to read more; empty.
    pub recommend: String,
    /// The HTTP status once more.
    pub http_status: u16,
}

impl ApiError {
    /// A code with a message.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
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
