use jiff::Timestamp;
use kms_store::{DocumentKind, Mode, Tx};
use kms_types::{AccountId, ErrorCode};
use kms_wire::{
    Action, ApiError,
    request::{
        GetPolicy, PolicyType, PolicyVersionId, RamCreatePolicy, RamDeletePolicy, RamListPolicies,
    },
    response, write_timestamp,
};
use serde::{Deserialize, Serialize};

use super::{
    Attachment, PolicyRef, holders::Held, part, policy_resource, refusal, system,
    versions::Version, write_moment,
};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Document, Named},
    failure::Failure,
    policy::{self, Kind},
};

/// A policy. The document's name is its name.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Policy {
    pub(super) description: String,
    /// Oldest first; never empty.
    pub(super) versions: Vec<Version>,
    /// Which of them counts.
    pub(super) default: u32,
    /// The last id that was given out.
    pub(super) last: u32,
    /// Milliseconds since 1970.
    pub(super) updated: i64,
}

/// RAM's own quota.
const MOST_POLICIES: u64 = 1_500;

impl Document for Policy {
    const KIND: DocumentKind = DocumentKind::RamPolicy;
}

impl Service {
    /// RAM's CreatePolicy.
    pub(crate) async fn create_ram_policy(
        &self,
        caller: &Caller,
        call: RamCreatePolicy,
    ) -> Result<response::PolicyAnswer, Failure> {
        let resource = policy_resource(&call.policy_name);
        let account = self.own(caller, Action::RamCreatePolicy, resource)?;
        check(&call.policy_document)?;
        let now = self.now();
        let policy = Named {
            name: call.policy_name.to_string(),
            body: Policy {
                description: call.description.unwrap_or_default(),
                versions: vec![Version {
                    id: 1,
                    document: call.policy_document,
                    created: now.as_millisecond(),
                }],
                default: 1,
                last: 1,
                updated: now.as_millisecond(),
            },
            created: now,
        };
        {
            let policy = &policy;
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    // One name, one policy, whosever: a list of names would mislead.
                    let is_taken = system::find(&policy.name).is_some()
                        || documents::look_up::<Policy>(tx, account, &policy.name)
                            .await?
                            .is_some();
                    if is_taken {
                        return Err(refusal(
                            ErrorCode::PolicyExists,
                            "The policy already exists.",
                        ));
                    }
                    if documents::count::<Policy>(tx, account).await? >= MOST_POLICIES {
                        return Err(too_many());
                    }
                    documents::create(tx, account, &policy.name, &policy.body, now).await
                })
            })
            .await?;
        }
        let mut policy = summary(PolicyType::Custom, &policy, &[])?;
        policy.update_date = None;
        policy.attachment_count = None;
        Ok(response::PolicyAnswer { policy })
    }

    /// GetPolicy.
    pub(crate) async fn get_ram_policy(
        &self,
        caller: &Caller,
        call: GetPolicy,
    ) -> Result<response::GetPolicy, Failure> {
        let policy = PolicyRef::new(call.policy_type, &call.policy_name);
        let account = self.own(caller, Action::GetPolicy, policy.resource())?;
        let (found, holders) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let found = Policy::find(&mut *tx, account, policy).await?;
                    let holders = Held::all(&mut *tx, account).await?;
                    Ok::<_, Failure>((found, holders))
                })
            })
            .await?;
        Ok(response::GetPolicy {
            policy: summary(call.policy_type, &found, &holders)?,
            default_policy_version: found.body.write_version(found.body.default()?)?,
        })
    }

    /// RAM's DeletePolicy.
    pub(crate) async fn delete_ram_policy(
        &self,
        caller: &Caller,
        call: RamDeletePolicy,
    ) -> Result<response::Empty, Failure> {
        let policy = PolicyRef::new(PolicyType::Custom, &call.policy_name);
        let account = self.own(caller, Action::RamDeletePolicy, policy.resource())?;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let found = Policy::find(tx, account, policy).await?;
                for mut held in Held::all(tx, account).await? {
                    if !held.policies().iter().any(|own| own.is(policy)) {
                        continue;
                    }
                    if !call.cascading_delete {
                        return Err(refusal(
                            held.codes().conflict,
                            "The policy is still attached.",
                        ));
                    }
                    held.policies_mut().retain(|own| !own.is(policy));
                    held.save(tx, account).await?;
                }
                if found.body.versions.len() > 1 && !call.cascading_delete {
                    return Err(refusal(
                        ErrorCode::PolicyHasVersions,
                        "The policy still has versions besides the default one.",
                    ));
                }
                documents::remove::<Policy>(tx, account, policy.name.as_str()).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// RAM's ListPolicies.
    pub(crate) async fn list_ram_policies(
        &self,
        caller: &Caller,
        call: RamListPolicies,
    ) -> Result<response::RamListPolicies, Failure> {
        let account = self.own(
            caller,
            Action::RamListPolicies,
            Resource::all_in_ram("policy"),
        )?;
        let is_wanted = |kind| call.policy_type.is_none_or(|wanted| wanted == kind);
        let (own, holders) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let own = documents::all::<Policy>(&mut *tx, account).await?;
                    let holders = Held::all(&mut *tx, account).await?;
                    Ok::<_, Failure>((own, holders))
                })
            })
            .await?;
        let mut all: Vec<(PolicyType, Named<Policy>)> = Vec::new();
        if is_wanted(PolicyType::Custom) {
            all.extend(own.into_iter().map(|policy| (PolicyType::Custom, policy)));
        }
        if is_wanted(PolicyType::System) {
            let system = system::all()?;
            all.extend(
                system
                    .into_iter()
                    .map(|policy| (PolicyType::System, policy)),
            );
        }
        let (part, marker) = part(
            all,
            |(kind, policy)| format!("{}/{}", kind.as_str(), policy.name),
            &call.page,
        );
        let policy: Result<_, Failure> = part
            .iter()
            .map(|(kind, policy)| summary(*kind, policy, &holders))
            .collect();
        Ok(response::RamListPolicies {
            is_truncated: marker.is_some(),
            marker,
            policies: response::RamPolicies { policy: policy? },
        })
    }
}

// === impl Policy ===

impl Policy {
    /// # Errors
    /// `EntityNotExist.Policy`.
    pub(super) async fn find(
        tx: &mut dyn Tx,
        account: &AccountId,
        policy: PolicyRef<'_>,
    ) -> Result<Named<Self>, Failure> {
        let name = policy.name.as_str();
        let found = match policy.policy_type {
            PolicyType::Custom => documents::look_up(tx, account, name).await?,
            PolicyType::System => system::find(name).map(system::load).transpose()?,
        };
        found.ok_or_else(|| refusal(ErrorCode::PolicyNotFound, "The policy does not exist."))
    }

    /// # Errors
    /// `Document`: what is attached exists.
    pub(super) async fn of_attachment(
        tx: &mut dyn Tx,
        account: &AccountId,
        attachment: &Attachment,
    ) -> Result<Self, Failure> {
        let damaged = || Failure::Document("attachment");
        let name = attachment.name.parse().map_err(|_not_a_name| damaged())?;
        let policy = PolicyRef::new(attachment.policy_type, &name);
        match Self::find(tx, account, policy).await {
            Ok(found) => Ok(found.body),
            Err(Failure::Refused(_)) => Err(damaged()),
            Err(failure) => Err(failure),
        }
    }

    pub(super) fn default_version(&self) -> PolicyVersionId {
        PolicyVersionId(self.default)
    }

    /// The version that counts, alone.
    pub(super) fn into_default(mut self) -> Result<Version, Failure> {
        self.versions.retain(|own| own.id == self.default);
        self.versions
            .pop()
            .ok_or(Failure::Document(Self::KIND.as_str()))
    }

    /// The version that counts.
    pub(super) fn default(&self) -> Result<&Version, Failure> {
        let default = self.versions.iter().find(|own| own.id == self.default);
        default.ok_or(Failure::Document(Self::KIND.as_str()))
    }
}

/// A document that could not be asked later is not taken.
pub(super) fn check(document: &str) -> Result<(), ApiError> {
    policy::Document::parse(document, Kind::Identity)
        .map(drop)
        .map_err(|reason| ApiError::new(ErrorCode::PolicyMalformed, reason.to_string()))
}

fn too_many() -> Failure {
    refusal(
        ErrorCode::PolicyLimit,
        &format!("An account has at most {MOST_POLICIES} policies of its own."),
    )
}

pub(super) fn summary(
    policy_type: PolicyType,
    policy: &Named<Policy>,
    holders: &[Held],
) -> Result<response::RamPolicy, Failure> {
    let has_it = |held: &&Held| {
        held.policies()
            .iter()
            .any(|own| own.policy_type == policy_type && own.name == policy.name)
    };
    let count = holders.iter().filter(has_it).count();
    Ok(response::RamPolicy {
        policy_name: policy.name.clone(),
        policy_type: policy_type.as_str().to_owned(),
        description: policy.body.description.clone(),
        default_version: policy.body.default_version().to_string(),
        create_date: write_timestamp(policy.created),
        update_date: Some(write_moment(policy.body.updated, Policy::KIND.as_str())?),
        attachment_count: Some(u32::try_from(count).unwrap_or(u32::MAX)),
    })
}

/// For system policies: all in one version.
pub(super) fn of_one_version(
    description: &str,
    version: u32,
    document: &str,
    updated: Timestamp,
) -> Policy {
    Policy {
        description: description.to_owned(),
        versions: vec![Version {
            id: version,
            document: document.to_owned(),
            created: updated.as_millisecond(),
        }],
        default: version,
        last: version,
        updated: updated.as_millisecond(),
    }
}
