use kms_store::{Tagged, Tx};
use kms_wire::Action;

use super::Resource;
use crate::{
    Caller, Service,
    failure::Failure,
    policy::{self, Context},
};

/// What is known about the resource of a call besides its name, and about the call itself.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Facts<'a> {
    /// The policy of the secret or key itself.
    pub(crate) policy: Option<&'a policy::Document>,
    /// The tags it has: `kms:tag/<key>` and `acs:ResourceTag/<key>` in conditions.
    pub(crate) tags: &'a [(String, String)],
    /// The tags that the call gives it: `acs:RequestTag/<key>`.
    pub(crate) request_tags: &'a [(String, String)],
}

/// What the store says of a secret or key that was found.
pub(crate) struct Found<'a> {
    /// Its own policy; empty if it has none.
    pub(crate) policy: &'a str,
    /// Whose tags.
    pub(crate) tagged: Tagged,
}

impl Service {
    /// As [`Service::decide`], with the policy and the tags of a secret or key, if there is
    /// one, and with the tags that the call gives it. Tags are read only where a policy looks
    /// at them.
    ///
    /// # Errors
    /// As there.
    pub(crate) async fn decide_on(
        &self,
        tx: &mut dyn Tx,
        caller: &Caller,
        action: Action,
        resource: Resource<'_>,
        found: Option<Found<'_>>,
        request_tags: &[(String, String)],
    ) -> Result<(), Failure> {
        let Some(found) = found else {
            let facts = Facts {
                request_tags,
                ..Facts::default()
            };
            return Ok(self.decide(caller, action, resource, &facts)?);
        };
        let policy = self.policies().of_resource(found.policy)?;
        let policy = policy.as_deref();
        let looks_at_tags =
            caller.principal.looks_at_tags() || policy.is_some_and(policy::Document::looks_at_tags);
        let tags = if looks_at_tags {
            tx.tags().of(&found.tagged).await?
        } else {
            Vec::new()
        };
        let tags: Vec<(String, String)> =
            tags.into_iter().map(|tag| (tag.key, tag.value)).collect();
        let facts = Facts {
            policy,
            tags: &tags,
            request_tags,
        };
        Ok(self.decide(caller, action, resource, &facts)?)
    }
}

// === impl Facts ===

impl Facts<'_> {
    /// Adds what conditions may look at.
    pub(super) fn describe(&self, context: &mut Context<'_>) {
        for (key, value) in self.tags {
            for prefix in [policy::KMS_TAG, policy::RESOURCE_TAG] {
                context.insert(format!("{prefix}{key}").into(), vec![value.clone()]);
            }
        }
        for (key, value) in self.request_tags {
            let key = format!("{}{key}", policy::REQUEST_TAG);
            context.insert(key.into(), vec![value.clone()]);
        }
    }
}
