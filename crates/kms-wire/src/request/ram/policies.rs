use kms_types::{ErrorCode, PolicyName};
use serde::{Deserialize, Serialize};

use super::{Action, ApiError, Fields, Marked, Operation, Params, Part, of_parts, response};

/// Whose a policy is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum PolicyType {
    /// The account's own.
    Custom,
    /// One that every account has and none can change.
    System,
}

/// RAM's CreatePolicy: makes a policy of the account's own, with one version.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RamCreatePolicy {
    /// Its name, unique among the account's own.
    pub policy_name: PolicyName,
    /// What it allows and denies: JSON, at most 6,144 characters.
    pub policy_document: String,
    /// For people; at most 1,024 characters.
    pub description: Option<String>,
}

/// RAM's DeletePolicy: deletes a policy that is attached to nobody.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RamDeletePolicy {
    /// Which.
    pub policy_name: PolicyName,
    /// Detach it everywhere and drop all versions first.
    pub cascading_delete: bool,
}

/// Says anew what a policy of the account's own is for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UpdatePolicyDescription {
    /// Which.
    pub policy_name: PolicyName,
    /// For people; at most 1,024 characters. Empty: nothing.
    pub new_description: String,
}

of_parts! {
    /// Reads a policy and its default version.
    GetPolicy -> response::GetPolicy {
        /// Whose.
        policy_type: PolicyType,
        /// Which.
        policy_name: PolicyName,
    }

    /// RAM's ListPolicies: lists policies by name, the account's own first. Filters by tag
    /// are refused: this server keeps none on policies.
    RamListPolicies -> response::RamListPolicies, if no_tags {
        /// Whose; both kinds if absent.
        policy_type: Option<PolicyType>,
        /// Which part.
        page: Marked,
    }
}

/// RAM's own limit in characters.
const LONGEST_DOCUMENT: usize = 6_144;

impl Operation for RamCreatePolicy {
    type Response = response::PolicyAnswer;

    const ACTION: Action = Action::RamCreatePolicy;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        self.policy_name.write(&mut params);
        params.push("PolicyDocument", self.policy_document.as_str());
        params.push_some("Description", self.description.as_deref());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        no_tags(fields)?;
        Ok(Self {
            policy_name: PolicyName::read(fields)?,
            policy_document: document(fields)?,
            description: fields.bounded("Description", 1, 1024)?.map(str::to_owned),
        })
    }
}

impl Operation for RamDeletePolicy {
    type Response = response::Empty;

    const ACTION: Action = Action::RamDeletePolicy;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        self.policy_name.write(&mut params);
        params.push("CascadingDelete", self.cascading_delete.to_string());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        Ok(Self {
            policy_name: PolicyName::read(fields)?,
            cascading_delete: fields.flag("CascadingDelete", false)?,
        })
    }
}

impl Operation for UpdatePolicyDescription {
    type Response = response::PolicyAnswer;

    const ACTION: Action = Action::UpdatePolicyDescription;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        self.policy_name.write(&mut params);
        params.push("NewDescription", self.new_description.as_str());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        fields.bounded("NewDescription", 0, 1024)?;
        let given = params.get("NewDescription");
        Ok(Self {
            policy_name: PolicyName::read(fields)?,
            new_description: given
                .ok_or_else(|| ApiError::missing_parameter("NewDescription"))?
                .to_owned(),
        })
    }
}

impl Part for Option<PolicyType> {
    fn read(fields: Fields<'_>) -> Result<Self, ApiError> {
        match fields.text("PolicyType") {
            None => Ok(None),
            Some("Custom") => Ok(Some(PolicyType::Custom)),
            Some("System") => Ok(Some(PolicyType::System)),
            Some(_) => Err(ApiError::new(
                ErrorCode::PolicyTypeInvalid,
                "The specified parameter \"PolicyType\" must be System or Custom.",
            )),
        }
    }

    fn write(&self, params: &mut Params) {
        params.push_some("PolicyType", self.map(PolicyType::as_str));
    }
}

impl Part for PolicyType {
    fn read(fields: Fields<'_>) -> Result<Self, ApiError> {
        Option::<Self>::read(fields)?.ok_or_else(|| ApiError::missing_parameter("PolicyType"))
    }

    fn write(&self, params: &mut Params) {
        params.push("PolicyType", self.as_str());
    }
}

// === impl PolicyType ===

impl PolicyType {
    /// As it travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Custom => "Custom",
            Self::System => "System",
        }
    }
}

/// PolicyDocument, which must be there.
pub(super) fn document(fields: Fields<'_>) -> Result<String, ApiError> {
    let text = fields.required_text("PolicyDocument")?;
    if text.chars().count() > LONGEST_DOCUMENT {
        return Err(ApiError::new(
            ErrorCode::PolicyDocumentLength,
            format!(
                "The specified parameter \"PolicyDocument\" has more than {LONGEST_DOCUMENT} \
                 characters."
            ),
        ));
    }
    Ok(text.to_owned())
}

fn no_tags(fields: Fields<'_>) -> Result<(), ApiError> {
    fields.refuse_tags("policies")
}
