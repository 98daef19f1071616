use std::net::IpAddr;

use kms_store::Tx;
use kms_types::{AccountId, Cidr, ResourceName};
use kms_wire::request::{Permission, ResourcePattern};

use super::{AccessPoint, AccessPolicy, NetworkRule, Scope};
use crate::{Gateway, documents, failure::Failure};

/// What an access point's policies allowed at the moment when the call came in.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Grants(Vec<Grant>);

/// One policy.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Grant {
    scope: Scope,
    permissions: Vec<Permission>,
    resources: Vec<ResourcePattern>,
    /// Calls may come from these; from anywhere if the policy names no rules.
    sources: Option<Vec<Cidr>>,
}

impl Grants {
    /// Whether one policy allows it as a whole: gateway, address, one of the permissions
    /// and the resource, `key/<id>` or `secret/<name>`. Two halves of two policies make
    /// no right (reference accesskey §1, 28).
    pub(crate) fn allow(
        &self,
        gateway: &Gateway,
        source: IpAddr,
        any_of: &[Permission],
        resource: &str,
    ) -> bool {
        self.0.iter().any(|grant| {
            grant.scope.covers(gateway)
                && grant.admits(source)
                && any_of
                    .iter()
                    .any(|wanted| grant.permissions.contains(wanted))
                && grant.resources.iter().any(|own| own.matches(resource))
        })
    }

    /// What the access point's policies say; none if there is no such access point.
    pub(crate) async fn load(
        tx: &mut dyn Tx,
        account: &AccountId,
        access_point: &ResourceName,
    ) -> Result<Option<Self>, Failure> {
        let name = access_point.as_str();
        let Some(point) = documents::look_up::<AccessPoint>(tx, account, name).await? else {
            return Ok(None);
        };
        let mut grants = Vec::with_capacity(point.body.policies.len());
        for name in &point.body.policies {
            let found = documents::look_up::<AccessPolicy>(tx, account, name.as_str()).await?;
            // One that is gone allows nothing.
            let Some(policy) = found else { continue };
            grants.push(Grant {
                sources: sources(tx, account, &policy.body).await?,
                scope: policy.body.scope,
                permissions: policy.body.permissions,
                resources: policy.body.resources,
            });
        }
        Ok(Some(Self(grants)))
    }
}

impl Grant {
    fn admits(&self, source: IpAddr) -> bool {
        self.sources
            .as_ref()
            .is_none_or(|blocks| blocks.iter().any(|block| block.contains(source)))
    }
}

/// The addresses of all rules together. A rule that is gone adds none, and does not make
/// a policy with rules into one without.
async fn sources(
    tx: &mut dyn Tx,
    account: &AccountId,
    policy: &AccessPolicy,
) -> Result<Option<Vec<Cidr>>, Failure> {
    let names = policy.rule_names();
    if names.is_empty() {
        return Ok(None);
    }
    let mut sources = Vec::new();
    for name in names {
        let rule = documents::look_up::<NetworkRule>(tx, account, name.as_str()).await?;
        sources.extend(rule.into_iter().flat_map(|rule| rule.body.sources));
    }
    Ok(Some(sources))
}

#[cfg(test)]
mod tests;
