use kms_store::Mode;
use kms_types::ErrorCode;
use serde_json::{Value, json};

use super::*;
use crate::{
    Caller,
    documents::Named,
    events::Event,
    instances::Instance,
    stand::{Stand, account},
};

mod crowds;
mod folders;
mod layers;
mod lists;
mod model;
mod states;
mod vswitches;

pub(crate) const KST: &str = "kst-shared";
pub(crate) const APP: &str = "2234567890123456";
pub(crate) const OTHER: &str = "3234567890123456";

/// An instance of the caller's that lets so many in.
pub(crate) async fn limited(stand: &Stand, id: &str, limit: u32) {
    let body: Instance =
        serde_json::from_value(json!({"status": "Connected", "accesses": limit})).unwrap();
    let (body, account, now) = (&body, &account(), stand.service.now());
    stand
        .service
        .tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let instance = Named {
                    name: id.to_owned(),
                    body: body.clone(),
                    created: now,
                };
                documents::put(&mut *tx, account, &instance).await
            })
        })
        .await
        .unwrap();
}

/// How many the instance lets in now.
pub(crate) async fn used(stand: &Stand, id: &str) -> usize {
    let account = &account();
    stand
        .service
        .tx(Mode::Read, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let instance = documents::find::<Instance>(tx, account, id).await?;
                crate::instances::room(tx, account, &instance).await
            })
        })
        .await
        .unwrap()
        .used
}

/// What the caller's share says of its `Target` or `Resource` of that id.
pub(crate) async fn association(stand: &Stand, share: &str, kind: &str, id: &str) -> Value {
    let named = if kind == "Target" {
        "Target"
    } else {
        "ResourceId"
    };
    let params = [
        ("AssociationType", kind),
        ("ResourceShareIds.1", share),
        (named, id),
    ];
    let listed = stand.call("ListResourceShareAssociations", &params).await;
    let listed = listed.unwrap();
    let all = listed["ResourceShareAssociations"].as_array().unwrap();
    assert_eq!(all.len(), 1, "{kind} {id}: {listed}");
    all[0].clone()
}

pub(crate) async fn status(stand: &Stand, share: &str, target: &str) -> String {
    let found = association(stand, share, "Target", target).await;
    found["AssociationStatus"].as_str().unwrap().to_owned()
}

/// Makes a secret of the caller's own account in the instance.
pub(crate) async fn create(stand: &Stand, caller: &Caller, name: &str) -> Option<ErrorCode> {
    let params = [
        ("SecretName", name),
        ("VersionId", "v1"),
        ("SecretData", "one"),
        ("DKMSInstanceId", KST),
    ];
    let made = stand.call_as(caller, "CreateSecret", &params).await;
    made.err()
}

/// The events of the quota, by when they came.
pub(crate) async fn told(stand: &Stand) -> Vec<String> {
    let account = &account();
    let mut events = stand
        .service
        .tx(Mode::Read, |mut tx| {
            Box::pin(async move { documents::all::<Event>(&mut *tx, account).await })
        })
        .await
        .unwrap();
    events.retain(|event| event.body.resource == format!("keystore/{KST}"));
    events.sort_by(|a, b| (a.created, &a.body.name).cmp(&(b.created, &b.body.name)));
    events.into_iter().map(|event| event.body.name).collect()
}
