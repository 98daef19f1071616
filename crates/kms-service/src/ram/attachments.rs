//! Who has which policy.

use jiff::Timestamp;
use kms_store::Mode;
use kms_types::{PolicyName, RoleArn};
use kms_wire::{
    Action,
    request::{ListEntitiesForPolicy, PolicyType},
    response,
};
use serde::{Deserialize, Serialize};

use super::{
    holders::{Held, Holder},
    policies::Policy,
    policy_resource, refusal,
    system::ADMINISTRATOR,
    write_moment,
};
use crate::{Caller, Service, authorise::Resource, failure::Failure};

/// That somebody has a policy.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Attachment {
    /// Whose policy.
    pub(crate) policy_type: PolicyType,
    /// The policy's name.
    pub(crate) name: String,
    /// Milliseconds since 1970.
    since: i64,
}

/// A policy by its full name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PolicyRef<'a> {
    pub(crate) policy_type: PolicyType,
    pub(crate) name: &'a PolicyName,
}

/// RAM's own quotas for each kind of holder.
const SYSTEM_POLICIES: usize = 20;
const CUSTOM_POLICIES: usize = 10;

impl Service {
    /// AttachPolicyToGroup, -Role, -User: a right on the holder and one on the policy.
    pub(crate) async fn attach_policy(
        &self,
        caller: &Caller,
        action: Action,
        holder: Holder<'_>,
        policy: PolicyRef<'_>,
    ) -> Result<response::Empty, Failure> {
        let account = self.own(caller, action, holder.resource())?;
        self.authorise(caller, action, policy.resource())?;
        let now = self.now();
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut held = holder.load(tx, account).await?;
                Policy::find(tx, account, policy).await?;
                let codes = held.codes();
                let own = held.policies_mut();
                if own.iter().any(|own| own.is(policy)) {
                    return Err(refusal(codes.exists, "The policy is attached already."));
                }
                let most = match policy.policy_type {
                    PolicyType::Custom => CUSTOM_POLICIES,
                    PolicyType::System => SYSTEM_POLICIES,
                };
                let alike = own
                    .iter()
                    .filter(|own| own.policy_type == policy.policy_type);
                if alike.count() >= most {
                    return Err(refusal(
                        codes.limit,
                        &format!("At most {most} policies of this type can be attached."),
                    ));
                }
                own.push(Attachment::new(policy.policy_type, policy.name, now));
                held.save(tx, account).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// DetachPolicyFromGroup, -Role, -User.
    pub(crate) async fn detach_policy(
        &self,
        caller: &Caller,
        action: Action,
        holder: Holder<'_>,
        policy: PolicyRef<'_>,
    ) -> Result<response::Empty, Failure> {
        let account = self.own(caller, action, holder.resource())?;
        self.authorise(caller, action, policy.resource())?;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut held = holder.load(tx, account).await?;
                Policy::find(tx, account, policy).await?;
                let codes = held.codes();
                let own = held.policies_mut();
                let before = own.len();
                own.retain(|own| !own.is(policy));
                if own.len() == before {
                    return Err(refusal(codes.missing, "The policy is not attached."));
                }
                held.save(tx, account).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// ListPoliciesForGroup, -Role, -User.
    pub(crate) async fn policies_of(
        &self,
        caller: &Caller,
        action: Action,
        holder: Holder<'_>,
    ) -> Result<response::ListAttachedPolicies, Failure> {
        let account = self.own(caller, action, holder.resource())?;
        let policy = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let held = holder.load(tx, account).await?;
                    let mut policies = Vec::with_capacity(held.policies().len());
                    for own in held.policies() {
                        let policy = Policy::of_attachment(tx, account, own).await?;
                        policies.push(response::AttachedPolicy {
                            policy_name: own.name.clone(),
                            policy_type: own.policy_type.as_str().to_owned(),
                            description: policy.description.clone(),
                            default_version: policy.default_version().to_string(),
                            attach_date: own.write_since()?,
                        });
                    }
                    Ok::<_, Failure>(policies)
                })
            })
            .await?;
        Ok(response::ListAttachedPolicies {
            policies: response::RamPolicies { policy },
        })
    }

    /// ListEntitiesForPolicy.
    pub(crate) async fn entities_for_policy(
        &self,
        caller: &Caller,
        call: ListEntitiesForPolicy,
    ) -> Result<response::ListEntitiesForPolicy, Failure> {
        let policy = PolicyRef::new(call.policy_type, &call.policy_name);
        let account = self.own(caller, Action::ListEntitiesForPolicy, policy.resource())?;
        let all = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    Policy::find(&mut *tx, account, policy).await?;
                    Held::all(&mut *tx, account).await
                })
            })
            .await?;
        let mut answer = response::ListEntitiesForPolicy::default();
        for held in all {
            let Some(own) = held.policies().iter().find(|own| own.is(policy)) else {
                continue;
            };
            let attach_date = own.write_since()?;
            match held {
                Held::Group(group) => answer.groups.group.push(response::GroupWithPolicy {
                    group_name: group.name,
                    comments: group.body.comments,
                    attach_date,
                }),
                Held::Role(role) => answer.roles.role.push(response::RoleWithPolicy {
                    arn: RoleArn {
                        account: account.clone(),
                        name: role
                            .name
                            .parse()
                            .map_err(|_not_a_name| Failure::Document("role"))?,
                    }
                    .to_string(),
                    role_id: role.body.id,
                    role_name: role.name,
                    description: role.body.description,
                    attach_date,
                }),
                Held::User(user, profile) => answer.users.user.push(response::UserWithPolicy {
                    user_id: user.id,
                    user_name: user.name,
                    display_name: profile.body.display_name,
                    attach_date,
                }),
            }
        }
        Ok(answer)
    }
}

// === impl Attachment ===

impl Attachment {
    pub(crate) fn new(policy_type: PolicyType, name: &PolicyName, now: Timestamp) -> Self {
        Self {
            policy_type,
            name: name.to_string(),
            since: now.as_millisecond(),
        }
    }

    /// Of the policy that allows everything.
    pub(crate) fn administrator(now: Timestamp) -> Self {
        Self {
            policy_type: PolicyType::System,
            name: ADMINISTRATOR.to_owned(),
            since: now.as_millisecond(),
        }
    }

    pub(super) fn is(&self, policy: PolicyRef<'_>) -> bool {
        self.policy_type == policy.policy_type && self.name == policy.name.as_str()
    }

    fn write_since(&self) -> Result<String, Failure> {
        write_moment(self.since, "attachment")
    }
}

// === impl PolicyRef ===

impl<'a> PolicyRef<'a> {
    pub(crate) fn new(policy_type: PolicyType, name: &'a PolicyName) -> Self {
        Self { policy_type, name }
    }

    pub(super) fn resource(self) -> Resource<'a> {
        match self.policy_type {
            PolicyType::Custom => policy_resource(self.name),
            PolicyType::System => Resource::SystemPolicy(self.name.as_str()),
        }
    }
}
