use kms_types::SecretRef;

use crate::{
    ApiError, Params,
    request::{Action, Operation, fields::Fields},
    response,
};

/// Reads a secret's metadata.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DescribeSecret {
    /// Which secret.
    pub secret_name: SecretRef,
    /// With tags.
    pub fetch_tags: bool,
}

impl Operation for DescribeSecret {
    type Response = response::DescribeSecret;

    const ACTION: Action = Action::DescribeSecret;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("SecretName", self.secret_name.to_string());
        params.push_some("FetchTags", self.fetch_tags.then_some("true"));
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        Ok(Self {
            secret_name: fields.required("SecretName")?,
            fetch_tags: fields.flag("FetchTags", false)?,
        })
    }
}
