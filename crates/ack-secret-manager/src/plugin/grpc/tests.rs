//! Over a Unix socket, by a client of gRPC that is not ours.

use std::{path::Path, sync::Arc, time::Duration};

use kms_telemetry::{Lifecycle, LifecycleHandle};
use kms_testkit::MockClock;
use prost::Message;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tonic::{
    Code, Request, Status,
    client::Grpc,
    transport::{Channel, Endpoint},
};
use tonic_prost::ProstCodec;

use super::KeyManagementService;
use crate::plugin::{
    api::{
        DecryptRequest, DecryptResponse, EncryptRequest, EncryptResponse, StatusRequest,
        StatusResponse,
    },
    health::Health,
    keys::fake::{FakeKeys, disabled, down},
    probe,
    provider::Provider,
    run::{RunError, serve},
    socket::Socket,
};

const SEED: &[u8] = b"canary-of-a-seed-of-32-bytes-yes";

/// A provider that serves.
struct Scene {
    folder: TempDir,
    keys: Arc<FakeKeys>,
    health: Arc<Health>,
    clock: MockClock,
    order: LifecycleHandle,
    served: JoinHandle<Result<(), RunError>>,
}

impl Scene {
    async fn set(keys: FakeKeys) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = Arc::new(keys);
        let clock = MockClock::at("2026-11-25T10:00:00Z".parse().unwrap());
        let health = Arc::new(Health::new(Arc::new(clock.clone()), Duration::from_mins(1)));
        drop(probe::once(keys.as_ref(), &health).await);
        let provider = Provider::new(keys.clone(), Arc::clone(&health));
        let service = KeyManagementService::new(Arc::new(provider));
        let socket = Socket::listen(&folder.path().join("kms.sock"))
            .await
            .unwrap();
        let (order, lifecycle) = Lifecycle::new();
        let served = tokio::spawn(async move { serve(service, &socket, lifecycle).await });
        Self {
            folder,
            keys,
            health,
            clock,
            order,
            served,
        }
    }

    async fn client(&self) -> Client {
        Client::connect(&self.folder.path().join("kms.sock")).await
    }
}

struct Client(Grpc<Channel>);

impl Client {
    async fn connect(socket: &Path) -> Self {
        let uri = format!("unix://{}", socket.display());
        let channel = Endpoint::from_shared(uri).unwrap().connect().await.unwrap();
        Self(Grpc::new(channel))
    }

    async fn call<A, R>(&mut self, method: &str, message: A) -> Result<R, Status>
    where
        A: Message + 'static,
        R: Message + Default + 'static,
    {
        self.0.ready().await.unwrap();
        let path = format!("/v2.KeyManagementService/{method}");
        let codec = ProstCodec::default();
        let request = Request::new(message);
        let answer = self.0.unary(request, path.parse().unwrap(), codec).await?;
        Ok(answer.into_inner())
    }

    async fn status(&mut self) -> StatusResponse {
        self.call("Status", StatusRequest {}).await.unwrap()
    }

    async fn encrypt(&mut self, plaintext: &[u8]) -> Result<EncryptResponse, Status> {
        let message = EncryptRequest {
            plaintext: plaintext.to_vec(),
            uid: "u-1".to_owned(),
        };
        self.call("Encrypt", message).await
    }

    async fn decrypt(
        &mut self,
        ciphertext: &[u8],
        key_id: &str,
    ) -> Result<DecryptResponse, Status> {
        let message = DecryptRequest {
            ciphertext: ciphertext.to_vec(),
            uid: "u-2".to_owned(),
            key_id: key_id.to_owned(),
            annotations: [("of.another.example".to_owned(), vec![1])].into(),
        };
        self.call("Decrypt", message).await
    }
}

#[tokio::test]
async fn a_seed_comes_back_under_the_key_that_status_names() {
    let scene = Scene::set(FakeKeys::new()).await;
    let mut client = scene.client().await;
    let status = client.status().await;
    assert_eq!(status.version, "v2");
    assert_eq!(status.healthz, "ok");
    assert_eq!(status.key_id, "key-fake/v1");

    let encrypted = client.encrypt(SEED).await.unwrap();
    assert_eq!(encrypted.key_id, "key-fake/v1");
    assert!(encrypted.annotations.is_empty());
    let decrypted = client
        .decrypt(&encrypted.ciphertext, &encrypted.key_id)
        .await
        .unwrap();
    assert_eq!(decrypted.plaintext, SEED);
}

#[tokio::test]
async fn status_asks_nobody() {
    let scene = Scene::set(FakeKeys::new()).await;
    let mut client = scene.client().await;
    for _ in 0..10 {
        client.status().await;
    }
    assert_eq!(scene.keys.encrypts(), 1);
}

#[tokio::test]
async fn after_a_rotation_old_ciphertexts_are_read_and_status_names_the_new_version() {
    let scene = Scene::set(FakeKeys::new()).await;
    let mut client = scene.client().await;
    let old = client.encrypt(SEED).await.unwrap();
    scene.keys.rotate_to("v2");
    // An Encrypt may be the first to know.
    let new = client.encrypt(SEED).await.unwrap();
    assert_eq!(new.key_id, "key-fake/v2");
    assert_eq!(client.status().await.key_id, "key-fake/v2");
    for one in [old, new] {
        let back = client.decrypt(&one.ciphertext, &one.key_id).await.unwrap();
        assert_eq!(back.plaintext, SEED);
    }
}

#[tokio::test]
async fn a_key_id_that_is_not_the_ciphertexts_is_refused() {
    let scene = Scene::set(FakeKeys::new()).await;
    let mut client = scene.client().await;
    let encrypted = client.encrypt(SEED).await.unwrap();
    for key_id in ["", "key-fake/v2", "key-fake/v1 "] {
        let refused = client.decrypt(&encrypted.ciphertext, key_id).await;
        assert_eq!(refused.unwrap_err().code(), Code::InvalidArgument);
    }
}

#[tokio::test]
async fn an_outage_is_unavailable_and_status_tells_after_a_minute() {
    let scene = Scene::set(FakeKeys::new()).await;
    let mut client = scene.client().await;
    scene.keys.fail(Some(down));
    let refused = client.encrypt(SEED).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unavailable);
    assert_eq!(
        refused.message(),
        "cannot talk to kms.example: connection refused"
    );
    drop(probe::once(scene.keys.as_ref(), &scene.health).await);
    assert_eq!(client.status().await.healthz, "ok");
    scene.clock.advance(Duration::from_secs(61));
    let status = client.status().await;
    assert_eq!(
        status.healthz,
        "KMS last worked 61 s ago: cannot encrypt: cannot talk to kms.example: connection refused"
    );
    // What was written is of this key all the same.
    assert_eq!(status.key_id, "key-fake/v1");
}

#[tokio::test]
async fn a_refusal_repeats_nothing_of_what_kms_says() {
    let scene = Scene::set(FakeKeys::new()).await;
    let mut client = scene.client().await;
    scene.keys.fail(Some(disabled));
    let refused = client.encrypt(SEED).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert!(!format!("{refused:?}").contains("canary"), "{refused:?}");
}

#[tokio::test]
async fn what_is_no_seed_and_no_ciphertext_reaches_no_kms() {
    let scene = Scene::set(FakeKeys::new()).await;
    let mut client = scene.client().await;
    for plaintext in [vec![], vec![7; 513]] {
        let refused = client.encrypt(&plaintext).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
    }
    assert_eq!(scene.keys.encrypts(), 1);
    for ciphertext in [vec![], vec![7; 1025]] {
        let refused = client.decrypt(&ciphertext, "key-fake/v1").await;
        assert_eq!(refused.unwrap_err().code(), Code::InvalidArgument);
    }
    let refused = client.decrypt(&vec![7; 100_000], "key-fake/v1").await;
    assert_eq!(refused.unwrap_err().code(), Code::OutOfRange);
}

#[tokio::test]
async fn a_ciphertext_that_kube_apiserver_would_not_take_is_refused() {
    let mut keys = FakeKeys::new();
    keys.padding = 1024;
    let scene = Scene::set(keys).await;
    let refused = scene.client().await.encrypt(SEED).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
}

#[tokio::test]
async fn there_are_no_other_methods() {
    let scene = Scene::set(FakeKeys::new()).await;
    let mut client = scene.client().await;
    let refused = client
        .call::<_, StatusResponse>("Rotate", StatusRequest {})
        .await;
    assert_eq!(refused.unwrap_err().code(), Code::Unimplemented);
}

#[tokio::test]
async fn it_ends_when_told_and_takes_its_socket_away() {
    let scene = Scene::set(FakeKeys::new()).await;
    let mut client = scene.client().await;
    client.status().await;
    scene.order.stop();
    scene.served.await.unwrap().unwrap();
    assert_eq!(std::fs::read_dir(scene.folder.path()).unwrap().count(), 0);
}

#[test]
fn messages_show_no_plaintext() {
    let asked = EncryptRequest {
        plaintext: SEED.to_vec(),
        uid: String::new(),
    };
    assert_eq!(format!("{asked:?}"), "EncryptRequest { .. }");
    let answered = DecryptResponse {
        plaintext: SEED.to_vec(),
    };
    assert_eq!(format!("{answered:?}"), "DecryptResponse { .. }");
}
