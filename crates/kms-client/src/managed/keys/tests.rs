use kms_testkit::{FakeKms, MockClock, Reply, TestCa};
use tempfile::TempDir;

use super::*;

const NAME: &str = "acs/ram/user/app";
const KEY: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../kms-credentials/tests/client_key/legacy.json"
);
const PASSWORD: &str = "Canary-Passw0rd";

struct Place {
    kms: FakeKms,
    dir: TempDir,
}

impl Place {
    fn new() -> Self {
        let kms = FakeKms::start().unwrap();
        let value = r#"{"AccessKeyId":"LTAI5tHosted","AccessKeySecret":"s3cret"}"#;
        kms.set(NAME, Reply::Text(value.to_owned()));
        Self {
            kms,
            dir: tempfile::tempdir().unwrap(),
        }
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn open(
        &self,
        text: &str,
        env: &[(&str, &str)],
    ) -> Result<ManagedAccessKeys, OpenManagedError> {
        let text = text.replace("KMS", &self.kms.url());
        let path = self.write("managed_credentials_providers.properties", &text);
        let clock = MockClock::at("2026-11-25T10:00:00Z".parse().unwrap());
        let env = env.iter().copied().collect();
        ManagedAccessKeys::from_properties_at(&path, &env, Arc::new(clock))
    }
}

const SHARED: &str =
    "cache_client_region_id=[{\"regionId\":\"cn-hangzhou\",\"endpoint\":\"KMS\"}]\n";

#[tokio::test]
async fn a_client_key_on_the_shared_gateway_as_the_seed_writes_it() {
    let place = Place::new();
    place.write("clientKey.json", &fs::read_to_string(KEY).unwrap());
    place.write("clientKey_Password.txt", &format!("{PASSWORD}\n"));
    // Paths are those of files beside this one.
    let text = format!(
        "{SHARED}credentials_type=client_key\nclient_key_private_key_path=clientKey.json\n\
         client_key_password_from_file_path=clientKey_Password.txt\nsecret_names={NAME}\n"
    );
    let keys = place.open(&text, &[]).unwrap();
    let name = NAME.parse().unwrap();
    let key = keys.key(&name).current().await.unwrap();
    assert_eq!(key.id.as_str(), "LTAI5tHosted");
    let call = place.kms.calls().pop().unwrap();
    assert!(call.access_key_id.unwrap().starts_with("KAAP."));
    // One handle for a name, and one read.
    keys.key(&name).current().await.unwrap();
    assert_eq!(place.kms.calls_of(NAME), 1);
}

#[tokio::test]
async fn names_of_the_file_are_read_before_anybody_asks() {
    let place = Place::new();
    let text = format!(
        "{SHARED}credentials_type=ak\ncredentials_access_key_id=LTAI5tReader\n\
         credentials_access_secret=reader\nsecret_names={NAME}\n"
    );
    let _keys = place.open(&text, &[]).unwrap();
    for _ in 0..500 {
        if place.kms.calls_of(NAME) > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let call = place.kms.calls().pop().unwrap();
    assert_eq!(call.access_key_id.as_deref(), Some("LTAI5tReader"));
}

#[tokio::test]
async fn another_region_stands_in() {
    let place = Place::new();
    let away = FakeKms::start().unwrap();
    let url = away.url();
    away.set_down(true);
    let text = format!(
        "cache_client_region_id=[{{\"regionId\":\"cn-beijing\",\"endpoint\":\"{url}\"}},\
         {{\"regionId\":\"cn-hangzhou\",\"endpoint\":\"KMS\"}}]\ncredentials_type=ak\n\
         credentials_access_key_id=LTAI5tReader\ncredentials_access_secret=reader\n"
    );
    let keys = place.open(&text, &[]).unwrap();
    let key = keys.key(&NAME.parse().unwrap()).current().await.unwrap();
    assert_eq!(key.id.as_str(), "LTAI5tHosted");
}

#[tokio::test]
async fn passwords_are_found_where_the_file_says() {
    let place = Place::new();
    let path = place.write("clientKey.json", &fs::read_to_string(KEY).unwrap());
    let file = place.write("pw", PASSWORD);
    let (path, file) = (path.display().to_string(), file.display().to_string());
    let content = serde_json::to_string(&fs::read_to_string(KEY).unwrap()).unwrap();
    let content = content.replace('\\', "\\\\");
    let open = |fields: &str, env: &[(&str, &str)]| {
        let text = format!(
            "cache_client_dkms_config_info=[{{\"regionId\":\"cn-hangzhou\",\"endpoint\":\"KMS\",{fields}}}]\n"
        );
        place
            .open(&text, env)
            .map(drop)
            .map_err(|error| error.to_string())
    };
    let key = format!("\"clientKeyFile\":\"{path}\"");
    let by_variable = format!("{key},\"passwordFromEnvVariable\":\"PW\"");
    let by_name = format!("{key},\"passwordFromFilePathName\":\"PW_FILE\"");
    open(&by_variable, &[("PW", PASSWORD)]).unwrap();
    open(&by_variable, &[("PW", "REAL"), ("REAL", PASSWORD)]).unwrap();
    open(&by_name, &[("PW_FILE", &file)]).unwrap();
    open(&key, &[("client_key_password", PASSWORD)]).unwrap();
    let inline = format!("\"clientKeyContent\":{content},\"passwordFromFilePath\":\"{file}\"");
    open(&inline, &[]).unwrap();
    for (fields, env, said) in [
        (&by_variable, vec![], "the variable PW, which"),
        (&by_name, vec![], "the variable PW_FILE, which"),
        (&key, vec![], "the variable client_key_password, which"),
        (
            &key,
            vec![("client_key_password", "hunter2")],
            "the password does not open",
        ),
    ] {
        let error = open(fields, &env).unwrap_err();
        assert!(error.contains(said), "{error}");
        assert!(!error.contains("hunter2"));
    }
}

#[tokio::test]
async fn certificates_are_verified_with_the_ca_of_the_file() {
    let ca = TestCa::new();
    let kms = FakeKms::start_tls(&ca.issue(&["localhost"])).unwrap();
    let value = r#"{"AccessKeyId":"LTAI5tHosted","AccessKeySecret":"s3cret"}"#;
    kms.set(NAME, Reply::Text(value.to_owned()));
    let place = Place::new();
    place.write("ca.pem", &ca.pem());
    let read = async |ca: &str| {
        let text = format!(
            "cache_client_region_id=[{{\"regionId\":\"cn-hangzhou\",\"endpoint\":\"localhost:{}\"{ca}}}]\n\
             credentials_type=ak\ncredentials_access_key_id=LTAI5tReader\ncredentials_access_secret=reader\n",
            kms.address().port()
        );
        let keys = place.open(&text, &[]).unwrap();
        keys.key(&NAME.parse().unwrap())
            .current()
            .await
            .map(|key| key.id.to_string())
    };
    assert_eq!(
        read(",\"caFilePath\":\"ca.pem\"").await.unwrap(),
        "LTAI5tHosted"
    );
    assert!(read("").await.is_err(), "no other CA is believed");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let env = Env::default();
    let error = ManagedAccessKeys::from_properties(Path::new("/nowhere/m.properties"), &env);
    assert_eq!(
        error.err().unwrap().to_string(),
        "cannot read /nowhere/m.properties"
    );
}
