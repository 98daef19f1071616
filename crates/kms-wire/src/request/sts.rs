use super::{Action, Operation};
use crate::{ApiError, Params, response};

/// Asks who one is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct GetCallerIdentity {}

impl Operation for GetCallerIdentity {
    type Response = response::GetCallerIdentity;

    const ACTION: Action = Action::GetCallerIdentity;

    fn to_params(&self) -> Params {
        Params::default()
    }

    fn from_params(_params: &Params) -> Result<Self, ApiError> {
        Ok(Self {})
    }
}
