//! What a rule says of a resource: of this, and the time, alone. The bounds are those of
//! reference accesskey §5.1. What is not published there was decided so: a key that was never
//! used counts from when it was made; disabled keys do not sign, so their age does not matter;
//! a user without keys is as it should be; the old key of a rotation under way does not
//! count, for it goes by itself.

use jiff::{SignedDuration, Timestamp};
use kms_store::RotationState;
use kms_types::AccessKeyId;
use kms_wire::request::ComplianceType;

use super::{
    annotation::{Annotation, ago, begun_days, full_days},
    inventory::{Is, Key, Resource},
    kind::{Days, Kind},
};

/// What a rule says of a resource.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Verdict {
    pub(super) compliance: ComplianceType,
    pub(super) annotation: Annotation,
}

/// What the rule says of the resource at that time.
pub(super) fn evaluate(kind: Kind, resource: &Resource, now: Timestamp) -> Verdict {
    match (kind, &resource.is) {
        (Kind::Used(days), Is::User { keys }) => used(keys, days, now),
        (Kind::Rotated(days), Is::User { keys }) => rotated(keys, days, now),
        (Kind::Quantity(days), Is::User { keys }) => quantity(keys, days, now),
        (Kind::NoneDisabled, Is::User { keys }) => none_disabled(keys),
        (Kind::SecretRotates, Is::Secret { can_rotate, state }) => rotates(*can_rotate, *state),
        (_, _) => Verdict {
            compliance: ComplianceType::NotApplicable,
            annotation: Annotation::default(),
        },
    }
}

/// Idle for less than so many days.
fn used(keys: &[Key], days: Days, now: Timestamp) -> Verdict {
    let idle = |key: &Key| ago(key.last_used.unwrap_or(key.created), now);
    let (worst, left_out) = worst(keys, idle);
    let annotation = match worst {
        None => Annotation::of_keys().with("", "Less", days.count().to_string()),
        Some((key, idle)) => {
            let field = if key.last_used.is_some() {
                "LastUsedDate"
            } else {
                "CreateDate"
            };
            Annotation::of_key(&key.id, field).with(
                full_days(idle).to_string(),
                "Less",
                days.count().to_string(),
            )
        }
    };
    Verdict {
        compliance: if worst.is_none_or(|(_, idle)| idle < days.length()) {
            ComplianceType::Compliant
        } else {
            ComplianceType::NonCompliant
        },
        annotation: annotation.but_for(&left_out),
    }
}

/// At most so many days old.
fn rotated(keys: &[Key], days: Days, now: Timestamp) -> Verdict {
    let (worst, left_out) = worst(keys, |key| ago(key.created, now));
    let annotation = match worst {
        None => Annotation::of_keys().with("", "LessOrEquals", days.count().to_string()),
        Some((key, age)) => Annotation::of_key(&key.id, "CreateDate").with(
            begun_days(age).to_string(),
            "LessOrEquals",
            days.count().to_string(),
        ),
    };
    Verdict {
        compliance: if worst.is_none_or(|(_, age)| age <= days.length()) {
            ComplianceType::Compliant
        } else {
            ComplianceType::NonCompliant
        },
        annotation: annotation.but_for(&left_out),
    }
}

/// Fewer than two active keys that are older than so many days.
fn quantity(keys: &[Key], days: Days, now: Timestamp) -> Verdict {
    let is_old = |key: &&Key| key.is_active && ago(key.created, now) > days.length();
    let old: Vec<&Key> = keys.iter().filter(is_old).collect();
    let (leaving, old): (Vec<&Key>, Vec<&Key>) = old.into_iter().partition(|key| key.is_leaving);
    let is_fine = old.len() < 2;
    let oldest = old.iter().min_by_key(|key| (key.created, &key.id));
    let about = match oldest {
        Some(key) if !is_fine => Annotation::of_key(&key.id, "Status"),
        _ => Annotation::of_keys(),
    };
    let left_out: Vec<_> = leaving.iter().map(|key| &key.id).collect();
    Verdict {
        compliance: compliant(is_fine),
        annotation: about
            .with(old.len().to_string(), "Less", "2")
            .but_for(&left_out),
    }
}

/// No disabled key that nobody deletes.
fn none_disabled(keys: &[Key]) -> Verdict {
    let disabled: Vec<&Key> = keys.iter().filter(|key| !key.is_active).collect();
    let (leaving, left): (Vec<&Key>, Vec<&Key>) =
        disabled.into_iter().partition(|key| key.is_leaving);
    let about = match left.iter().min_by_key(|key| (key.created, &key.id)) {
        None => Annotation::of_keys().with("", "StringEquals", "Active"),
        Some(key) => {
            Annotation::of_key(&key.id, "Status").with("Inactive", "StringEquals", "Active")
        }
    };
    let left_out: Vec<_> = leaving.iter().map(|key| &key.id).collect();
    Verdict {
        compliance: compliant(left.is_empty()),
        annotation: about.but_for(&left_out),
    }
}

/// Rotates by itself, if its type can.
fn rotates(can_rotate: bool, state: RotationState) -> Verdict {
    let annotation = Annotation {
        property: "$.AutomaticRotation".to_owned(),
        ..Annotation::default()
    };
    Verdict {
        compliance: if can_rotate {
            compliant(state == RotationState::Enabled)
        } else {
            ComplianceType::NotApplicable
        },
        annotation: annotation.with(state.as_str(), "StringEquals", "Enabled"),
    }
}

/// The key for which that is longest, of those that count; and those that do not because they
/// are leaving.
fn worst(
    keys: &[Key],
    measure: impl Fn(&Key) -> SignedDuration,
) -> (Option<(&Key, SignedDuration)>, Vec<&AccessKeyId>) {
    let active = || keys.iter().filter(|key| key.is_active);
    let worst = active()
        .filter(|key| !key.is_leaving)
        .map(|key| (key, measure(key)))
        .max_by(|(one, by), (other, than)| by.cmp(than).then_with(|| other.id.cmp(&one.id)));
    let leaving = active().filter(|key| key.is_leaving);
    (worst, leaving.map(|key| &key.id).collect())
}

fn compliant(is_fine: bool) -> ComplianceType {
    if is_fine {
        ComplianceType::Compliant
    } else {
        ComplianceType::NonCompliant
    }
}

#[cfg(test)]
mod tests;
