//! Whether the RAMs of `[[ram]]` answer, and as whom they know this server.

use std::sync::Arc;

use kms_service::{Ram, RamError, RamUser};
use kms_store::KeyStatus;
use kms_types::{AccessKeyId, AccountId, Clock, Env, UserName};

use super::{Findings, Verdict, chain};
use crate::{
    cloud_ram::{CloudRam, CloudRams},
    settings::Settings,
};

/// A user and an AccessKey that nobody has: what is asked about them is refused one way with
/// the right and another way without, and changes nothing.
const NOBODY: (&str, &str) = ("kms-server-doctor", "LTAI5tKmsServerDoctor");

// === impl Findings ===

impl Findings {
    /// Who each lets in, and whether that one may do what rotations do.
    pub(super) async fn rams(&mut self, settings: &Settings, env: &Env, clock: &Arc<dyn Clock>) {
        let rams = match CloudRams::open(&settings.rams, settings, env, clock) {
            Ok(rams) => rams,
            Err(reason) => return self.note("ram", Verdict::Fail, chain(&reason)),
        };
        for ram in rams.all() {
            let (verdict, says) = look(ram).await;
            self.note("ram", verdict, format!("{}: {says}", ram.account()));
        }
    }
}

/// No server fails to start for it; its rotations do.
async fn look(ram: &CloudRam) -> (Verdict, String) {
    let who = match ram.identity().await {
        Ok(who) => who,
        Err(reason) => return (Verdict::Warn, reason.to_string()),
    };
    match missing(ram, ram.account()).await {
        Ok(missing) if missing.is_empty() => (
            Verdict::Ok,
            format!("asked as {who}, which may list, make, switch and delete AccessKeys"),
        ),
        Ok(missing) => (
            Verdict::Warn,
            format!(
                "asked as {who}, which lacks {} on acs:ram:*:{}:user/*: only users that a policy \
                 names are rotated",
                missing.join(", "),
                ram.account()
            ),
        ),
        Err(reason) => (Verdict::Warn, format!("asked as {who}: {reason}")),
    }
}

/// The rights that are not there.
pub(super) async fn missing(
    ram: &dyn Ram,
    account: &AccountId,
) -> Result<Vec<&'static str>, RamError> {
    let unreadable = RamError::Answer("the name of nobody is none");
    let (name, id) = NOBODY;
    let name: UserName = name.parse().map_err(|_not_a_name| unreadable.clone())?;
    let id: AccessKeyId = id.parse().map_err(|_not_an_id| unreadable)?;
    let nobody = RamUser {
        account: account.clone(),
        name,
    };
    let inactive = KeyStatus::Inactive;
    let asked = [
        ("ram:ListAccessKeys", ram.keys(&nobody).await.map(drop)),
        (
            "ram:CreateAccessKey",
            ram.create_key(&nobody).await.map(drop),
        ),
        (
            "ram:UpdateAccessKey",
            ram.set_status(&nobody, &id, inactive).await,
        ),
        ("ram:DeleteAccessKey", ram.delete_key(&nobody, &id).await),
    ];
    let mut missing = Vec::new();
    for (right, answer) in asked {
        match answer {
            // It was looked for.
            Err(RamError::NoUser | RamError::NoKey) => {}
            Err(RamError::Denied(_)) => missing.push(right),
            Err(reason) => return Err(reason),
            Ok(()) => {
                return Err(RamError::Answer(
                    "a user that does not exist has AccessKeys",
                ));
            }
        }
    }
    Ok(missing)
}
