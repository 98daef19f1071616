use kms_types::{DataType, Secret, SecretName, SecretType, VersionId};
use serde_json::{Map, Value};

use super::{Tag, rotation, tags, update::check_custom_data};
use crate::{
    ApiError, Params,
    request::{Action, Operation, SecretRotationInterval, fields::Fields, param::Param},
    response,
};

/// Stands for a name that follows from the RAM user (reference kms-api §2.1).
const AUTO: &str = "$Auto";

/// Makes a secret with its first version.
#[derive(Clone, Debug)]
pub struct CreateSecret {
    /// The name, unique in account and region. Not beginning with `acs/` for types other
    /// than ECS (`acs/ecs/…`) and RAMCredentials, where it is `acs/ram/user/<UserName>`
    /// and travels as `$Auto`.
    pub secret_name: SecretName,
    /// The first version's value, at most 30,720 bytes.
    pub secret_data: Secret<String>,
    /// The first version's id.
    pub version_id: VersionId,
    /// Generic unless given.
    pub secret_type: SecretType,
    /// Text unless given; always text for managed types.
    pub data_type: DataType,
    /// The key that protects the value; the server's own if absent.
    pub encryption_key_id: Option<String>,
    /// The KMS instance it lives in.
    pub instance_id: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// At most 20.
    pub tags: Vec<Tag>,
    /// JSON object as text, at most 1,024 characters; none for Generic, where it is
    /// ignored.
    pub extended_config: Option<String>,
    /// How often a secret of a managed type rotates by itself; none: not at all. For
    /// Generic it is ignored.
    pub rotation_interval: Option<SecretRotationInterval>,
    /// Who may do what to it, as JSON; whoever RAM's policies let, if absent.
    pub policy: Option<String>,
}

impl Operation for CreateSecret {
    type Response = response::CreateSecret;

    const ACTION: Action = Action::CreateSecret;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        let name = match self.secret_type {
            SecretType::RamCredentials => AUTO,
            _ => self.secret_name.as_str(),
        };
        params.push("SecretName", name);
        // EXPOSE: into the request that stores it; `Params` wipes it.
        params.push("SecretData", self.secret_data.expose().as_str());
        params.push("VersionId", self.version_id.as_str());
        params.push("SecretType", self.secret_type.as_str());
        params.push("SecretDataType", self.data_type.as_str());
        params.push_some("EncryptionKeyId", self.encryption_key_id.as_deref());
        params.push_some("DKMSInstanceId", self.instance_id.as_deref());
        params.push_some("Description", self.description.as_deref());
        params.push_some("Tags", tags::write(&self.tags));
        params.push_some("ExtendedConfig", self.extended_config.as_deref());
        params.push_some(
            "EnableAutomaticRotation",
            self.rotation_interval.map(|_interval| "true"),
        );
        self.rotation_interval
            .write(&mut params, "RotationInterval");
        params.push_some("Policy", self.policy.as_deref());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let secret_type: SecretType = fields.optional("SecretType")?.unwrap_or_default();
        let (secret_data, data_type) = fields.secret_data()?;
        if secret_type.is_managed() && data_type != DataType::Text {
            return Err(ApiError::invalid_parameter(
                "SecretDataType",
                "must be text for this type of secret",
            ));
        }
        let config = match secret_type {
            SecretType::Generic => None,
            _ => Some(extended_config(fields)?),
        };
        Ok(Self {
            secret_name: secret_name(fields, secret_type, config.as_ref())?,
            secret_data,
            version_id: fields.required("VersionId")?,
            secret_type,
            data_type,
            encryption_key_id: fields.owned("EncryptionKeyId"),
            instance_id: fields.owned("DKMSInstanceId"),
            description: fields.owned("Description"),
            tags: tags::read(fields)?,
            extended_config: config.and_then(|_read| fields.owned("ExtendedConfig")),
            rotation_interval: match secret_type {
                SecretType::Generic => None,
                _ => rotation::automatic(fields)?,
            },
            policy: fields.owned("Policy"),
        })
    }
}

fn secret_name(
    fields: Fields<'_>,
    secret_type: SecretType,
    config: Option<&Map<String, Value>>,
) -> Result<SecretName, ApiError> {
    let refused = |why: &str| Err(ApiError::invalid_parameter("SecretName", why));
    if secret_type == SecretType::RamCredentials {
        if fields.required_text("SecretName")? != AUTO {
            return refused("must be $Auto for this type of secret");
        }
        let user = config.and_then(|config| config.get("UserName")?.as_str());
        return user
            .and_then(|user| format!("acs/ram/user/{user}").parse().ok())
            .ok_or_else(|| {
                ApiError::invalid_parameter("ExtendedConfig", "needs UserName, a RAM user's name")
            });
    }
    let name: SecretName = fields.required("SecretName")?;
    if name.as_str().contains('!') {
        return refused("must not hold !, which marks secrets that a product owns");
    }
    if secret_type == SecretType::Ecs {
        if !name.as_str().starts_with("acs/ecs/") {
            return refused("must begin with acs/ecs/ for this type of secret");
        }
    } else if name.as_str().starts_with("acs/") {
        return refused("must not begin with acs/");
    }
    Ok(name)
}

/// ExtendedConfig of a managed type. What must be in it depends on the type and is the
/// service's to say.
fn extended_config(fields: Fields<'_>) -> Result<Map<String, Value>, ApiError> {
    const NAME: &str = "ExtendedConfig";
    let text = fields.required_text(NAME)?;
    if text.chars().count() > 1024 {
        return Err(ApiError::invalid_parameter(
            NAME,
            "is longer than 1024 characters",
        ));
    }
    let config: Map<String, Value> = fields
        .json(NAME, "a JSON object")?
        .ok_or_else(|| ApiError::missing_parameter(NAME))?;
    match config.get("CustomData") {
        None => {}
        Some(Value::Object(pairs)) => check_custom_data(NAME, pairs)?,
        Some(_) => {
            return Err(ApiError::invalid_parameter(
                NAME,
                "needs a JSON object as CustomData",
            ));
        }
    }
    Ok(config)
}
