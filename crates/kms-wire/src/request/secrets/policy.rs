use kms_types::SecretRef;

use crate::request::keys::operations;

operations! {
    /// Reads a secret's policy.
    GetSecretPolicy -> SecretPolicy {
        /// Which secret.
        secret_name: SecretRef = "SecretName",
        /// There is one, `default`.
        policy_name: Option<String> = "PolicyName",
    }

    /// Sets a secret's policy.
    SetSecretPolicy -> Empty {
        /// Which secret.
        secret_name: SecretRef = "SecretName",
        /// The policy, as JSON.
        policy: String = "Policy",
        /// There is one, `default`.
        policy_name: Option<String> = "PolicyName",
    }
}
