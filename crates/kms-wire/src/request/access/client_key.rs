use jiff::Timestamp;
use kms_types::{AccessKeyId, ResourceName, Secret};

use crate::{
    ApiError, Params, parse_timestamp,
    request::{Action, Operation, fields::Fields},
    response, write_timestamp,
};

/// Makes a client key for an access point.
#[derive(Clone, Debug)]
pub struct CreateClientKey {
    /// Whose.
    pub aap_name: ResourceName,
    /// Locks the PKCS#12: 8 to 64 characters, two kinds at least of capital letters, small
    /// letters, digits and `~!@#$%^&*?_-` (reference accesskey §1, 29).
    pub password: Secret<String>,
    /// From when to when; now for five years if absent.
    pub validity: Option<Validity>,
}

/// A span of time, its end after its beginning.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Validity {
    /// First moment.
    pub not_before: Timestamp,
    /// Last moment.
    pub not_after: Timestamp,
}

/// Deletes a client key; its calls are refused from now on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeleteClientKey {
    /// Which.
    pub client_key_id: AccessKeyId,
}

/// Reads a client key's public half.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GetClientKey {
    /// Which.
    pub client_key_id: AccessKeyId,
}

/// Lists the client keys of an access point.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListClientKeys {
    /// Whose; everybody's if absent.
    pub aap_name: Option<ResourceName>,
}

impl Operation for CreateClientKey {
    type Response = response::CreateClientKey;

    const ACTION: Action = Action::CreateClientKey;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("AapName", self.aap_name.as_str());
        // EXPOSE: into the request; `Params` wipes it.
        params.push("Password", self.password.expose().as_str());
        if let Some(validity) = &self.validity {
            params.push("NotBefore", write_timestamp(validity.not_before));
            params.push("NotAfter", write_timestamp(validity.not_after));
        }
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        Ok(Self {
            aap_name: fields.required("AapName")?,
            password: password(fields)?,
            validity: validity(fields)?,
        })
    }
}

impl Operation for DeleteClientKey {
    type Response = response::Empty;

    const ACTION: Action = Action::DeleteClientKey;

    fn to_params(&self) -> Params {
        by_id(&self.client_key_id)
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        Ok(Self {
            client_key_id: Fields(params).required("ClientKeyId")?,
        })
    }
}

impl Operation for GetClientKey {
    type Response = response::ClientKey;

    const ACTION: Action = Action::GetClientKey;

    fn to_params(&self) -> Params {
        by_id(&self.client_key_id)
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        Ok(Self {
            client_key_id: Fields(params).required("ClientKeyId")?,
        })
    }
}

impl Operation for ListClientKeys {
    type Response = response::ListClientKeys;

    const ACTION: Action = Action::ListClientKeys;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push_some("AapName", self.aap_name.as_ref().map(ResourceName::as_str));
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        Ok(Self {
            aap_name: Fields(params).optional("AapName")?,
        })
    }
}

fn by_id(id: &AccessKeyId) -> Params {
    let mut params = Params::default();
    params.push("ClientKeyId", id.as_str());
    params
}

fn password(fields: Fields<'_>) -> Result<Secret<String>, ApiError> {
    const NAME: &str = "Password";
    let text = fields.required_text(NAME)?;
    let kinds: [fn(&char) -> bool; 4] = [
        |c| c.is_ascii_uppercase(),
        |c| c.is_ascii_lowercase(),
        |c| c.is_ascii_digit(),
        |c| "~!@#$%^&*?_-".contains(*c),
    ];
    let is_allowed = |c: char| kinds.iter().any(|kind| kind(&c));
    if !(8..=64).contains(&text.len()) || !text.chars().all(is_allowed) {
        return Err(ApiError::invalid_parameter(
            NAME,
            "must be 8 to 64 letters, digits and ~!@#$%^&*?_-",
        ));
    }
    let present = kinds.iter().filter(|kind| text.chars().any(|c| kind(&c)));
    if present.count() < 2 {
        return Err(ApiError::invalid_parameter(
            NAME,
            "needs two kinds of capital letters, small letters, digits and ~!@#$%^&*?_-",
        ));
    }
    Ok(Secret::from(text))
}

/// Both ends or neither.
fn validity(fields: Fields<'_>) -> Result<Option<Validity>, ApiError> {
    let moment = |name: &str| {
        fields
            .text(name)
            .map(|text| {
                parse_timestamp(text).ok_or_else(|| {
                    ApiError::invalid_parameter(name, "must be of the form YYYY-MM-DDThh:mm:ssZ")
                })
            })
            .transpose()
    };
    match (moment("NotBefore")?, moment("NotAfter")?) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(ApiError::missing_parameter("NotBefore")),
        (Some(_), None) => Err(ApiError::missing_parameter("NotAfter")),
        (Some(not_before), Some(not_after)) if not_before < not_after => Ok(Some(Validity {
            not_before,
            not_after,
        })),
        _ => Err(ApiError::invalid_parameter(
            "NotAfter",
            "must be later than NotBefore",
        )),
    }
}
