use kms_types::ResourceName;

use crate::{
    ApiError, Params,
    request::{Action, Operation, fields::Fields},
    response,
};

/// The one way in that access points have; RAMRole belonged to an older product.
const CLIENT_KEY: &str = "ClientKey";

/// Makes an application access point, whose client keys may do what its policies say.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CreateApplicationAccessPoint {
    /// Its name.
    pub name: ResourceName,
    /// 1 to 3 policies; a call needs one of them.
    pub policies: Vec<ResourceName>,
    /// For people.
    pub description: Option<String>,
}

/// Changes an access point.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UpdateApplicationAccessPoint {
    /// Which.
    pub name: ResourceName,
    /// 1 to 3 policies from now on.
    pub policies: Option<Vec<ResourceName>>,
    /// For people; empty: none from now on.
    pub description: Option<String>,
}

impl Operation for CreateApplicationAccessPoint {
    type Response = response::AccessPoint;

    const ACTION: Action = Action::CreateApplicationAccessPoint;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("Name", self.name.as_str());
        params.push("AuthenticationMethod", CLIENT_KEY);
        params.push_some("Policies", serde_json::to_string(&self.policies).ok());
        params.push_some("Description", self.description.as_deref());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        if fields
            .text("AuthenticationMethod")
            .is_some_and(|method| method != CLIENT_KEY)
        {
            return Err(ApiError::invalid_parameter(
                "AuthenticationMethod",
                "must be ClientKey",
            ));
        }
        Ok(Self {
            name: fields.required("Name")?,
            policies: policies(fields)?.ok_or_else(|| ApiError::missing_parameter("Policies"))?,
            description: fields.owned("Description"),
        })
    }
}

impl Operation for UpdateApplicationAccessPoint {
    type Response = response::Empty;

    const ACTION: Action = Action::UpdateApplicationAccessPoint;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("Name", self.name.as_str());
        let policies = self.policies.as_ref();
        params.push_some(
            "Policies",
            policies.and_then(|policies| serde_json::to_string(policies).ok()),
        );
        params.push_some("Description", self.description.as_deref());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        Ok(Self {
            name: fields.required("Name")?,
            policies: policies(fields)?,
            description: params.get("Description").map(str::to_owned),
        })
    }
}

fn policies(fields: Fields<'_>) -> Result<Option<Vec<ResourceName>>, ApiError> {
    const NAME: &str = "Policies";
    let policies: Option<Vec<ResourceName>> = fields.json(NAME, "a JSON array of names")?;
    if let Some(names) = &policies {
        if !(1..=3).contains(&names.len()) {
            return Err(ApiError::invalid_parameter(NAME, "must hold 1 to 3 names"));
        }
        if names
            .iter()
            .enumerate()
            .any(|(at, name)| names.iter().take(at).any(|other| other == name))
        {
            return Err(ApiError::invalid_parameter(NAME, "has one name twice"));
        }
    }
    Ok(policies)
}
