use std::{fs, path::Path, sync::Arc, time::Duration};

use kms_testkit::MockClock;
use kms_types::{Clock, Secret};
use tempfile::TempDir;

use super::{ClientKeyFile, ProvideClientKey};
use crate::ClientKeyPassword;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/client_key/legacy.json");
const PASSWORD: &str = "Canary-Passw0rd";

/// The golden key ends on 2031-11-24T10:00:00Z.
const BEFORE: &str = "2026-11-25T10:00:00Z";
const LONG: Duration = Duration::from_hours(24 * 365 * 6);

struct Stage {
    dir: TempDir,
    clock: MockClock,
    file: ClientKeyFile,
}

impl Stage {
    /// A key file `KAAP.1` and a password file.
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("key"), content("KAAP.1")).unwrap();
        fs::write(dir.path().join("password"), PASSWORD).unwrap();
        let clock = MockClock::at(BEFORE.parse().unwrap());
        let file = ClientKeyFile::open(
            dir.path().join("key"),
            ClientKeyPassword::File(dir.path().join("password")),
            Arc::new(clock.clone()),
        )
        .unwrap();
        Self { dir, clock, file }
    }

    /// As a careful program replaces a file.
    fn replace(&self, name: &str, content: impl AsRef<[u8]>) {
        let fresh = self.dir.path().join("fresh");
        fs::write(&fresh, content).unwrap();
        fs::rename(fresh, self.dir.path().join(name)).unwrap();
    }

    async fn key(&self) -> String {
        let key = self.file.client_key(self.clock.now()).await.unwrap();
        key.key().key_id().to_string()
    }

    fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }
}

/// The golden key under another id.
fn content(id: &str) -> String {
    let mut file: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(Path::new(GOLDEN)).unwrap()).unwrap();
    file["KeyId"] = id.into();
    file.to_string()
}

const A_SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_replaced_file_is_read_within_a_second() {
    let stage = Stage::new();
    assert_eq!(stage.key().await, "KAAP.1");
    stage.replace("key", content("KAAP.2"));
    assert_eq!(stage.key().await, "KAAP.1");
    stage.pass(A_SECOND);
    assert_eq!(stage.key().await, "KAAP.2");
}

#[tokio::test]
async fn a_file_written_in_place_counts_too() {
    let stage = Stage::new();
    fs::write(stage.dir.path().join("key"), content("KAAP.22")).unwrap();
    assert_eq!(stage.key().await, "KAAP.22");
}

#[tokio::test]
async fn a_refused_key_is_looked_after_at_once() {
    let stage = Stage::new();
    let now = stage.clock.now();
    let refused = stage.file.client_key(now).await.unwrap();
    assert!(!stage.file.refused(&refused).await);
    stage.replace("key", content("KAAP.2"));
    assert!(stage.file.refused(&refused).await);
    assert_eq!(stage.key().await, "KAAP.2");
    // Who was refused meanwhile with the old one learns of the new one.
    assert!(stage.file.refused(&refused).await);
}

#[tokio::test]
async fn a_file_of_no_use_leaves_the_old_key_until_it_is_whole() {
    let stage = Stage::new();
    stage.replace("key", &content("KAAP.2")[..100]);
    assert_eq!(stage.key().await, "KAAP.1");
    stage.replace("key", content("KAAP.2"));
    stage.pass(A_SECOND);
    assert_eq!(stage.key().await, "KAAP.2");

    // The key is there before its password.
    stage.replace("password", "another");
    stage.pass(A_SECOND);
    assert_eq!(stage.key().await, "KAAP.2");
    stage.replace("password", format!("{PASSWORD}\n"));
    stage.replace("key", content("KAAP.3"));
    stage.pass(A_SECOND);
    assert_eq!(stage.key().await, "KAAP.3");

    fs::remove_file(stage.dir.path().join("key")).unwrap();
    stage.pass(A_SECOND);
    assert_eq!(stage.key().await, "KAAP.3");
}

#[tokio::test]
async fn what_is_wrong_with_the_files_is_told_once_the_key_has_ended() {
    let stage = Stage::new();
    stage.pass(LONG);
    // Nothing else lies there: an ended key is told by its user, who knows its end.
    assert_eq!(stage.key().await, "KAAP.1");
    stage.replace("password", "wrong");
    let failed = stage.file.client_key(stage.clock.now()).await.unwrap_err();
    assert_eq!(
        failed.reason, "the password does not open PrivateKeyData",
        "{failed}"
    );
    assert_eq!(failed.path, stage.dir.path().join("key"));
    // An ended key is looked after at once, without waiting for the second to pass.
    stage.replace("password", PASSWORD);
    stage.replace("key", content("KAAP.2"));
    assert_eq!(stage.key().await, "KAAP.2");
}

#[tokio::test]
async fn files_that_stay_of_no_use_are_tried_again_after_a_while() {
    let stage = Stage::new();
    stage.replace("key", "rubbish");
    stage.key().await;
    let attempts = || stage.file.state().failures;
    assert_eq!(attempts(), 1);
    for (seconds, expected) in [(1, 2), (1, 2), (1, 3), (3, 3), (1, 4)] {
        stage.pass(Duration::from_secs(seconds));
        stage.key().await;
        assert_eq!(attempts(), expected, "after {seconds} s");
    }
}

#[tokio::test]
async fn a_password_at_hand_is_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("key");
    fs::write(&path, content("KAAP.1")).unwrap();
    let clock = MockClock::at(BEFORE.parse().unwrap());
    let file = ClientKeyFile::open(
        &path,
        ClientKeyPassword::Value(Secret::from(PASSWORD)),
        Arc::new(clock.clone()),
    )
    .unwrap();
    fs::write(&path, content("KAAP.23")).unwrap();
    let key = file.client_key(clock.now()).await.unwrap();
    assert_eq!(key.key().key_id().as_str(), "KAAP.23");
}
