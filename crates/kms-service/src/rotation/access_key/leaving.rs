use kms_store::RotationRecord;
use kms_types::AccessKeyId;

use super::{Body, Step};
use crate::{
    failure::Failure,
    rotation::journal::{Engine, Kind},
};

/// The AccessKeys that the rotation has put another one in the place of, and that it deletes
/// when their time is over; none before, and none when it is over.
///
/// # Errors
/// `Document` if the row is damaged.
pub(crate) fn leaving(row: &RotationRecord) -> Result<Vec<AccessKeyId>, Failure> {
    let is_promoted = matches!(
        Step::parse(&row.step),
        Some(Step::Drain | Step::Deactivate | Step::Delete)
    );
    if row.finished.is_some() || Kind::of(row)?.engine != Engine::AccessKey || !is_promoted {
        return Ok(Vec::new());
    }
    let body = Body::parse(&row.body)?;
    let mut leaving = body.leftovers;
    leaving.extend(body.old_key);
    Ok(leaving)
}

/// The user, the AccessKey that is or was replaced, and the one in its place; ids alone, and
/// empty where there is none.
///
/// # Errors
/// `Document` if the row is damaged.
pub(in crate::rotation) fn told_of(row: &RotationRecord) -> Result<[String; 3], Failure> {
    let body = Body::parse(&row.body)?;
    let id = |id: Option<AccessKeyId>| id.map_or_else(String::new, |id| id.to_string());
    Ok([body.user.to_string(), id(body.old_key), id(body.new_key)])
}
