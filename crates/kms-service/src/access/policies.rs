use kms_store::{Mode, Page, Tx};
use kms_types::{AccountId, ResourceName};
use kms_wire::{
    Action, ApiError,
    request::{
        AccessControlRules, CreatePolicy, DeletePolicy, DescribePolicy, ListPolicies, UpdatePolicy,
    },
    response,
};

use super::{AccessPoint, AccessPolicy, NetworkRule, Scope, check_exist, in_use, write_list};
use crate::{Caller, Service, authorise::Resource, documents, failure::Failure, instances};

impl Service {
    /// CreatePolicy. Its network rules must exist, and its instance; the keys and secrets
    /// of its resources need not.
    pub(crate) async fn create_policy(
        &self,
        caller: &Caller,
        call: CreatePolicy,
    ) -> Result<response::Policy, Failure> {
        let resource = Resource::policy(&call.name);
        let account = self.own(caller, Action::CreatePolicy, resource)?;
        let now = self.now();
        let policy = AccessPolicy {
            scope: scope(call.kms_instance)?,
            permissions: call.permissions,
            resources: call.resources,
            rules: call.access_control_rules,
            description: call.description.unwrap_or_default(),
        };
        {
            let (name, policy) = (call.name.as_str(), &policy);
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    if let Scope::Instance(id) = &policy.scope {
                        instances::check(tx, account, id.as_str(), now).await?;
                    }
                    check_rules(tx, account, policy).await?;
                    documents::create(tx, account, name, policy, now).await
                })
            })
            .await?;
        }
        Ok(response::Policy {
            arn: self.resource_arn(account, resource),
            name: call.name.to_string(),
            kms_instance: policy.scope.to_string(),
            permissions: write_list(&policy.permissions)?,
            resources: write_list(&policy.resources)?,
            access_control_rules: write_rules(policy.rules),
            description: policy.description,
        })
    }

    /// DescribePolicy.
    pub(crate) async fn describe_policy(
        &self,
        caller: &Caller,
        call: DescribePolicy,
    ) -> Result<response::DescribePolicy, Failure> {
        let resource = Resource::policy(&call.name);
        let account = self.own(caller, Action::DescribePolicy, resource)?;
        let name = call.name.as_str();
        let policy = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(
                    async move { documents::find::<AccessPolicy>(&mut *tx, account, name).await },
                )
            })
            .await?
            .body;
        let permissions = policy.permissions.iter().map(|own| own.as_str().to_owned());
        Ok(response::DescribePolicy {
            arn: self.resource_arn(account, resource),
            name: call.name.to_string(),
            kms_instance: policy.scope.to_string(),
            permissions: permissions.collect(),
            resources: policy.resources.into_iter().map(String::from).collect(),
            access_control_rules: write_rules(policy.rules),
            description: policy.description,
        })
    }

    /// UpdatePolicy.
    pub(crate) async fn update_policy(
        &self,
        caller: &Caller,
        call: UpdatePolicy,
    ) -> Result<response::Empty, Failure> {
        let resource = Resource::policy(&call.name);
        let account = self.own(caller, Action::UpdatePolicy, resource)?;
        let call = &call;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut policy =
                    documents::find::<AccessPolicy>(tx, account, call.name.as_str()).await?;
                if let Some(permissions) = &call.permissions {
                    policy.body.permissions.clone_from(permissions);
                }
                if let Some(resources) = &call.resources {
                    policy.body.resources.clone_from(resources);
                }
                if let Some(rules) = &call.access_control_rules {
                    policy.body.rules = Some(rules.clone());
                    check_rules(tx, account, &policy.body).await?;
                }
                if let Some(description) = &call.description {
                    policy.body.description.clone_from(description);
                }
                documents::update(tx, account, &policy).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// DeletePolicy; refused while an access point names it.
    pub(crate) async fn delete_policy(
        &self,
        caller: &Caller,
        call: DeletePolicy,
    ) -> Result<response::Empty, Failure> {
        let resource = Resource::policy(&call.name);
        let account = self.own(caller, Action::DeletePolicy, resource)?;
        let name = &call.name;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let points = documents::all::<AccessPoint>(tx, account).await?;
                if points
                    .iter()
                    .any(|point| point.body.policies.contains(name))
                {
                    return Err(in_use("an application access point").into());
                }
                documents::remove::<AccessPolicy>(tx, account, name.as_str()).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// ListPolicies.
    pub(crate) async fn list_policies(
        &self,
        caller: &Caller,
        call: ListPolicies,
    ) -> Result<response::ListPolicies, Failure> {
        let account = self.own(caller, Action::ListPolicies, Resource::Account)?;
        let page = Page {
            number: call.page_number,
            size: call.page_size,
        };
        let (policies, total_count) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(
                    async move { documents::page::<AccessPolicy>(&mut *tx, account, page).await },
                )
            })
            .await?;
        let names = policies.into_iter().map(|policy| policy.name);
        Ok(response::ListPolicies {
            policies: response::Policies {
                policy: names.map(|name| response::PolicySummary { name }).collect(),
            },
            page_number: call.page_number,
            page_size: call.page_size,
            total_count,
        })
    }
}

impl AccessPolicy {
    /// The network rules of which one must hold.
    pub(super) fn rule_names(&self) -> &[ResourceName] {
        self.rules
            .as_ref()
            .map(AccessControlRules::network_rules)
            .unwrap_or_default()
    }
}

/// A policy without a scope would be about nothing, whatever the cloud makes of it.
fn scope(kms_instance: Option<String>) -> Result<Scope, ApiError> {
    const NAME: &str = "KmsInstance";
    kms_instance
        .ok_or_else(|| ApiError::missing_parameter(NAME))?
        .try_into()
        .map_err(|_not_an_id| ApiError::invalid_parameter(NAME, "must be shared or kst-…"))
}

async fn check_rules(
    tx: &mut dyn Tx,
    account: &AccountId,
    policy: &AccessPolicy,
) -> Result<(), Failure> {
    check_exist::<NetworkRule>(tx, account, "network rule", policy.rule_names()).await
}

fn write_rules(rules: Option<AccessControlRules>) -> String {
    rules.map(String::from).unwrap_or_default()
}

#[cfg(test)]
mod tests;
