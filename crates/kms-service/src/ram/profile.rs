use std::collections::{BTreeMap, HashMap};

use kms_store::{DocumentKind, Tx, UserRecord};
use kms_types::{AccountId, GroupName};
use serde::{Deserialize, Serialize};

use super::Attachment;
use crate::{
    documents::{self, Document, Named},
    failure::Failure,
};

/// What belongs to a user besides its name and AccessKeys. Its document's name is the
/// user's id; a user without one has nothing of this.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Profile {
    pub(super) display_name: String,
    pub(super) mobile_phone: String,
    pub(super) email: String,
    pub(super) comments: String,
    /// Milliseconds since 1970; 0: as old as the user.
    pub(super) updated: i64,
    pub(super) groups: Vec<Membership>,
    pub(super) policies: Vec<Attachment>,
    pub(crate) tags: BTreeMap<String, String>,
}

/// That a user is in a group.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Membership {
    /// The group's name.
    pub(super) group: String,
    /// Milliseconds since 1970.
    pub(super) since: i64,
}

impl Document for Profile {
    const KIND: DocumentKind = DocumentKind::UserProfile;
}

impl Profile {
    pub(super) async fn load(tx: &mut dyn Tx, user: &UserRecord) -> Result<Named<Self>, Failure> {
        let found = documents::look_up(tx, &user.account, &user.id).await?;
        Ok(found.unwrap_or_else(|| Self::absent(user)))
    }

    /// Forgets it, if there is one.
    pub(super) async fn drop(tx: &mut dyn Tx, user: &UserRecord) -> Result<(), Failure> {
        let found = documents::look_up::<Self>(tx, &user.account, &user.id).await?;
        if found.is_some() {
            documents::remove::<Self>(tx, &user.account, &user.id).await?;
        }
        Ok(())
    }

    pub(super) fn is_in(&self, group: &str) -> bool {
        self.groups.iter().any(|own| own.group == group)
    }

    pub(super) fn rename_group(&mut self, former: &str, new: &GroupName) {
        for own in &mut self.groups {
            if own.group == former {
                own.group = new.to_string();
            }
        }
    }

    /// All users of the account with their profiles, by name. Asks for all profiles at once:
    /// an account may have thousands.
    pub(crate) async fn all(
        tx: &mut dyn Tx,
        account: &AccountId,
    ) -> Result<Vec<(UserRecord, Named<Self>)>, Failure> {
        let mut profiles: HashMap<String, Named<Self>> = documents::all(tx, account)
            .await?
            .into_iter()
            .map(|profile: Named<Self>| (profile.name.clone(), profile))
            .collect();
        let users = tx.users().of_account(account).await?;
        let of = |user: UserRecord| {
            let found = profiles.remove(&user.id);
            let profile = found.unwrap_or_else(|| Self::absent(&user));
            (user, profile)
        };
        Ok(users.into_iter().map(of).collect())
    }

    /// Of a user that has nothing of it.
    fn absent(user: &UserRecord) -> Named<Self> {
        Named {
            name: user.id.clone(),
            body: Self::default(),
            created: user.created,
        }
    }
}
