use std::{collections::BTreeMap, time::Duration};

use bytes::Bytes;
use kms_types::DataType;
use kms_wire::response::{GetSecretValue, VersionStages};
use serde::Serialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::Rendered;
use crate::ResponseType;

/// Writes a value. `kv2`: the second form of Vault is wanted too. `ttl` is what Vault's
/// clients are told as lease, for some read again when it ends.
///
/// # Errors
/// Only if a value cannot be serialised, which text always can.
pub(crate) fn value(
    value: &GetSecretValue,
    response_type: ResponseType,
    kv2: bool,
    ttl: Duration,
) -> Result<Rendered, serde_json::Error> {
    // EXPOSE: into the answer to a program that holds the token.
    let text = value.secret_data.expose().as_str();
    let room = text.len() * 2 + 1024;
    match response_type {
        ResponseType::Kms => Ok(Rendered {
            plain: write(&kms(value, text), room)?,
            kv2: None,
        }),
        ResponseType::Aws => Ok(Rendered {
            plain: write(&aws(value, text), room)?,
            kv2: None,
        }),
        ResponseType::Vault => {
            let data = data(value.secret_data_type, text);
            Ok(Rendered {
                plain: write(&envelope(value, &data, ttl.as_secs()), room)?,
                kv2: kv2
                    .then(|| write(&envelope(value, &Versioned::new(value, &data), 0), room))
                    .transpose()?,
            })
        }
    }
}

/// KMS's answer; the fields stand in the order of seed 002's sample.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Kms<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    automatic_rotation: Option<&'a str>,
    create_time: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    extended_config: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_rotation_date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_rotation_date: Option<&'a str>,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_interval: Option<&'a str>,
    secret_data: &'a str,
    secret_data_type: DataType,
    secret_name: &'a str,
    secret_type: &'a str,
    version_id: &'a str,
    version_stages: &'a VersionStages,
}

/// AWS's answer as the agent of seed 002 gives it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Aws<'a> {
    #[serde(rename = "ARN")]
    arn: &'static str,
    name: &'a str,
    version_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_string: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_binary: Option<&'a str>,
    version_stages: &'a [String],
    created_date: &'a str,
}

/// Vault's answer (security reference §4.1): strict clients want all of it.
#[derive(Serialize)]
struct Envelope<'a, D> {
    request_id: &'a str,
    lease_id: &'static str,
    renewable: bool,
    lease_duration: u64,
    data: &'a D,
    wrap_info: (),
    warnings: (),
    auth: (),
}

/// What an application finds under `data`.
#[derive(Serialize)]
#[serde(untagged)]
enum Data<'a> {
    /// The secret is a JSON object: as written, numbers and order included.
    Object(&'a RawValue),
    /// Anything else, for `data` must be an object.
    Value { value: &'a str },
}

/// `data` of KV 2.
#[derive(Serialize)]
struct Versioned<'a> {
    data: &'a Data<'a>,
    metadata: Metadata<'a>,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are Vault's")]
struct Metadata<'a> {
    created_time: &'a str,
    custom_metadata: Option<BTreeMap<&'static str, &'a str>>,
    deletion_time: &'static str,
    destroyed: bool,
    version: u64,
}

impl<'a> Versioned<'a> {
    /// Vault's versions are positive numbers, KMS's are names: `vN` is `N`; any other
    /// is 1 and told beside it.
    fn new(value: &'a GetSecretValue, data: &'a Data<'a>) -> Self {
        let id = value.version_id.as_str();
        let number = id
            .strip_prefix('v')
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|digits| digits.parse().ok())
            .filter(|number| *number > 0);
        Self {
            data,
            metadata: Metadata {
                created_time: &value.create_time,
                custom_metadata: number
                    .is_none()
                    .then(|| BTreeMap::from([("kms_version_id", id)])),
                deletion_time: "",
                destroyed: false,
                version: number.unwrap_or(1),
            },
        }
    }
}

fn kms<'a>(value: &'a GetSecretValue, text: &'a str) -> Kms<'a> {
    Kms {
        automatic_rotation: value.automatic_rotation.as_deref(),
        create_time: &value.create_time,
        extended_config: value.extended_config.as_deref(),
        last_rotation_date: value.last_rotation_date.as_deref(),
        next_rotation_date: value.next_rotation_date.as_deref(),
        request_id: &value.request_id,
        rotation_interval: value.rotation_interval.as_deref(),
        secret_data: text,
        secret_data_type: value.secret_data_type,
        secret_name: &value.secret_name,
        secret_type: &value.secret_type,
        version_id: &value.version_id,
        version_stages: &value.version_stages,
    }
}

fn aws<'a>(value: &'a GetSecretValue, text: &'a str) -> Aws<'a> {
    let (secret_string, secret_binary) = match value.secret_data_type {
        DataType::Binary => (None, Some(text)),
        DataType::Text => (Some(text), None),
    };
    Aws {
        arn: "",
        name: &value.secret_name,
        version_id: &value.version_id,
        secret_string,
        secret_binary,
        version_stages: &value.version_stages.version_stage,
        created_date: &value.create_time,
    }
}

fn envelope<'a, D>(value: &'a GetSecretValue, data: &'a D, lease_duration: u64) -> Envelope<'a, D> {
    Envelope {
        request_id: &value.request_id,
        lease_id: "",
        renewable: false,
        lease_duration,
        data,
        wrap_info: (),
        warnings: (),
        auth: (),
    }
}

fn data(data_type: DataType, text: &str) -> Data<'_> {
    if data_type == DataType::Text
        && let Ok(raw) = serde_json::from_str::<&RawValue>(text)
        && raw.get().starts_with('{')
    {
        return Data::Object(raw);
    }
    Data::Value { value: text }
}

/// Into memory that is wiped when the last answer made of it is gone, the scratch too.
fn write(answer: &impl Serialize, room: usize) -> Result<Bytes, serde_json::Error> {
    let mut scratch = Zeroizing::new(Vec::with_capacity(room));
    serde_json::to_writer(&mut *scratch, answer)?;
    Ok(Bytes::from_owner(Zeroizing::new(scratch.to_vec())))
}

#[cfg(test)]
mod tests;
