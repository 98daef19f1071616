//! Rotations of hosted AccessKeys, with a RAM that does as it is told and a clock that is
//! moved by hand.

use std::sync::Arc;

use kms_store::{KeyStatus, Mode};
use kms_types::{AccountId, ErrorCode};
use serde_json::{Value, json};

use crate::{
    Ram, RamError, Rams, Rotation, RotationEvent, RotationNews, secrets::Credential, stand::Stand,
};

mod disk;
mod fake;
mod happy;
mod health;
mod hosting;
mod invariants;
mod leaks;
mod readers;
mod recovery;
mod storm;

pub(super) use fake::{FakeRam, Fault, Op};

const NAME: &str = "acs/ram/user/app";
const CONFIG: &str = r#"{"SecretSubType":"RamUserAccessKey","UserName":"app"}"#;

/// What was told of rotations.
pub(super) type News = Arc<std::sync::Mutex<Vec<Told>>>;

/// One thing of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Told {
    pub(super) version: String,
    pub(super) event: RotationEvent,
    pub(super) old_key: Option<String>,
    pub(super) new_key: Option<String>,
    pub(super) reason: String,
}

/// A server, its RAM and what it told.
pub(super) struct World {
    pub(super) stand: Stand,
    pub(super) ram: FakeRam,
    pub(super) news: News,
}

struct One(FakeRam);

impl Rams for One {
    fn of(&self, _account: &AccountId) -> Option<Arc<dyn Ram>> {
        Some(Arc::new(self.0.clone()))
    }
}

impl World {
    /// With a secret that hosts the one key of the user `app`.
    pub(super) async fn new() -> Self {
        Self::with(|_rotation| {}, &[]).await
    }

    /// The same, rotated otherwise, and made with further parameters.
    pub(super) async fn with(change: impl FnOnce(&mut Rotation), more: &[(&str, &str)]) -> Self {
        let world = Self::empty(change).await;
        let key = world.ram.give("app");
        let data = json!({"AccessKeys": [{"AccessKeyId": key.0, "AccessKeySecret": key.1}]});
        world.host(CONFIG, &data, more).await.unwrap();
        world.ram.forget_calls();
        world
    }

    /// Without any secret.
    pub(super) async fn empty(change: impl FnOnce(&mut Rotation)) -> Self {
        Self::over(Stand::new().await, change)
    }

    /// Without any secret, on that stand.
    pub(super) fn over(stand: Stand, change: impl FnOnce(&mut Rotation)) -> Self {
        let ram = FakeRam::new(stand.clock.clone());
        let news = News::default();
        let told = Arc::clone(&news);
        let mut rotation = Rotation {
            rams: Arc::new(One(ram.clone())),
            told: Arc::new(move |news: &RotationNews<'_>| {
                told.lock().unwrap().push(Told {
                    version: news.version.to_string(),
                    event: news.event,
                    old_key: news.old_key.map(ToString::to_string),
                    new_key: news.new_key.map(ToString::to_string),
                    reason: news.reason.to_owned(),
                });
            }),
            ..Rotation::default()
        };
        change(&mut rotation);
        stand.service.set_rotation(rotation);
        Self { stand, ram, news }
    }

    pub(super) async fn host(
        &self,
        config: &str,
        data: &Value,
        more: &[(&str, &str)],
    ) -> Result<Value, ErrorCode> {
        let data = data.to_string();
        let mut params = vec![
            ("SecretName", "$Auto"),
            ("SecretType", "RAMCredentials"),
            ("VersionId", "v1"),
            ("ExtendedConfig", config),
            ("SecretData", &data),
        ];
        params.extend(more);
        self.stand.call("CreateSecret", &params).await
    }

    pub(super) async fn rotate(&self, version: &str) -> Result<Value, ErrorCode> {
        self.rotate_with(version, &[]).await
    }

    pub(super) async fn rotate_with(
        &self,
        version: &str,
        more: &[(&str, &str)],
    ) -> Result<Value, ErrorCode> {
        let mut params = vec![("SecretName", NAME), ("VersionId", version)];
        params.extend(more);
        self.stand.call("RotateSecret", &params).await
    }

    /// Works until there is nothing to do at this moment.
    pub(super) async fn work(&self) {
        while self.stand.service.rotate("worker-1").await.unwrap() {}
    }

    /// Lets time pass and works.
    pub(super) async fn after(&self, seconds: u64) {
        self.stand.pass(seconds);
        self.work().await;
    }

    /// The id of the key that the label is on, as nobody reads it whom the server knows.
    pub(super) async fn key_at(&self, stage: &str) -> Result<String, ErrorCode> {
        let parts = &self.stand.parts;
        let (account, name) = (crate::stand::account(), NAME.parse().unwrap());
        let mut tx = parts.store.begin(Mode::Read).await.unwrap();
        let secret = tx.secrets().find(&account, &name).await.unwrap().unwrap();
        let stage = stage.parse().unwrap();
        let version = tx
            .versions()
            .find_by_stage(secret.id, &stage)
            .await
            .unwrap();
        let version = version.ok_or(ErrorCode::ResourceNotFound)?;
        let service = &self.stand.service;
        let value = service
            .open_value(tx.as_mut(), None, &secret, &version)
            .await;
        let key = Credential::of_value(&value.unwrap()).unwrap();
        Ok(key.name().to_owned())
    }

    /// The id of the current key, as a client reads it.
    pub(super) async fn read(&self, stage: &str) -> Result<String, ErrorCode> {
        let value = self.stand.read(NAME, stage).await?;
        let value: Value = serde_json::from_str(&value).unwrap();
        Ok(value["AccessKeyId"].as_str().unwrap().to_owned())
    }

    pub(super) async fn described(&self) -> Value {
        let params = [("SecretName", NAME)];
        self.stand.call("DescribeSecret", &params).await.unwrap()
    }

    /// What was told, and forgets it.
    pub(super) fn told(&self) -> Vec<Told> {
        std::mem::take(&mut *self.news.lock().unwrap())
    }

    pub(super) fn events(&self) -> Vec<RotationEvent> {
        self.told().into_iter().map(|told| told.event).collect()
    }

    /// The ids and states of the user's keys.
    pub(super) fn keys(&self) -> Vec<(String, KeyStatus)> {
        self.ram.listed("app")
    }
}
