//! Policies that every account has; see the folder `system`.

use super::policies::{self, Policy};
use crate::{documents::Named, failure::Failure};

/// One of them.
pub(super) struct System {
    pub(super) name: &'static str,
    pub(super) document: &'static str,
    version: u32,
    created: &'static str,
    updated: &'static str,
    description: &'static str,
}

macro_rules! system {
    ($($name:literal v $version:literal $created:literal $updated:literal $description:literal;)*) => {
        &[$(System {
            name: $name,
            document: include_str!(concat!("system/", $name, ".json")),
            version: $version,
            created: $created,
            updated: $updated,
            description: $description,
        },)*]
    };
}

/// The one that allows everything.
pub(super) const ADMINISTRATOR: &str = "AdministratorAccess";

/// By name.
pub(super) const SYSTEM: &[System] = system! {
    "AdministratorAccess" v 1 "2015-04-28T16:15:45Z" "2015-04-28T16:15:45Z"
        "May do everything.";
    "AliyunKMSCryptoAdminAccess" v 2 "2020-03-04T14:42:11Z" "2023-06-26T13:51:02Z"
        "May manage keys and use them.";
    "AliyunKMSCryptoUserAccess" v 2 "2020-03-04T14:42:20Z" "2026-07-09T10:01:22Z"
        "May use keys.";
    "AliyunKMSFullAccess" v 3 "2018-03-09T07:41:38Z" "2021-03-02T07:23:38Z"
        "May do everything in KMS.";
    "AliyunKMSReadOnlyAccess" v 3 "2018-03-09T07:41:41Z" "2025-09-23T07:48:22Z"
        "May look at everything in KMS but values.";
    "AliyunKMSSecretAdminAccess" v 5 "2020-03-04T14:44:44Z" "2023-06-26T13:51:26Z"
        "May manage secrets and read them.";
    "AliyunKMSSecretUserAccess" v 1 "2020-03-04T14:41:59Z" "2020-03-04T14:41:59Z"
        "May read secrets.";
    "AliyunRAMReadOnlyAccess" v 3 "2015-04-28T16:15:45Z" "2025-12-03T10:03:48Z"
        "May look at everything in RAM.";
    "AliyunSTSAssumeRoleAccess" v 1 "2015-08-03T04:52:09Z" "2017-04-27T16:48:07Z"
        "May assume roles that let it in.";
};

pub(super) fn find(name: &str) -> Option<&'static System> {
    SYSTEM.iter().find(|own| own.name == name)
}

/// All of them, by name.
pub(super) fn all() -> Result<Vec<Named<Policy>>, Failure> {
    SYSTEM.iter().map(load).collect()
}

/// As if it lay in the store.
///
/// # Errors
/// `Document`: never, since a test reads all dates.
pub(super) fn load(system: &System) -> Result<Named<Policy>, Failure> {
    let moment = |text: &str| {
        text.parse()
            .map_err(|_no_moment| Failure::Document("system policy"))
    };
    Ok(Named {
        name: system.name.to_owned(),
        body: policies::of_one_version(
            system.description,
            system.version,
            system.document.trim_end(),
            moment(system.updated)?,
        ),
        created: moment(system.created)?,
    })
}
