//! What things are called in `dev`.

/// The region that `dev` answers as: the agent's default.
pub(super) const REGION: &str = "cn-hangzhou";

/// Its one KMS instance.
pub(super) const INSTANCE: &str = "kst-dev0000000000000001";

/// Its one RAM user.
pub(super) const USER: &str = "dev";
