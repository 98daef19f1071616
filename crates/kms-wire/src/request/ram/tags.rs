use super::{Action, ApiError, Fields, Operation, Params, Part, of_parts, response};

/// What could have tags in RAM. Those of users are behind Ims.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RamTaggable {
    /// A role.
    Role,
    /// A policy.
    Policy,
}

of_parts! {
    /// RAM's ListTagResources: lists the tags of roles or policies, of which there are none.
    RamListTagResources -> response::RamListTagResources {
        /// Of what.
        kind: RamTaggable,
        /// Of those with these names; of all without.
        names: Vec<String>,
    }
}

const TYPE: &str = "ResourceType";
const NAMES: &str = "ResourceNames";

impl Part for RamTaggable {
    fn read(fields: Fields<'_>) -> Result<Self, ApiError> {
        match fields.required_text(TYPE)? {
            "role" => Ok(Self::Role),
            "policy" => Ok(Self::Policy),
            _ => Err(ApiError::invalid_parameter(TYPE, "must be role or policy")),
        }
    }

    fn write(&self, params: &mut Params) {
        params.push(TYPE, self.as_str());
    }
}

impl Part for Vec<String> {
    fn read(fields: Fields<'_>) -> Result<Self, ApiError> {
        let names = fields.json(NAMES, "a JSON array of names")?;
        Ok(names.unwrap_or_default())
    }

    fn write(&self, params: &mut Params) {
        if !self.is_empty() {
            let names = serde_json::Value::from(self.clone());
            params.push(NAMES, names.to_string());
        }
    }
}

// === impl RamTaggable ===

impl RamTaggable {
    /// As it travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Policy => "policy",
        }
    }
}
