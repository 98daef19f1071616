//! What policies let their holders do.

use std::{borrow::Cow, sync::Arc};

use jiff::Timestamp;
use kms_store::{Tx, UserRecord};
use kms_types::AccountId;
use kms_wire::request::PolicyType;

use super::{
    Attachment,
    groups::Group,
    policies::Policy,
    profile::Profile,
    system::{self, ADMINISTRATOR},
};
use crate::{
    documents,
    failure::Failure,
    policy::{Call, Document, Effect, Kind},
    roles::Role,
    service::PolicyCache,
};

/// What a user or a role may do: the policies that it has, by itself and by its groups,
/// each in its default version.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Rights(Vec<Arc<Document>>);

// === impl Rights ===

impl Rights {
    /// Everything, as AdministratorAccess has it: for what a program does by itself.
    pub fn all() -> Self {
        let text = system::find(ADMINISTRATOR).map(|system| system.document);
        // None is not reached: a test reads all of them. It would be no right.
        let document = text.and_then(|text| Document::parse(text, Kind::Identity).ok());
        Self(document.map(Arc::new).into_iter().collect())
    }

    /// Those of a user, its groups' among them.
    ///
    /// # Errors
    /// `Document` if a policy or group is not there, or a document is none any more: what
    /// may deny must not be passed over.
    pub(crate) async fn of_user(
        tx: &mut dyn Tx,
        cache: &PolicyCache,
        user: &UserRecord,
    ) -> Result<Self, Failure> {
        let profile = Profile::load(tx, user).await?.body;
        let mut rights = Self::of(tx, cache, &user.account, &profile.policies).await?;
        for membership in &profile.groups {
            let group = documents::look_up::<Group>(tx, &user.account, &membership.group).await?;
            let group = group.ok_or(Failure::Document("group"))?.body;
            let more = Self::of(tx, cache, &user.account, &group.policies).await?;
            rights.0.extend(more.0);
        }
        Ok(rights)
    }

    /// Those of a role.
    ///
    /// # Errors
    /// As [`Rights::of_user`].
    pub(crate) async fn of_role(
        tx: &mut dyn Tx,
        cache: &PolicyCache,
        account: &AccountId,
        role: &Role,
    ) -> Result<Self, Failure> {
        Self::of(tx, cache, account, &role.policies).await
    }

    /// What they say about the call: a denial wins.
    pub(crate) fn evaluate(&self, call: &Call<'_>) -> Effect {
        let effects = self.0.iter().map(|document| document.evaluate(call));
        effects.max().unwrap_or(Effect::Silent)
    }

    /// Whether any has conditions.
    pub(crate) fn have_conditions(&self) -> bool {
        self.0.iter().any(|document| document.has_conditions())
    }

    /// Whether what they say may depend on tags.
    pub(crate) fn look_at_tags(&self) -> bool {
        self.0.iter().any(|document| document.looks_at_tags())
    }

    async fn of(
        tx: &mut dyn Tx,
        cache: &PolicyCache,
        account: &AccountId,
        attachments: &[Attachment],
    ) -> Result<Self, Failure> {
        let mut documents = Vec::with_capacity(attachments.len());
        for attachment in attachments {
            let text = text(tx, account, attachment).await?;
            documents.push(cache.of_identity(&text)?);
        }
        Ok(Self(documents))
    }
}

/// Gives the user AdministratorAccess, unless it has any policy or group already.
pub(crate) async fn ensure_administrator(
    tx: &mut dyn Tx,
    user: &UserRecord,
    now: Timestamp,
) -> Result<(), Failure> {
    let mut profile = Profile::load(tx, user).await?;
    if !profile.body.policies.is_empty() || !profile.body.groups.is_empty() {
        return Ok(());
    }
    profile.body.policies.push(Attachment::administrator(now));
    documents::put(tx, &user.account, &profile).await
}

/// Whether any user of the account has a policy or is in a group.
pub(crate) async fn has_holders(tx: &mut dyn Tx, account: &AccountId) -> Result<bool, Failure> {
    let users = Profile::all(tx, account).await?;
    Ok(users
        .iter()
        .any(|(_, profile)| !profile.body.policies.is_empty() || !profile.body.groups.is_empty()))
}

/// The text that counts.
async fn text(
    tx: &mut dyn Tx,
    account: &AccountId,
    attachment: &Attachment,
) -> Result<Cow<'static, str>, Failure> {
    let missing = Failure::Document("attachment");
    match attachment.policy_type {
        PolicyType::System => {
            let policy = system::find(&attachment.name).ok_or(missing)?;
            Ok(policy.document.into())
        }
        PolicyType::Custom => {
            let policy = documents::look_up::<Policy>(tx, account, &attachment.name).await?;
            let version = policy.ok_or(missing)?.body.into_default()?;
            Ok(version.document.into())
        }
    }
}
