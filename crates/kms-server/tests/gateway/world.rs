//! A server without sockets: one account, one user, a clock that is moved by hand.

use std::{
    net::{Ipv4Addr, SocketAddr, SocketAddrV4},
    sync::Arc,
};

use axum::body::Body;
use http::{HeaderName, Request};
use kms_crypto::RootKey;
use kms_server::{
    audit,
    gateway::{Calls, Gateway, Limits, Peer},
    issuer::HttpIssuers,
};
use kms_service::{Parts, Service, unlock};
use kms_store::SqliteStore;
use kms_testkit::MockClock;
use kms_types::AccountId;
use kms_wire::sign::SigningKey;

mod answer;
mod sign;

pub(crate) use answer::Answer;
pub(crate) use sign::Way;

pub(crate) const KMS: &str = "2016-01-20";
pub(crate) const STS: &str = "2015-04-01";
pub(crate) const INSTANCE: &str = "kst-test0000000000000001";
pub(crate) const HOST: &str = "kms.test:9470";

/// Where calls come from.
const PEER: Peer = Peer {
    address: SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0)),
    is_tls: false,
};

/// The secret of [`with_secret`].
pub(crate) const NAME: &str = "app/db";

pub(crate) struct World {
    pub(crate) clock: MockClock,
    pub(crate) key: SigningKey,
    service: Service,
    openapi: Calls,
    instance: Calls,
    nonces: u32,
    dir: tempfile::TempDir,
}

/// A user of another account.
pub(crate) struct Stranger {
    pub(crate) account: AccountId,
    pub(crate) key: SigningKey,
}

/// A world with one secret.
pub(crate) async fn with_secret(value: &str) -> World {
    let mut world = World::new().await;
    let params = [
        ("SecretName", NAME),
        ("SecretData", value),
        ("VersionId", "v1"),
    ];
    world.kms("CreateSecret", &params).await.ok();
    world
}

// === impl World ===

impl World {
    pub(crate) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = MockClock::at("2025-01-03T07:59:17Z".parse().unwrap());
        let root = RootKey::load_or_create(&dir.path().join("root.key")).unwrap();
        let store = SqliteStore::open(&dir.path().join("kms.db")).await.unwrap();
        let keyring = unlock(&store, &root, &clock).await.unwrap();
        let options = audit::Options {
            path: dir.path().join("audit.log"),
            server: "test".to_owned(),
            max_size: 1 << 20,
            reserve: 0,
            socket: None,
        };
        let audit = audit::Log::open(options, &keyring, Arc::new(clock.clone())).unwrap();
        let service = Service::new(Parts {
            store: Arc::new(store),
            keyring,
            clock: Arc::new(clock.clone()),
            region: "cn-hangzhou".parse().unwrap(),
            issuers: Arc::new(HttpIssuers::new(Vec::new())),
        });
        let account = "1000000000000001".parse().unwrap();
        let instance = INSTANCE.parse().unwrap();
        service.ensure_instance(&account, &instance).await.unwrap();
        let key = access_key(&service, &account).await;
        let gateway = Gateway {
            service,
            audit,
            clock: Arc::new(clock.clone()),
            limits: Limits::default(),
            query_header: HeaderName::from_static("x-long-query"),
            admission: None,
            counter: None,
        };
        Self {
            clock,
            key,
            service: gateway.service.clone(),
            openapi: gateway.clone().openapi(),
            instance: gateway.instance(instance),
            nonces: 0,
            dir,
        }
    }

    /// Somebody else, each time with another AccessKey; there are two.
    pub(crate) async fn stranger(&self) -> Stranger {
        let account = "2000000000000002".parse().unwrap();
        let key = access_key(&self.service, &account).await;
        Stranger { account, key }
    }

    /// What the audit log says of calls, in their order.
    pub(crate) fn audited(&self) -> Vec<serde_json::Value> {
        self.audit_log()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .filter(|line: &serde_json::Value| line["kind"] == "call")
            .collect()
    }

    /// The audit log as it lies in its file.
    pub(crate) fn audit_log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("audit.log")).unwrap()
    }

    /// One call of Kms, signed as the user, in JSON.
    pub(crate) async fn kms(&mut self, action: &str, params: &[(&str, &str)]) -> Answer {
        self.call(Way::V3, KMS, action, params).await
    }

    /// One call, signed as the user.
    pub(crate) async fn call(
        &mut self,
        way: Way,
        version: &str,
        action: &str,
        params: &[(&str, &str)],
    ) -> Answer {
        let request = self.sign(way, version, action, params);
        self.send(request).await
    }

    /// To the shared gateway.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.openapi.answer(PEER, request).await;
        Answer::read(response).await.text()
    }

    /// To the gateway of [`INSTANCE`].
    pub(crate) async fn send_to_instance(&self, request: Request<Body>) -> Answer<Vec<u8>> {
        let response = self.instance.answer(PEER, request).await;
        Answer::read(response).await
    }
}

/// A fresh one, of the account's one user.
async fn access_key(service: &Service, account: &AccountId) -> SigningKey {
    service.ensure_administrator(account, "dev").await.unwrap();
    let key = service.create_access_key(account, "dev").await.unwrap();
    SigningKey {
        access_key_id: key.id,
        access_key_secret: key.secret,
        security_token: None,
    }
}
