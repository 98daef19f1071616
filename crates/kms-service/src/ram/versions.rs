use kms_store::Mode;
use kms_types::ErrorCode;
use kms_wire::{
    Action,
    request::{
        CreatePolicyVersion, DeletePolicyVersion, GetPolicyVersion, ListPolicyVersions, PolicyType,
        PolicyVersionId, SetDefaultPolicyVersion, UpdatePolicyDescription,
    },
    response,
};
use serde::{Deserialize, Serialize};

use super::{
    PolicyRef,
    policies::{self, Policy},
    refusal, write_moment,
};
use crate::{
    Caller, Service,
    documents::{self, Document},
    failure::Failure,
};

/// What a policy said at some time.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Version {
    /// Grows with each version and is never used again.
    pub(super) id: u32,
    /// As it was given.
    pub(super) document: String,
    /// Milliseconds since 1970.
    pub(super) created: i64,
}

/// RAM's own limit.
const MOST_VERSIONS: usize = 5;

impl Service {
    /// CreatePolicyVersion.
    pub(crate) async fn create_policy_version(
        &self,
        caller: &Caller,
        call: CreatePolicyVersion,
    ) -> Result<response::PolicyVersionAnswer, Failure> {
        let name = PolicyRef::new(PolicyType::Custom, &call.policy_name);
        let account = self.own(caller, Action::CreatePolicyVersion, name.resource())?;
        policies::check(&call.policy_document)?;
        let now = self.now();
        let call = &call;
        let policy_version = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut policy = Policy::find(tx, account, name).await?;
                    let body = &mut policy.body;
                    if body.versions.len() >= MOST_VERSIONS {
                        let oldest = body.versions.iter().position(|own| own.id != body.default);
                        match oldest {
                            Some(oldest) if call.rotates => drop(body.versions.remove(oldest)),
                            _ => return Err(too_many()),
                        }
                    }
                    let version = Version {
                        id: body.last.saturating_add(1),
                        document: call.policy_document.clone(),
                        created: now.as_millisecond(),
                    };
                    body.last = version.id;
                    body.versions.push(version.clone());
                    if call.set_as_default {
                        body.default = version.id;
                    }
                    body.updated = now.as_millisecond();
                    documents::update(tx, account, &policy).await?;
                    policy.body.write_version(&version)
                })
            })
            .await?;
        Ok(response::PolicyVersionAnswer { policy_version })
    }

    /// GetPolicyVersion.
    pub(crate) async fn get_policy_version(
        &self,
        caller: &Caller,
        call: GetPolicyVersion,
    ) -> Result<response::PolicyVersionAnswer, Failure> {
        let name = PolicyRef::new(call.policy_type, &call.policy_name);
        let account = self.own(caller, Action::GetPolicyVersion, name.resource())?;
        let policy = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { Policy::find(&mut *tx, account, name).await })
            })
            .await?;
        let version = policy.body.version(call.version_id)?;
        Ok(response::PolicyVersionAnswer {
            policy_version: policy.body.write_version(version)?,
        })
    }

    /// ListPolicyVersions: the newest first.
    pub(crate) async fn list_policy_versions(
        &self,
        caller: &Caller,
        call: ListPolicyVersions,
    ) -> Result<response::ListPolicyVersions, Failure> {
        let name = PolicyRef::new(call.policy_type, &call.policy_name);
        let account = self.own(caller, Action::ListPolicyVersions, name.resource())?;
        let policy = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { Policy::find(&mut *tx, account, name).await })
            })
            .await?;
        let newest_first = policy.body.versions.iter().rev();
        let versions: Result<_, Failure> = newest_first
            .map(|version| policy.body.write_version(version))
            .collect();
        Ok(response::ListPolicyVersions {
            policy_versions: response::PolicyVersions {
                policy_version: versions?,
            },
        })
    }

    /// DeletePolicyVersion.
    pub(crate) async fn delete_policy_version(
        &self,
        caller: &Caller,
        call: DeletePolicyVersion,
    ) -> Result<response::Empty, Failure> {
        let name = PolicyRef::new(PolicyType::Custom, &call.policy_name);
        let account = self.own(caller, Action::DeletePolicyVersion, name.resource())?;
        let now = self.now();
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut policy = Policy::find(tx, account, name).await?;
                let id = policy.body.version(call.version_id)?.id;
                if id == policy.body.default {
                    return Err(refusal(
                        ErrorCode::PolicyVersionDefault,
                        "The default version goes with its policy only.",
                    ));
                }
                policy.body.versions.retain(|own| own.id != id);
                policy.body.updated = now.as_millisecond();
                documents::update(tx, account, &policy).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// UpdatePolicyDescription.
    pub(crate) async fn update_policy_description(
        &self,
        caller: &Caller,
        call: UpdatePolicyDescription,
    ) -> Result<response::PolicyAnswer, Failure> {
        let name = PolicyRef::new(PolicyType::Custom, &call.policy_name);
        let account = self.own(caller, Action::UpdatePolicyDescription, name.resource())?;
        let now = self.now();
        let call = &call;
        let policy = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut policy = Policy::find(tx, account, name).await?;
                    policy.body.description.clone_from(&call.new_description);
                    policy.body.updated = now.as_millisecond();
                    documents::update(tx, account, &policy).await?;
                    Ok::<_, Failure>(policy)
                })
            })
            .await?;
        let mut policy = policies::summary(PolicyType::Custom, &policy, &[])?;
        policy.attachment_count = None;
        Ok(response::PolicyAnswer { policy })
    }

    /// SetDefaultPolicyVersion.
    pub(crate) async fn set_default_version(
        &self,
        caller: &Caller,
        call: SetDefaultPolicyVersion,
    ) -> Result<response::Empty, Failure> {
        let name = PolicyRef::new(PolicyType::Custom, &call.policy_name);
        let account = self.own(caller, Action::SetDefaultPolicyVersion, name.resource())?;
        let now = self.now();
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut policy = Policy::find(tx, account, name).await?;
                policy.body.default = policy.body.version(call.version_id)?.id;
                policy.body.updated = now.as_millisecond();
                documents::update(tx, account, &policy).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }
}

// === impl Policy ===

impl Policy {
    fn version(&self, id: PolicyVersionId) -> Result<&Version, Failure> {
        self.versions
            .iter()
            .find(|own| own.id == id.0)
            .ok_or_else(|| {
                refusal(
                    ErrorCode::PolicyVersionNotFound,
                    "The policy version does not exist.",
                )
            })
    }

    pub(super) fn write_version(
        &self,
        version: &Version,
    ) -> Result<response::PolicyVersion, Failure> {
        Ok(response::PolicyVersion {
            version_id: PolicyVersionId(version.id).to_string(),
            is_default_version: version.id == self.default,
            policy_document: version.document.clone(),
            create_date: write_moment(version.created, Self::KIND.as_str())?,
        })
    }
}

fn too_many() -> Failure {
    refusal(
        ErrorCode::PolicyVersionLimit,
        &format!("A policy has at most {MOST_VERSIONS} versions."),
    )
}
