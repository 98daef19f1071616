use kms_types::{InstanceId, KeyRef, KeyVersionId};

use super::operations;
use crate::request::param::{KeyRotationInterval, Switch, Within};

operations! {
    /// Takes a key back from deletion; it is enabled then.
    CancelKeyDeletion -> Empty {
        /// Which key.
        key: KeyRef = "KeyId",
    }

    /// Makes a new version, under which is encrypted from then on.
    CreateKeyVersion -> KeyVersion {
        /// Which key.
        key: KeyRef = "KeyId",
    }

    /// Reads what a key is.
    DescribeKey -> DescribeKey {
        /// Which key.
        key: KeyRef = "KeyId",
    }

    /// Reads when a version was made.
    DescribeKeyVersion -> KeyVersion {
        /// Which key.
        key: KeyRef = "KeyId",
        /// Which version of it.
        version: KeyVersionId = "KeyVersionId",
    }

    /// Makes a key refuse everything until it is enabled.
    DisableKey -> Empty {
        /// Which key.
        key: KeyRef = "KeyId",
    }

    /// Makes a disabled key work again.
    EnableKey -> Empty {
        /// Which key.
        key: KeyRef = "KeyId",
    }

    /// Reads a key's policy.
    GetKeyPolicy -> KeyPolicy {
        /// Which key.
        key: KeyRef = "KeyId",
        /// There is one, `default`.
        policy_name: Option<String> = "PolicyName",
    }

    /// Plans a key's deletion.
    ScheduleKeyDeletion -> Empty {
        /// Which key.
        key: KeyRef = "KeyId",
        /// In so many days.
        pending_window_days: Within<7, 366> = "PendingWindowInDays",
    }

    /// Makes a key refuse its deletion, or no longer.
    SetDeletionProtection -> Empty {
        /// Which key, by ARN, as the cloud's old clients name it.
        protected_arn: Option<KeyRef> = "ProtectedResourceArn",
        /// Which key, otherwise.
        key: Option<KeyRef> = "KeyId",
        /// Or which instance.
        instance: Option<InstanceId> = "KmsInstanceId",
        /// Whether it is protected.
        enabled: Switch = "EnableDeletionProtection",
        /// Why, for people.
        description: Option<String> = "DeletionProtectionDescription",
    }

    /// Sets a key's policy.
    SetKeyPolicy -> Empty {
        /// Which key.
        key: KeyRef = "KeyId",
        /// The policy, as JSON.
        policy: String = "Policy",
        /// There is one, `default`.
        policy_name: Option<String> = "PolicyName",
    }

    /// Says anew what a key is for.
    UpdateKeyDescription -> Empty {
        /// Which key.
        key: KeyRef = "KeyId",
        /// For people; absent takes it away.
        description: Option<String> = "Description",
    }

    /// Lets a key rotate by itself, or no longer.
    UpdateRotationPolicy -> Empty {
        /// Which key.
        key: KeyRef = "KeyId",
        /// Whether it rotates.
        enabled: Switch = "EnableAutomaticRotation",
        /// How often.
        interval: Option<KeyRotationInterval> = "RotationInterval",
    }
}
