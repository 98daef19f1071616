use super::{Action, Operation, fields::Fields};
use crate::{ApiError, Params, response};

/// Reads a KMS instance.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GetKmsInstance {
    /// `kst-…`.
    pub kms_instance_id: String,
}

/// Lists KMS instances.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ListKmsInstances {
    /// From 1.
    pub page_number: u32,
    /// 1 to 100, 20 unless given.
    pub page_size: u32,
}

impl Operation for GetKmsInstance {
    type Response = response::GetKmsInstance;

    const ACTION: Action = Action::GetKmsInstance;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("KmsInstanceId", self.kms_instance_id.as_str());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        Ok(Self {
            kms_instance_id: Fields(params).required_text("KmsInstanceId")?.to_owned(),
        })
    }
}

impl Operation for ListKmsInstances {
    type Response = response::ListKmsInstances;

    const ACTION: Action = Action::ListKmsInstances;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("PageNumber", self.page_number.to_string());
        params.push("PageSize", self.page_size.to_string());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let (page_number, page_size) = Fields(params).page(20)?;
        Ok(Self {
            page_number,
            page_size,
        })
    }
}
