//! That nothing is double and nothing left over, by what the store holds and by calls.

use std::{fs, path::PathBuf};

use kms_client::{
    SecretRef,
    request::{GetCallerIdentity, GetSecretValue},
};
use kms_store::{Mode, PostgresStore, RotationRecord, StoreError, run_tx};
use kms_types::VersionStage;
use serde_json::Value;

use crate::{due::Hosted, fill::connect};

/// What there is when all is over.
#[derive(Default)]
pub(crate) struct Left {
    /// Rotations of all secrets.
    pub(crate) rotations: usize,
    /// Those of them that something is written of as having gone wrong.
    pub(crate) failed: usize,
    /// Those of them that are not over.
    pub(crate) unfinished: usize,
    /// AccessKeys of users that no secret knows.
    pub(crate) surplus_keys: usize,
}

/// Values that are read and used, of all.
const SAMPLE: usize = 100;

/// The most AccessKeys that a user has now.
pub(crate) async fn keys_of_users(store: &PostgresStore, hosted: &[Hosted]) -> usize {
    let mut most = 0;
    for one in hosted {
        most = most.max(keys(store, one).await);
    }
    most
}

/// That current values sign calls of their user.
pub(crate) async fn signs(address: &str, access_keys: &[PathBuf], hosted: &[Hosted]) {
    let step = (hosted.len() / SAMPLE).max(1);
    let admins: Vec<_> = access_keys
        .iter()
        .map(|file| connect(address, &fs::read_to_string(file).expect("an AccessKey")))
        .collect();
    let mut accounts = std::collections::BTreeMap::new();
    for admin in &admins {
        let who = admin.call(&GetCallerIdentity {}).await.expect("who it is");
        accounts.insert(who.account_id, admin);
    }
    for one in hosted.iter().step_by(step) {
        let admin = accounts
            .get(one.account.as_str())
            .expect("the account's administrator");
        let name: SecretRef = one.name.as_str().parse().expect("a name");
        let value = admin
            .call(&GetSecretValue::new(name))
            .await
            .expect("a value")
            .secret_data;
        // EXPOSE: into the signer.
        let value: Value = serde_json::from_str(value.expose()).expect("JSON");
        let half = |name: &str| {
            value
                .get(name)
                .and_then(Value::as_str)
                .expect("both halves")
                .to_owned()
        };
        let lines = format!(
            "ALIBABA_CLOUD_ACCESS_KEY_ID={}\nALIBABA_CLOUD_ACCESS_KEY_SECRET={}\n",
            half("AccessKeyId"),
            half("AccessKeySecret")
        );
        let who = connect(address, &lines)
            .call(&GetCallerIdentity {})
            .await
            .expect("the current key signs");
        let user = one.name.as_str().rsplit('/').next().unwrap_or_default();
        assert!(
            who.arn.ends_with(&format!("user/{user}")),
            "whose key it is"
        );
    }
}

/// What there is besides one key of each user, which is the current one, and one rotation of
/// each secret, which is over.
pub(crate) async fn leftovers(store: &PostgresStore, hosted: &[Hosted]) -> Left {
    let mut left = Left::default();
    for one in hosted {
        let rotations = rotations(store, one).await;
        left.rotations += rotations.len();
        left.failed += rotations.iter().filter(|one| !one.error.is_empty()).count();
        left.unfinished += rotations
            .iter()
            .filter(|one| one.finished.is_none())
            .count();
        left.surplus_keys += keys(store, one).await.saturating_sub(1);
    }
    left
}

async fn rotations(store: &PostgresStore, one: &Hosted) -> Vec<RotationRecord> {
    run_tx(store, Mode::Read, |mut tx| {
        Box::pin(async move { tx.rotations().of_secret(one.id, 10).await })
    })
    .await
    .expect("the journal")
}

async fn keys(store: &PostgresStore, one: &Hosted) -> usize {
    let name = one.name.as_str().rsplit('/').next().unwrap_or_default();
    run_tx(store, Mode::Read, |mut tx| {
        Box::pin(async move {
            let user = tx.users().find_by_name(&one.account, name).await?;
            let user = user.expect("the user");
            let keys = tx.access_keys().of_user(&user.id).await?;
            let current = VersionStage::current();
            let version = tx.versions().find_by_stage(one.id, &current).await?;
            assert!(version.is_some(), "{name} has a current version");
            Ok::<_, StoreError>(keys.len())
        })
    })
    .await
    .expect("a user's keys")
}
