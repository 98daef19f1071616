use crate::policy::{self, Context};

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
