use kms_store::{Mode, Page};
use kms_types::ResourceName;
use kms_wire::{
    Action,
    request::{
        CreateNetworkRule, DeleteNetworkRule, DescribeNetworkRule, ListNetworkRules,
        UpdateNetworkRule,
    },
    response,
};

use super::{AccessPolicy, NetworkRule, in_use, write_list};
use crate::{Caller, Service, authorise::Resource, documents, failure::Failure};

impl Service {
    /// CreateNetworkRule.
    pub(crate) async fn create_network_rule(
        &self,
        caller: &Caller,
        call: CreateNetworkRule,
    ) -> Result<response::NetworkRule, Failure> {
        let resource = Resource::network_rule(&call.name);
        let account = self.own(caller, Action::CreateNetworkRule, resource)?;
        let now = self.now();
        let rule = NetworkRule {
            kind: call.kind,
            sources: call.source_private_ip,
            description: call.description.unwrap_or_default(),
        };
        {
            let (name, rule) = (call.name.as_str(), &rule);
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move { documents::create(&mut *tx, account, name, rule, now).await })
            })
            .await?;
        }
        Ok(response::NetworkRule {
            arn: self.resource_arn(account, resource),
            name: call.name.to_string(),
            kind: rule.kind.as_str().to_owned(),
            source_private_ip: write_list(&rule.sources)?,
            description: rule.description,
        })
    }

    /// DescribeNetworkRule.
    pub(crate) async fn describe_network_rule(
        &self,
        caller: &Caller,
        call: DescribeNetworkRule,
    ) -> Result<response::DescribeNetworkRule, Failure> {
        let resource = Resource::network_rule(&call.name);
        let account = self.own(caller, Action::DescribeNetworkRule, resource)?;
        let name = call.name.as_str();
        let rule = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(
                    async move { documents::find::<NetworkRule>(&mut *tx, account, name).await },
                )
            })
            .await?
            .body;
        Ok(response::DescribeNetworkRule {
            arn: self.resource_arn(account, resource),
            kind: rule.kind.as_str().to_owned(),
            source_private_ip: write_list(&rule.sources)?,
            description: rule.description,
        })
    }

    /// UpdateNetworkRule.
    pub(crate) async fn update_network_rule(
        &self,
        caller: &Caller,
        call: UpdateNetworkRule,
    ) -> Result<response::Empty, Failure> {
        let resource = Resource::network_rule(&call.name);
        let account = self.own(caller, Action::UpdateNetworkRule, resource)?;
        let call = &call;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut rule =
                    documents::find::<NetworkRule>(tx, account, call.name.as_str()).await?;
                if let Some(sources) = &call.source_private_ip {
                    rule.body.sources.clone_from(sources);
                }
                if let Some(description) = &call.description {
                    rule.body.description.clone_from(description);
                }
                documents::update(tx, account, &rule).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// DeleteNetworkRule; refused while a policy names it.
    pub(crate) async fn delete_network_rule(
        &self,
        caller: &Caller,
        call: DeleteNetworkRule,
    ) -> Result<response::Empty, Failure> {
        let resource = Resource::network_rule(&call.name);
        let account = self.own(caller, Action::DeleteNetworkRule, resource)?;
        let name = &call.name;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let policies = documents::all::<AccessPolicy>(tx, account).await?;
                if policies.iter().any(|policy| policy.body.names_rule(name)) {
                    return Err(in_use("a policy").into());
                }
                documents::remove::<NetworkRule>(tx, account, name.as_str()).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// ListNetworkRules.
    pub(crate) async fn list_network_rules(
        &self,
        caller: &Caller,
        call: ListNetworkRules,
    ) -> Result<response::ListNetworkRules, Failure> {
        let account = self.own(caller, Action::ListNetworkRules, Resource::Account)?;
        let page = Page {
            number: call.page_number,
            size: call.page_size,
        };
        let (rules, total_count) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(
                    async move { documents::page::<NetworkRule>(&mut *tx, account, page).await },
                )
            })
            .await?;
        Ok(response::ListNetworkRules {
            network_rules: response::NetworkRules {
                network_rule: rules
                    .into_iter()
                    .map(|rule| response::NetworkRuleSummary {
                        name: rule.name,
                        kind: rule.body.kind.as_str().to_owned(),
                    })
                    .collect(),
            },
            page_number: call.page_number,
            page_size: call.page_size,
            total_count,
        })
    }
}

impl AccessPolicy {
    fn names_rule(&self, name: &ResourceName) -> bool {
        self.rule_names().contains(name)
    }
}

#[cfg(test)]
mod tests;
