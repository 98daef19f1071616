use std::fmt;

use kms_types::{ErrorCode, PolicyName};

use super::{
    Action, ApiError, Fields, Operation, Params, Part, PolicyType, of_parts, policies, response,
};

/// Which version of a policy, from `v1`.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PolicyVersionId(pub u32);

/// Adds a version to a policy of the account's own; a policy has no more than five.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CreatePolicyVersion {
    /// Which.
    pub policy_name: PolicyName,
    /// What it allows and denies: JSON, at most 6,144 characters.
    pub policy_document: String,
    /// Whether it counts from now on.
    pub set_as_default: bool,
    /// Whether the oldest version that does not count makes room for a sixth.
    pub rotates: bool,
}

of_parts! {
    /// Drops a version that does not count.
    DeletePolicyVersion -> response::Empty {
        /// Of which policy.
        policy_name: PolicyName,
        /// Which.
        version_id: PolicyVersionId,
    }

    /// Reads a version.
    GetPolicyVersion -> response::PolicyVersionAnswer {
        /// Whose.
        policy_type: PolicyType,
        /// Of which policy.
        policy_name: PolicyName,
        /// Which.
        version_id: PolicyVersionId,
    }

    /// Lists a policy's versions.
    ListPolicyVersions -> response::ListPolicyVersions {
        /// Whose.
        policy_type: PolicyType,
        /// Of which policy.
        policy_name: PolicyName,
    }

    /// Says which version counts.
    SetDefaultPolicyVersion -> response::Empty {
        /// Of which policy.
        policy_name: PolicyName,
        /// Which.
        version_id: PolicyVersionId,
    }
}

const ROTATES: &str = "DeleteOldestNonDefaultVersionWhenLimitExceeded";

impl Operation for CreatePolicyVersion {
    type Response = response::PolicyVersionAnswer;

    const ACTION: Action = Action::CreatePolicyVersion;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        self.policy_name.write(&mut params);
        params.push("PolicyDocument", self.policy_document.as_str());
        params.push("SetAsDefault", self.set_as_default.to_string());
        params.push(
            "RotateStrategy",
            if self.rotates { ROTATES } else { "None" },
        );
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        Ok(Self {
            policy_name: PolicyName::read(fields)?,
            policy_document: policies::document(fields)?,
            set_as_default: fields.flag("SetAsDefault", false)?,
            rotates: match fields.text("RotateStrategy") {
                None | Some("None") => false,
                Some(ROTATES) => true,
                Some(_) => {
                    return Err(ApiError::invalid_parameter(
                        "RotateStrategy",
                        format_args!("must be None or {ROTATES}"),
                    ));
                }
            },
        })
    }
}

impl Part for PolicyVersionId {
    fn read(fields: Fields<'_>) -> Result<Self, ApiError> {
        let text = fields.required_text("VersionId")?;
        let number = text
            .strip_prefix('v')
            .filter(|digits| digits.starts_with(|digit: char| matches!(digit, '1'..='9')))
            .and_then(|digits| digits.parse().ok());
        number.map(Self).ok_or_else(|| {
            ApiError::new(
                ErrorCode::PolicyVersionFormat,
                "The specified parameter \"VersionId\" must be of the form v1.",
            )
        })
    }

    fn write(&self, params: &mut Params) {
        params.push("VersionId", self.to_string());
    }
}

impl fmt::Display for PolicyVersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.0)
    }
}
