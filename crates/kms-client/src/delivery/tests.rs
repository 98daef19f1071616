//! Over real HTTP, to a receiver that takes only what is signed as the services want it.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use async_trait::async_trait;
use kms_credentials::{Credentials, CredentialsError, ProvideCredentials};
use kms_testkit::FakeStorage;
use kms_types::{Env, Secret};
use kms_wire::sign::SigningKey;
use prost::Message as _;

use super::{
    Addressing, Content, Encryption, Log, LogGroup, Logstore, OssBucket, S3Bucket, Sender,
};
use crate::{CallError, Endpoint, Transport};

const ID: &str = "LTAI5tDelivery";
const SECRET: &str = "canary-delivery-secret";
const TOKEN: &str = "canary-delivery-token";

/// The right key, once those before it were refused.
#[derive(Default)]
struct Identity {
    wrong: AtomicU32,
}

#[async_trait]
impl ProvideCredentials for Identity {
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        let is_right = self.wrong.load(Ordering::SeqCst) == 0;
        Ok(Credentials {
            key: SigningKey {
                access_key_id: ID.parse().unwrap(),
                access_key_secret: Secret::from(if is_right { SECRET } else { "old" }),
                security_token: Some(Secret::from(TOKEN)),
            },
            expires: None,
            provider: "test".to_owned(),
        })
    }

    async fn refused(&self, _credentials: &Credentials) -> bool {
        let wrong = self.wrong.load(Ordering::SeqCst);
        self.wrong.store(wrong.saturating_sub(1), Ordering::SeqCst);
        wrong > 0
    }
}

fn sender(wrong: u32) -> Sender {
    let http = Arc::new(Transport::new(&Env::default(), None).unwrap());
    let identity = Identity {
        wrong: AtomicU32::new(wrong),
    };
    Sender::new(http, Arc::new(identity))
}

fn endpoint(storage: &FakeStorage) -> Endpoint {
    storage.url().parse().unwrap()
}

fn oss(storage: &FakeStorage, wrong: u32) -> OssBucket {
    OssBucket::new(
        sender(wrong),
        "cn-hangzhou".parse().unwrap(),
        "audit".to_owned(),
    )
    .endpoint(endpoint(storage), Addressing::Path)
}

fn s3(storage: &FakeStorage) -> S3Bucket {
    S3Bucket::new(
        sender(0),
        endpoint(storage),
        Addressing::Path,
        "us-east-1".to_owned(),
        "audit".to_owned(),
    )
}

fn logstore(storage: &FakeStorage) -> Logstore {
    Logstore::new(
        sender(0),
        &"cn-hangzhou".parse().unwrap(),
        "project".to_owned(),
        "findings".to_owned(),
    )
    .endpoint(endpoint(storage), Addressing::Path)
}

fn logs() -> LogGroup {
    LogGroup {
        logs: vec![Log {
            time: 1,
            contents: vec![Content {
                key: "k".to_owned(),
                value: "v".to_owned(),
            }],
            time_ns: None,
        }],
        topic: None,
        source: None,
    }
}

#[tokio::test]
async fn objects_and_logs_arrive_as_the_services_want_them() {
    let storage = FakeStorage::start(ID, SECRET).unwrap();
    let sealed = oss(&storage, 0).encryption(Some(Encryption::Kms));
    sealed
        .put("a b/ä.json", "application/json", b"1")
        .await
        .unwrap();
    let sealed = s3(&storage).encryption(Some(Encryption::Kms));
    sealed
        .put("a b/ä.json", "application/json", b"2")
        .await
        .unwrap();
    logstore(&storage).put(&logs()).await.unwrap();

    let taken = storage.taken();
    let paths: Vec<&str> = taken.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/audit/a%20b/%C3%A4.json",
            "/audit/a%20b/%C3%A4.json",
            "/logstores/findings/shards/lb",
        ]
    );
    assert_eq!(taken[0].body, b"1");
    assert_eq!(taken[0].header("x-oss-security-token"), TOKEN);
    assert_eq!(taken[0].header("x-oss-server-side-encryption"), "KMS");
    assert_eq!(taken[1].body, b"2");
    assert_eq!(taken[1].header("x-amz-security-token"), TOKEN);
    assert_eq!(taken[1].header("x-amz-server-side-encryption"), "aws:kms");
    assert_eq!(LogGroup::decode(&*taken[2].body).unwrap(), logs());
    assert_eq!(taken[2].header("x-acs-security-token"), TOKEN);
    let at = storage.url().replace("http://", "project.");
    assert_eq!(taken[2].header("host"), at);
}

#[tokio::test]
async fn what_is_refused_is_told_by_its_code_and_nothing_that_was_signed() {
    let storage = FakeStorage::start(ID, "another").unwrap();
    let refused = [
        oss(&storage, 0).put("k", "text/plain", b"1").await,
        s3(&storage).put("k", "text/plain", b"1").await,
        logstore(&storage).put(&logs()).await,
    ];
    let codes = [
        "SignatureDoesNotMatch",
        "SignatureDoesNotMatch",
        "Unauthorized",
    ];
    for (refused, expected) in refused.into_iter().zip(codes) {
        let refused = refused.unwrap_err();
        let shown = format!("{refused} {refused:?}");
        assert!(!shown.contains("canary"), "{shown}");
        assert!(matches!(
            refused,
            CallError::Service { status: 403, code, .. } if code == expected
        ));
    }
    assert_eq!(storage.taken().len(), 0);
    storage.refuse_next(502, "");
    let unreadable = oss(&storage, 0).put("k", "text/plain", b"1").await;
    assert!(matches!(unreadable, Err(CallError::Unreadable { .. })));
}

#[tokio::test]
async fn credentials_that_are_refused_are_had_anew_once() {
    let storage = FakeStorage::start(ID, SECRET).unwrap();
    oss(&storage, 1).put("k", "text/plain", b"1").await.unwrap();
    assert_eq!(storage.all().len(), 2);
    let twice = oss(&storage, 2).put("k", "text/plain", b"1").await;
    assert!(matches!(twice, Err(CallError::Service { status: 403, .. })));
    assert_eq!(storage.all().len(), 4);
}

#[tokio::test]
async fn a_failure_of_the_service_is_not_tried_again_here() {
    let storage = FakeStorage::start(ID, SECRET).unwrap();
    storage.refuse_next(503, "ServiceUnavailable");
    let refused = logstore(&storage).put(&logs()).await.unwrap_err();
    assert!(refused.is_transient(), "{refused}");
    assert_eq!(storage.all().len(), 1);
}
