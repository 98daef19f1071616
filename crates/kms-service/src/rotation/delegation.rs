//! What an account gives KMS so that it can rotate AccessKeys: a role that KMS may assume,
//! with a policy of the account's own (reference accesskey §1, row 18).

/// The role. The misspelling is the cloud's.
pub const ROLE: &str = "AliyunKMSManagedRAMCrendentialsRole";

/// The policy that is attached to it.
pub const POLICY: &str = "AliyunKMSManagedRAMCrendentialsRolePolicy";

/// What that policy says: four actions, and no more.
pub const POLICY_DOCUMENT: &str = include_str!("delegation/policy.json");

/// The role's trust policy: KMS, and nobody else.
pub const TRUST_DOCUMENT: &str = include_str!("delegation/trust.json");

/// KMS, as trust policies name it.
pub(crate) const SERVICE: &str = "kms.aliyuncs.com";
