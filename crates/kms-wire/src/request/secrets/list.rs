use kms_types::SecretRef;
use serde::{Deserialize, Serialize};

use crate::{
    ApiError, Params,
    request::{Action, Operation, fields::Fields},
    response,
};

/// Lists a secret's versions.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListSecretVersionIds {
    /// Which secret.
    pub secret_name: SecretRef,
    /// Also versions without a stage.
    pub include_deprecated: bool,
    /// From 1.
    pub page_number: u32,
    /// 1 to 100, 20 unless given.
    pub page_size: u32,
}

/// Lists secrets.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListSecrets {
    /// All must hold; at most 10.
    pub filters: Vec<Filter>,
    /// With tags.
    pub fetch_tags: bool,
    /// From 1.
    pub page_number: u32,
    /// 1 to 100, 10 unless given.
    pub page_size: u32,
}

/// One condition of ListSecrets: the key's value is one of these.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Filter {
    /// What is compared.
    pub key: FilterKey,
    /// 1 to 10.
    pub values: Vec<String>,
}

/// What a [`Filter`] compares.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub enum FilterKey {
    /// Who made the secret.
    Creator,
    /// The KMS instance it lives in.
    #[serde(rename = "DKMSInstanceId")]
    InstanceId,
    /// The description.
    Description,
    /// The name.
    SecretName,
    /// The type; clients are told to write `RDS` here and `Rds` elsewhere.
    SecretType,
    /// The key of one of its tags.
    TagKey,
    /// The value of one of its tags.
    TagValue,
}

impl Operation for ListSecretVersionIds {
    type Response = response::ListSecretVersionIds;

    const ACTION: Action = Action::ListSecretVersionIds;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("SecretName", self.secret_name.to_string());
        params.push_some(
            "IncludeDeprecated",
            self.include_deprecated.then_some("true"),
        );
        params.push("PageNumber", self.page_number.to_string());
        params.push("PageSize", self.page_size.to_string());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let (page_number, page_size) = fields.page(20)?;
        Ok(Self {
            secret_name: fields.required("SecretName")?,
            include_deprecated: fields.flag("IncludeDeprecated", false)?,
            page_number,
            page_size,
        })
    }
}

impl Operation for ListSecrets {
    type Response = response::ListSecrets;

    const ACTION: Action = Action::ListSecrets;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        if !self.filters.is_empty() {
            params.push_some("Filters", serde_json::to_string(&self.filters).ok());
        }
        params.push_some("FetchTags", self.fetch_tags.then_some("true"));
        params.push("PageNumber", self.page_number.to_string());
        params.push("PageSize", self.page_size.to_string());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let (page_number, page_size) = fields.page(10)?;
        let filters: Vec<Filter> = fields
            .json(
                "Filters",
                "a JSON array of objects with a known Key and Values, an array of strings",
            )?
            .unwrap_or_default();
        if filters.len() > 10 {
            return Err(ApiError::invalid_parameter("Filters", "holds more than 10"));
        }
        if !filters
            .iter()
            .all(|filter| (1..=10).contains(&filter.values.len()))
        {
            return Err(ApiError::invalid_parameter(
                "Filters",
                "needs 1 to 10 Values for each Key",
            ));
        }
        Ok(Self {
            filters,
            fetch_tags: fields.flag("FetchTags", false)?,
            page_number,
            page_size,
        })
    }
}
