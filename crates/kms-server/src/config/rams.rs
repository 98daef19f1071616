//! `[[ram]]`.

use std::str::FromStr;

use kms_client::Endpoint;
use kms_types::{AccountId, RoleArn};

use super::{
    Wrong,
    lists::{Entry, List},
    value::{Value, path},
    words::{optional, shown as shown_path},
};
use crate::settings::{RamIdentity, RamSettings, RamSource};

pub(super) const LIST: List = List {
    name: "ram",
    keys: &[
        "account",
        "access_key_file",
        "cli_profile",
        "ecs_role",
        "role_arn",
        "external_id",
        "endpoint",
        "sts_endpoint",
        "timeout_seconds",
        "ca_file",
    ],
    apply: |to, entries| {
        to.rams = entries.iter().map(one).collect::<Result<_, _>>()?;
        Ok(())
    },
    show: |of| of.rams.iter().map(shown).collect(),
};

/// The longest that a call may take: a step of a rotation makes a few, and is one worker's
/// for five minutes.
const LONGEST_PATIENCE: u64 = 30;

fn one(entry: &Entry<'_, '_>) -> Result<RamSettings, Wrong> {
    let account = "the account whose users' AccessKeys are rotated";
    let usual = RamSettings::new(entry.need("account", account, Value::parsed)?);
    let patience = entry.get("timeout_seconds", |value| {
        value.seconds(1..=LONGEST_PATIENCE)
    })?;
    Ok(RamSettings {
        identity: identity(entry, &usual.account)?,
        endpoint: entry.get("endpoint", endpoint)?,
        sts_endpoint: entry.get("sts_endpoint", endpoint)?,
        ca_file: entry.get("ca_file", path)?,
        patience: patience.unwrap_or(usual.patience),
        ..usual
    })
}

fn identity(entry: &Entry<'_, '_>, account: &AccountId) -> Result<RamIdentity, Wrong> {
    let role: Option<RoleArn> = entry.get("role_arn", Value::parsed)?;
    let external_id = entry.get("external_id", text)?;
    match (source(entry)?, role) {
        (_, None) if external_id.is_some() => Err(entry.wrong("external_id is for a role_arn")),
        (None, None) => Ok(RamIdentity::Found),
        (Some(source), None) => Ok(RamIdentity::Of(source)),
        (_, Some(role)) if role.account != *account => Err(entry.wrong(format!(
            "role_arn is a role of the account {}, and account is {account}",
            role.account
        ))),
        (Some(source), Some(role)) => Ok(RamIdentity::Role {
            source,
            role,
            external_id,
        }),
        (None, Some(_)) => Err(entry
            .wrong("role_arn needs one who asks for it: access_key_file, cli_profile or ecs_role")),
    }
}

fn source(entry: &Entry<'_, '_>) -> Result<Option<RamSource>, Wrong> {
    let all = [
        entry
            .get("access_key_file", path)?
            .map(RamSource::AccessKeyFile),
        entry.get("cli_profile", text)?.map(RamSource::CliProfile),
        entry.get("ecs_role", text)?.map(RamSource::EcsRole),
    ];
    let mut said = all.into_iter().flatten();
    match (said.next(), said.next()) {
        (source, None) => Ok(source),
        _ => Err(entry.wrong("[[ram]] has one of access_key_file, cli_profile and ecs_role")),
    }
}

fn text(value: &Value<'_, '_>) -> Result<String, Wrong> {
    value.text().map(str::to_owned)
}

/// The reason of an endpoint begins with a verb.
fn endpoint(value: &Value<'_, '_>) -> Result<Endpoint, Wrong> {
    Endpoint::from_str(value.text()?).map_err(|why| value.wrong(why))
}

fn shown(ram: &RamSettings) -> Vec<String> {
    let (mut file, mut profile, mut ecs) = (String::new(), String::new(), String::new());
    match ram.identity.source() {
        None => {}
        Some(RamSource::AccessKeyFile(path)) => file = shown_path(path),
        Some(RamSource::CliProfile(name)) => profile.clone_from(name),
        Some(RamSource::EcsRole(name)) => ecs.clone_from(name),
    }
    let (role, external_id) = match &ram.identity {
        RamIdentity::Role {
            role, external_id, ..
        } => (role.to_string(), external_id.clone().unwrap_or_default()),
        _ => <(String, String)>::default(),
    };
    let url = |at: &Option<Endpoint>| at.as_ref().map(ToString::to_string).unwrap_or_default();
    vec![
        ram.account.to_string(),
        file,
        profile,
        ecs,
        role,
        external_id,
        url(&ram.endpoint),
        url(&ram.sts_endpoint),
        ram.patience.as_secs().to_string(),
        optional(ram.ca_file.as_ref()),
    ]
}
