use kms_types::{InstanceId, KeyOrigin, KeySpec, KeyUsage, ProtectionLevel};

use crate::{
    ApiError, Params,
    request::{
        Action, Operation, Tag,
        fields::Fields,
        param::{KeyRotationInterval, Param},
        secrets::tags,
    },
    response,
};

/// Makes a key with its first version.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CreateKey {
    /// Of what kind it is; AES of 256 bits unless given.
    pub spec: KeySpec,
    /// What it is for; the first that its kind can do unless given.
    pub usage: KeyUsage,
    /// Where its material comes from; the service unless given.
    pub origin: KeyOrigin,
    /// What guards it; software unless given.
    pub protection: ProtectionLevel,
    /// The KMS instance it lives in.
    pub instance: Option<InstanceId>,
    /// For people, at most 8,192 characters.
    pub description: Option<String>,
    /// How often it rotates by itself, if it does.
    pub rotation: Option<KeyRotationInterval>,
    /// The policy, as JSON.
    pub policy: Option<String>,
    /// At most 20.
    pub tags: Vec<Tag>,
}

impl Operation for CreateKey {
    type Response = response::CreateKey;

    const ACTION: Action = Action::CreateKey;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        self.spec.write(&mut params, "KeySpec");
        self.usage.write(&mut params, "KeyUsage");
        self.origin.write(&mut params, "Origin");
        self.protection.write(&mut params, "ProtectionLevel");
        self.instance.write(&mut params, "DKMSInstanceId");
        self.description.write(&mut params, "Description");
        if self.rotation.is_some() {
            params.push("EnableAutomaticRotation", "true");
        }
        self.rotation.write(&mut params, "RotationInterval");
        self.policy.write(&mut params, "Policy");
        params.push_some("Tags", tags::write(&self.tags));
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let spec: KeySpec = fields.optional("KeySpec")?.unwrap_or_default();
        let usage = match fields.optional("KeyUsage")? {
            Some(usage) => usage,
            None => *spec
                .usages()
                .first()
                .ok_or_else(|| ApiError::missing_parameter("KeyUsage"))?,
        };
        if !spec.usages().contains(&usage) {
            return Err(ApiError::invalid_parameter(
                "KeyUsage",
                "is not what keys of this KeySpec can be for",
            ));
        }
        let interval = fields.optional("RotationInterval")?;
        let rotation = if fields.flag("EnableAutomaticRotation", false)? {
            Some(interval.ok_or_else(|| ApiError::missing_parameter("RotationInterval"))?)
        } else {
            // Terraform sends one with rotation off: it has no effect.
            None
        };
        Ok(Self {
            spec,
            usage,
            origin: fields.optional("Origin")?.unwrap_or(KeyOrigin::Kms),
            protection: fields
                .optional("ProtectionLevel")?
                .unwrap_or(ProtectionLevel::Software),
            instance: fields.optional("DKMSInstanceId")?,
            description: fields.bounded("Description", 0, 8192)?.map(str::to_owned),
            rotation,
            policy: fields.bounded("Policy", 1, 32_768)?.map(str::to_owned),
            tags: tags::read(fields)?,
        })
    }
}
