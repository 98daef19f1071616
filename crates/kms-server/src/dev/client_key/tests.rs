use std::{fs, os::unix::fs::PermissionsExt, sync::Arc, time::Duration};

use kms_credentials::{ClientKey, ClientKeyPassword};
use kms_testkit::MockClock;
use tempfile::{TempDir, tempdir};

use crate::dev::{Home, env_file::EnvFile, kms};

const DAY: Duration = Duration::from_hours(24);

struct Stand {
    clock: MockClock,
    home: Home,
    _dir: TempDir,
}

impl Stand {
    fn new() -> Self {
        let dir = tempdir().unwrap();
        Self {
            clock: MockClock::at("2026-11-25T12:00:00Z".parse().unwrap()),
            home: Home::claim(dir.path()).unwrap(),
            _dir: dir,
        }
    }

    /// One run, as short as can be, and the key that it leaves.
    async fn run(&self) -> ClientKey {
        let kms = kms::open(&self.home, Arc::new(self.clock.clone()));
        let kms = kms.await.unwrap();
        let env = EnvFile::default()
            .with("ALIBABA_CLOUD_ACCESS_KEY_ID", kms.key.id.as_str())
            .with("ALIBABA_CLOUD_ACCESS_KEY_SECRET", kms.key.secret.expose());
        fs::write(self.home.env(), env.render().as_bytes()).unwrap();
        kms.close().await;
        let password = ClientKeyPassword::File(self.home.client_key_password());
        ClientKey::read(&self.home.client_key(), &password).unwrap()
    }
}

#[tokio::test]
async fn a_key_is_replaced_half_a_year_before_its_end() {
    let stand = Stand::new();
    let first = stand.run().await;
    assert_eq!(first.expires().to_string(), "2031-11-25T12:00:00Z");
    for path in [stand.home.client_key(), stand.home.client_key_password()] {
        let mode = path.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
    // 1,826 days, 180 of which are too few.
    stand.clock.advance(DAY * (1_826 - 180));
    let kept = stand.run().await;
    assert_eq!(kept.key().key_id(), first.key().key_id());
    stand.clock.advance(Duration::from_secs(1));
    let second = stand.run().await;
    assert_ne!(second.key().key_id(), first.key().key_id());
    assert_eq!(second.expires().to_string(), "2036-05-29T12:00:01Z");
}

#[tokio::test]
async fn a_key_that_has_expired_is_replaced_too() {
    let stand = Stand::new();
    let first = stand.run().await;
    stand.clock.advance(DAY * 2_000);
    let second = stand.run().await;
    assert_ne!(second.key().key_id(), first.key().key_id());
}
