//! Whether accounts whose users' AccessKeys are hosted let KMS rotate them in this server's own
//! RAM.

use std::{collections::BTreeSet, sync::Arc};

use kms_crypto::Keyring;
use kms_service::{Parts, RamError, Service, delegation::ROLE, hosting_accounts};
use kms_store::Store;
use kms_types::{AccountId, Clock};

use super::{Findings, Verdict, chain, rams::missing};
use crate::{issuer::HttpIssuers, settings::Settings};

// === impl Findings ===

impl Findings {
    /// The role of each account that hosts any, but for those of `[[ram]]`.
    pub(super) async fn roles(
        &mut self,
        settings: &Settings,
        store: &Arc<dyn Store>,
        keyring: Keyring,
        clock: &Arc<dyn Clock>,
    ) {
        let hosting = match hosting_accounts(&**store).await {
            Ok(hosting) => hosting,
            Err(reason) => return self.note("kms role", Verdict::Fail, chain(&reason)),
        };
        let elsewhere: BTreeSet<&AccountId> =
            settings.rams.iter().map(|ram| &ram.account).collect();
        let service = Service::new(Parts {
            store: Arc::clone(store),
            keyring,
            clock: Arc::clone(clock),
            region: settings.region.clone(),
            issuers: Arc::new(HttpIssuers::with_system_roots()),
        });
        for account in hosting.iter().filter(|own| !elsewhere.contains(own)) {
            let (verdict, says) = look(&service, account).await;
            self.note("kms role", verdict, format!("{account}: {says}"));
        }
    }
}

/// No server fails to start for it; its rotations do.
async fn look(service: &Service, account: &AccountId) -> (Verdict, String) {
    const MAKE: &str = "kms-server ctl ram kms-role create, as an administrator of the account";
    match missing(&*service.ram(account), account).await {
        Ok(missing) if missing.is_empty() => (
            Verdict::Ok,
            format!("{ROLE} lets KMS list, make, switch and delete AccessKeys"),
        ),
        Ok(missing) => (
            Verdict::Warn,
            format!(
                "{ROLE} lacks {}, so hosted AccessKeys are not rotated: {MAKE}, attaches its policy",
                missing.join(", ")
            ),
        ),
        Err(RamError::NoRole(why)) => (
            Verdict::Warn,
            format!(
                "hosted AccessKeys are not rotated, for KMS may not use {ROLE}: {why}; {MAKE}, \
                 makes it"
            ),
        ),
        Err(reason) => (Verdict::Warn, reason.to_string()),
    }
}
