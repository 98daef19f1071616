use std::{path::PathBuf, sync::Arc};

use kms_testkit::{FakeKms, LOCAL_NAMES, MockClock, Reply, TestCa};
use kms_types::Env;

use super::{client, upstream};
use crate::{KmsSettings, SecretRequest, Upstream, UpstreamError};

const KEYS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../kms-credentials/tests/client_key"
);

fn key(name: &str) -> PathBuf {
    PathBuf::from(KEYS).join(name)
}

fn build(settings: &KmsSettings, env: &[(&str, &str)]) -> Result<Arc<dyn Upstream>, String> {
    let env: Env = env.iter().copied().collect();
    let clock = MockClock::at("2026-11-25T10:00:00Z".parse().unwrap());
    client(settings, &env, Arc::new(clock))
        .map(upstream)
        .map_err(|error| error.to_string())
}

fn refused(settings: &KmsSettings, env: &[(&str, &str)]) -> String {
    build(settings, env).err().expect("an error")
}

fn request() -> SecretRequest {
    SecretRequest {
        secret: "foo".parse().unwrap(),
        version_id: None,
        version_stage: None,
    }
}

#[test]
fn a_client_key_needs_its_password_and_the_other_way_round() {
    let missing = KmsSettings {
        client_key_file: Some(PathBuf::from("/nowhere/clientKey.json")),
        ..KmsSettings::default()
    };
    assert_eq!(
        refused(&missing, &[]),
        "ClientKeyFile needs a password: set ClientKeyPasswordFile or KMS_CLIENT_KEY_PASSWORD"
    );
    assert_eq!(
        refused(&missing, &[("KMS_CLIENT_KEY_PASSWORD", "canary")]),
        "ClientKeyFile or ClientKeyPasswordFile: /nowhere/clientKey.json: No such file or \
         directory (os error 2)"
    );
    let no_key = KmsSettings {
        client_key_password_file: Some(PathBuf::from("password.txt")),
        ..KmsSettings::default()
    };
    assert_eq!(
        refused(&no_key, &[]),
        "ClientKeyPasswordFile is set, but ClientKeyFile is not"
    );
    let good = KmsSettings {
        client_key_file: Some(key("legacy.json")),
        ..KmsSettings::default()
    };
    build(&good, &[("KMS_CLIENT_KEY_PASSWORD", "Canary-Passw0rd")]).unwrap();
    let wrong = refused(&good, &[("KMS_CLIENT_KEY_PASSWORD", "canary")]);
    assert!(
        wrong.ends_with("the password does not open PrivateKeyData"),
        "{wrong}"
    );
    assert!(!wrong.contains("canary"), "{wrong}");
}

#[test]
fn an_instance_is_believed_by_its_regions_ca_or_by_the_ca_file() {
    let mut settings = KmsSettings {
        endpoint: "kst-hzz1.cryptoservice.kms.aliyuncs.com".to_owned(),
        ..KmsSettings::default()
    };
    build(&settings, &[]).unwrap();
    settings.region = "cn-fuzhou".to_owned();
    assert_eq!(
        refused(&settings, &[]),
        "no private CA is known for KMS instances in cn-fuzhou; CaFile names one: the console \
         hands it out, and GetKmsInstance as CaCertificateChainPem"
    );
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ca.pem");
    std::fs::write(&file, TestCa::new().pem()).unwrap();
    settings.ca_file = Some(file);
    build(&settings, &[]).unwrap();
}

#[tokio::test]
async fn what_kms_says_arrives_as_it_was_said() {
    let kms = FakeKms::start().unwrap();
    let settings = KmsSettings {
        endpoint: kms.url(),
        ..KmsSettings::default()
    };
    let identity = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI1"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "canary-secret"),
    ];
    let upstream = build(&settings, &identity).unwrap();
    kms.set("foo", Reply::forbidden());
    let failed = upstream.fetch(&request()).await.unwrap_err();
    assert!(
        matches!(&failed, UpstreamError::Refused { status: 403, code, .. }
            if code == "Forbidden.NoPermission"),
        "{failed:?}"
    );
    assert!(!failed.is_transient());
    let nobody = build(
        &settings,
        &[("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")],
    )
    .unwrap();
    let failed = nobody.fetch(&request()).await.unwrap_err();
    assert!(
        matches!(&failed, UpstreamError::Credentials { transient: false, reason }
            if reason.starts_with("no credentials found: env: ")),
        "{failed:?}"
    );
    assert_eq!(kms.calls_of("foo"), 1);
}

#[tokio::test]
async fn a_server_of_a_foreign_ca_is_unreachable() {
    let ca = TestCa::new();
    let kms = FakeKms::start_tls(&ca.issue(&LOCAL_NAMES)).unwrap();
    let settings = KmsSettings {
        endpoint: format!("localhost:{}", kms.address().port()),
        ..KmsSettings::default()
    };
    let identity = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI1"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "canary-secret"),
    ];
    let failed = build(&settings, &identity)
        .unwrap()
        .fetch(&request())
        .await
        .unwrap_err();
    assert!(failed.is_transient());
    let text = failed.to_string();
    assert!(
        text.contains("invalid peer certificate: UnknownIssuer"),
        "{text}"
    );
    assert!(kms.calls().is_empty());
}
