use kms_client::{Connection, RetryPolicy};
use kms_testkit::{FakeKms, MockClock, Reply};
use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::RenderFormat;

const NAME: &str = "acs/ram/user/app";

struct Place {
    kms: FakeKms,
    dir: TempDir,
    clock: MockClock,
}

impl Place {
    fn new() -> Self {
        let place = Self {
            kms: FakeKms::start().unwrap(),
            dir: tempfile::tempdir().unwrap(),
            clock: MockClock::at("2025-01-03T08:00:00Z".parse().unwrap()),
        };
        place.host("LTAI5tOld");
        place
    }

    fn host(&self, id: &str) {
        let value = json!({"AccessKeyId": id, "AccessKeySecret": "s3cret"});
        self.kms.set(NAME, Reply::Text(value.to_string()));
    }

    fn file(&self) -> PathBuf {
        self.dir.path().join("env")
    }

    fn read(&self) -> String {
        fs::read_to_string(self.file()).unwrap_or_default()
    }

    fn open(&self, change: impl FnOnce(&mut RenderSettings)) -> Result<RenderedFiles, RenderError> {
        let mut entry = RenderSettings {
            secret: NAME.parse().unwrap(),
            file: self.file(),
            format: RenderFormat::Env,
            profile: "default".to_owned(),
            group: false,
        };
        change(&mut entry);
        let settings = Settings {
            render: vec![entry],
            ..Settings::default()
        };
        let env = [
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tReader"),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "reader"),
        ];
        let client = Connection::new(env.into_iter().collect(), "cn-hangzhou".parse().unwrap())
            .endpoint(self.kms.url().parse().unwrap())
            .builder()
            .unwrap()
            .retry(RetryPolicy::never())
            .build();
        let clock: Arc<dyn Clock> = Arc::new(self.clock.clone());
        RenderedFiles::open(&settings, client, &clock)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_follows_the_key() {
    let place = Place::new();
    let files = place.open(|_| {}).unwrap();
    files.write().await;
    assert!(
        place.read().contains("ACCESS_KEY_ID=LTAI5tOld\n"),
        "{}",
        place.read()
    );
    place.host("LTAI5tNew");
    files.write().await;
    assert!(place.read().contains("LTAI5tOld"), "it is not due");
    place.clock.advance(Duration::from_mins(6));
    // The first one to ask has it read in the background.
    for _ in 0..500 {
        files.write().await;
        if place.read().contains("ACCESS_KEY_ID=LTAI5tNew\n") {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("never");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_keeps_what_stands_in_the_file() {
    let place = Place::new();
    let files = place.open(|_| {}).unwrap();
    files.write().await;
    let before = place.read();
    for reply in [
        Reply::unavailable(),
        Reply::forbidden(),
        Reply::Text("no key".to_owned()),
    ] {
        place.kms.set(NAME, reply);
        place.clock.advance(Duration::from_hours(1));
        files.write().await;
        assert_eq!(place.read(), before);
    }
    // A new agent that cannot read the key leaves the file of the one before it.
    let files = place.open(|_| {}).unwrap();
    files.write().await;
    assert_eq!(place.read(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_gone_or_open_to_others_is_mended() {
    use std::os::unix::fs::PermissionsExt;

    let place = Place::new();
    let files = place.open(|_| {}).unwrap();
    files.write().await;
    let before = place.read();
    fs::remove_file(place.file()).unwrap();
    files.write().await;
    assert_eq!(place.read(), before);
    fs::set_permissions(place.file(), fs::Permissions::from_mode(0o644)).unwrap();
    files.write().await;
    let mode = fs::metadata(place.file()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // What is as it should be is not written again.
    let modified = || fs::metadata(place.file()).unwrap().modified().unwrap();
    let then = modified();
    files.write().await;
    assert_eq!(modified(), then);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_somebody_else_is_never_replaced() {
    let place = Place::new();
    fs::write(place.file(), "ALIBABA_CLOUD_ACCESS_KEY_ID=mine\n").unwrap();
    let error = place.open(|_| {}).err().unwrap();
    assert!(matches!(error, RenderError::Foreign { .. }), "{error}");
    assert!(error.to_string().contains("was not written by this agent"));
    fs::write(place.file(), "").unwrap();
    let files = place.open(|_| {}).unwrap();
    // Nor is one that comes later.
    fs::write(place.file(), "ALIBABA_CLOUD_ACCESS_KEY_ID=mine\n").unwrap();
    files.write().await;
    assert_eq!(place.read(), "ALIBABA_CLOUD_ACCESS_KEY_ID=mine\n");
    let nowhere = place.open(|entry| entry.file = place.dir.path().join("no/env"));
    assert!(matches!(nowhere.err().unwrap(), RenderError::Folder { .. }));
    let folder = place.open(|entry| entry.file = place.dir.path().to_owned());
    assert!(matches!(folder.err().unwrap(), RenderError::Read { .. }));
}
