use kms_types::ErrorCode;
use kms_wire::ApiError;

use crate::failure::Failure;

/// `ConfigRuleNotExists`.
pub(super) fn no_rule() -> Failure {
    let message = "The ConfigRule does not exist.";
    ApiError::new(ErrorCode::ConfigRuleNotFound, message).into()
}

/// `ConfigRuleExists`.
pub(super) fn rule_exists() -> Failure {
    let message = "The ConfigRule already exists.";
    ApiError::new(ErrorCode::ConfigRuleExists, message).into()
}

/// `ExceedMaxRuleCount`.
pub(super) fn too_many_rules() -> Failure {
    let message = "The maximum number of rules is exceeded.";
    ApiError::new(ErrorCode::ConfigRuleLimit, message).into()
}
