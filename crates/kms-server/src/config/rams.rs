//! `[[ram]]`.

use kms_client::Endpoint;

use super::{
    Wrong,
    identity::{self, endpoint},
    lists::{Entry, List},
    value::{Value, path},
    words::optional,
};
use crate::settings::{CloudIdentity, RamSettings};

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
    let identity = identity::read(entry)?;
    if let CloudIdentity::Role { role, .. } = &identity
        && role.account != usual.account
    {
        return Err(entry.wrong(format!(
            "role_arn is a role of the account {}, and account is {}",
            role.account, usual.account
        )));
    }
    Ok(RamSettings {
        identity,
        endpoint: entry.get("endpoint", endpoint)?,
        sts_endpoint: entry.get("sts_endpoint", endpoint)?,
        ca_file: entry.get("ca_file", path)?,
        patience: patience.unwrap_or(usual.patience),
        ..usual
    })
}

fn shown(ram: &RamSettings) -> Vec<String> {
    let [file, profile, ecs, role, external_id] = identity::shown(&ram.identity);
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
