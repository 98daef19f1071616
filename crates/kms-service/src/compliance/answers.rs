//! What a rule says of all that it is about: of this, of what it said before, and the time,
//! alone.

use jiff::Timestamp;
use kms_wire::request::ComplianceType;

use super::{
    annotation::Annotation,
    evaluate::evaluate,
    inventory::{Inventory, Resource},
    kind::Kind,
    reading::Unread,
    results::{Found, Results},
    rule::Rule,
    scope,
};

/// What it says now, by resource. Of what cannot be read it says what it said before, if it
/// was asked the same, and when that was; else that nothing is known.
pub(super) fn answers(
    rule: &Rule,
    kind: Kind,
    inventory: &Inventory,
    before: Option<&Results>,
    now: Timestamp,
) -> Vec<Found> {
    let question = rule.question();
    // Results of former versions do not say what they are answers to.
    let is_same = |before: &&Results| before.question.is_empty() || before.question == question;
    let in_scope = inventory.resources.iter();
    let in_scope = in_scope.filter(|resource| scope::contains(&rule.scope, resource));
    in_scope
        .map(|resource| match &inventory.unread {
            Some(unread) if resource.is_elsewhere => {
                let before = before.filter(is_same);
                let former = before.and_then(|before| {
                    let known = of(before, resource)?;
                    Some((known, known.at.unwrap_or(before.invoked)))
                });
                kept(resource, former, unread)
            }
            _ => fresh(kind, resource, before, now),
        })
        .collect()
}

/// Those that were not non-compliant before.
pub(super) fn news<'a>(
    found: &'a [Found],
    before: Option<&'a Results>,
) -> impl Iterator<Item = &'a Found> {
    found.iter().filter(move |one| {
        let was_known = before.is_some_and(|before| {
            let mut known = before.found.iter();
            known.any(|known| known.id == one.id && known.since.is_some())
        });
        one.since.is_some() && !was_known
    })
}

fn fresh(kind: Kind, resource: &Resource, before: Option<&Results>, now: Timestamp) -> Found {
    let verdict = evaluate(kind, resource, now);
    let known = before.and_then(|before| of(before, resource));
    let since = known.and_then(|known| known.since);
    let is_red = verdict.compliance == ComplianceType::NonCompliant;
    Found {
        since: is_red.then(|| since.unwrap_or_else(|| now.as_millisecond())),
        id: resource.id.clone(),
        name: resource.name.clone(),
        region: resource.region.clone(),
        group: resource.group.clone(),
        compliance: verdict.compliance,
        annotation: verdict.annotation,
        at: None,
        note: None,
    }
}

fn kept(resource: &Resource, former: Option<(&Found, i64)>, unread: &Unread) -> Found {
    match former {
        Some((former, at)) if former.compliance != ComplianceType::InsufficientData => Found {
            at: Some(at),
            note: Some(unread.note(Some(at))),
            ..former.clone()
        },
        _ => Found {
            since: None,
            id: resource.id.clone(),
            name: resource.name.clone(),
            region: resource.region.clone(),
            group: resource.group.clone(),
            compliance: ComplianceType::InsufficientData,
            annotation: Annotation::default(),
            at: None,
            note: Some(unread.note(None)),
        },
    }
}

fn of<'a>(before: &'a Results, resource: &Resource) -> Option<&'a Found> {
    let mut known = before.found.iter();
    known.find(|known| known.id == resource.id)
}
