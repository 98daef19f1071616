//! Keys of several lists that say as whom this server calls the cloud.

use std::str::FromStr;

use kms_client::Endpoint;
use kms_types::RoleArn;

use super::{
    Wrong,
    lists::Entry,
    value::{Value, path},
    words::shown as shown_path,
};
use crate::settings::{CloudIdentity, CloudSource};

/// `access_key_file`, `cli_profile`, `ecs_role`, `role_arn` and `external_id`.
pub(super) fn read(entry: &Entry<'_, '_>) -> Result<CloudIdentity, Wrong> {
    let role: Option<RoleArn> = entry.get("role_arn", Value::parsed)?;
    let external_id = entry.get("external_id", text)?;
    match (source(entry)?, role) {
        (_, None) if external_id.is_some() => Err(entry.wrong("external_id is for a role_arn")),
        (None, None) => Ok(CloudIdentity::Found),
        (Some(source), None) => Ok(CloudIdentity::Of(source)),
        (Some(source), Some(role)) => Ok(CloudIdentity::Role {
            source,
            role,
            external_id,
        }),
        (None, Some(_)) => Err(entry
            .wrong("role_arn needs one who asks for it: access_key_file, cli_profile or ecs_role")),
    }
}

fn source(entry: &Entry<'_, '_>) -> Result<Option<CloudSource>, Wrong> {
    let all = [
        entry
            .get("access_key_file", path)?
            .map(CloudSource::AccessKeyFile),
        entry.get("cli_profile", text)?.map(CloudSource::CliProfile),
        entry.get("ecs_role", text)?.map(CloudSource::EcsRole),
    ];
    let mut said = all.into_iter().flatten();
    match (said.next(), said.next()) {
        (source, None) => Ok(source),
        _ => Err(entry.wrong(format!(
            "[[{}]] has one of access_key_file, cli_profile and ecs_role",
            entry.list()
        ))),
    }
}

pub(super) fn text(value: &Value<'_, '_>) -> Result<String, Wrong> {
    value.text().map(str::to_owned)
}

/// The reason of an endpoint begins with a verb.
pub(super) fn endpoint(value: &Value<'_, '_>) -> Result<Endpoint, Wrong> {
    Endpoint::from_str(value.text()?).map_err(|why| value.wrong(why))
}

/// What [`read`] reads, in that order.
pub(super) fn shown(identity: &CloudIdentity) -> [String; 5] {
    let (mut file, mut profile, mut ecs) = (String::new(), String::new(), String::new());
    match identity.source() {
        None => {}
        Some(CloudSource::AccessKeyFile(path)) => file = shown_path(path),
        Some(CloudSource::CliProfile(name)) => profile.clone_from(name),
        Some(CloudSource::EcsRole(name)) => ecs.clone_from(name),
    }
    let (role, external_id) = match identity {
        CloudIdentity::Role {
            role, external_id, ..
        } => (role.to_string(), external_id.clone().unwrap_or_default()),
        _ => <(String, String)>::default(),
    };
    [file, profile, ecs, role, external_id]
}
