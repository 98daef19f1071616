//! Each example reads as whom it says.

#![expect(
    clippy::unwrap_used,
    reason = "an example that does not run has failed"
)]
#![expect(
    clippy::duplicate_mod,
    reason = "each example is a program of its own, with what they share"
)]

use std::{
    collections::BTreeMap,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use kms_client::Env;
use kms_testkit::{FakeImds, FakeKms, Reply, RoleCredentials};
use tempfile::TempDir;

#[expect(dead_code, reason = "its `main` is not called here")]
#[path = "../examples/access_key.rs"]
mod access_key;
#[expect(dead_code, reason = "its `main` is not called here")]
#[path = "../examples/assume_role.rs"]
mod assume_role;
#[expect(dead_code, reason = "its `main` is not called here")]
#[path = "../examples/cli_profile.rs"]
mod cli_profile;
#[expect(dead_code, reason = "its `main` is not called here")]
#[path = "../examples/client_key.rs"]
mod client_key;
#[expect(dead_code, reason = "its `main` is not called here")]
#[path = "../examples/credentials_uri.rs"]
mod credentials_uri;
#[expect(dead_code, reason = "its `main` is not called here")]
#[path = "../examples/ecs_role.rs"]
mod ecs_role;
#[expect(dead_code, reason = "its `main` is not called here")]
#[path = "../examples/ini_section.rs"]
mod ini_section;
#[expect(dead_code, reason = "its `main` is not called here")]
#[path = "../examples/instance.rs"]
mod instance;
#[expect(dead_code, reason = "its `main` is not called here")]
#[path = "../examples/oidc_role.rs"]
mod oidc_role;
#[expect(dead_code, reason = "its `main` is not called here")]
#[path = "../examples/own_provider.rs"]
mod own_provider;

const KEYS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../kms-credentials/tests/client_key"
);
const REGION: &str = "cn-hangzhou";
const END: &str = "2099-01-02T03:04:05Z";

/// A KMS, which is STS too, and a home with nothing in it.
struct Stage {
    kms: FakeKms,
    home: TempDir,
}

impl Stage {
    fn new() -> Self {
        let kms = FakeKms::start().unwrap();
        kms.set("app/db", Reply::Text("canary-value".to_owned()));
        kms.set_otherwise(Reply::Body(
            200,
            serde_json::json!({
                "Credentials": {
                    "AccessKeyId": "STS.role",
                    "AccessKeySecret": "canary-secret",
                    "SecurityToken": "canary-token",
                    "Expiration": END,
                },
            })
            .to_string()
            .into_bytes(),
        ));
        Self {
            kms,
            home: tempfile::tempdir().unwrap(),
        }
    }

    /// A file beneath the home.
    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// What the example is started with, for `app/db`.
    fn start<T>(&self, arguments: &[&str], env: &[(&str, &str)], new: New<T>) -> T {
        let home = self.home.path().to_str().unwrap();
        let url = self.kms.url();
        let mut all: BTreeMap<&str, &str> = BTreeMap::from([
            ("HOME", home),
            ("KMS_STS_ENDPOINT", &url),
            ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true"),
        ]);
        all.extend(env.iter().copied());
        let words = [&["app/db"], arguments, &[REGION, &url]].concat();
        new(
            all.into_iter().collect(),
            words.into_iter().map(str::to_owned).collect(),
        )
    }

    /// Who read it, as KMS saw it.
    #[track_caller]
    fn reader(&self, said: Result<String, Box<dyn Error>>) -> String {
        assert_eq!(said.unwrap(), "app/db, version v2: 12 bytes");
        let calls = self.kms.calls();
        let last = calls.last().unwrap();
        assert_eq!(last.secret, "app/db");
        last.access_key_id.clone().unwrap()
    }
}

/// Each example has an `Arguments` of its own, of the same text.
type New<T> = fn(Env, Vec<String>) -> T;

/// Runs an example; who read the secret.
macro_rules! reader {
    ($stage:ident, $example:ident, $arguments:expr, $env:expr) => {{
        let start = $stage.start($arguments, $env, $example::Arguments::new);
        $stage.reader($example::run(start).await)
    }};
}

const ACCESS_KEY: [(&str, &str); 2] = [
    ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIenv"),
    ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "canary-secret"),
];

const PROFILE: &str = r#"{"current":"other","profiles":[
    {"name":"app","mode":"AK","access_key_id":"LTAIprofile","access_key_secret":"canary-secret"}]}"#;

#[tokio::test]
async fn those_that_need_one_access_key() {
    let stage = Stage::new();
    let readers = [
        reader!(stage, access_key, &[], &ACCESS_KEY),
        reader!(stage, own_provider, &[], &ACCESS_KEY),
        reader!(stage, instance, &[], &ACCESS_KEY),
    ];
    assert_eq!(readers, ["LTAIenv"; 3]);
}

#[tokio::test]
async fn those_that_read_files() {
    let stage = Stage::new();
    stage.file(".aliyun/config.json", PROFILE);
    stage.file(
        ".alibabacloud/credentials",
        "[app]\ntype = access_key\naccess_key_id = LTAIini\naccess_key_secret = canary-secret\n",
    );
    assert_eq!(
        reader!(stage, cli_profile, &["app"], &ACCESS_KEY),
        "LTAIprofile"
    );
    assert_eq!(
        reader!(stage, ini_section, &["app"], &ACCESS_KEY),
        "LTAIini"
    );

    let password = stage.file("password", "Canary-Passw0rd\n");
    let key = format!("{KEYS}/legacy.json");
    let arguments = [&*key, password.to_str().unwrap()];
    assert_eq!(
        reader!(stage, client_key, &arguments, &[]),
        "KAAP.5a7dcd1c-8b13-4f1d-9a2f-000000000001"
    );
}

#[tokio::test]
async fn those_that_take_a_role() {
    let stage = Stage::new();
    stage.file(".aliyun/config.json", PROFILE);
    let role = "acs:ram::1234567890123456:role/app";
    assert_eq!(reader!(stage, assume_role, &["app", role], &[]), "STS.role");
    let asked = &stage.kms.calls()[0];
    assert_eq!(asked.access_key_id.as_deref(), Some("LTAIprofile"));

    let token = stage.file("token", "head.claims.sign");
    let provider = "acs:ram::1234567890123456:oidc-provider/idp";
    let arguments = [role, provider, token.to_str().unwrap()];
    assert_eq!(reader!(stage, oidc_role, &arguments, &[]), "STS.role");
    let calls = stage.kms.calls();
    let asked = &calls[calls.len() - 2];
    assert_eq!(asked.oidc_token.as_deref(), Some("head.claims.sign"));
    assert_eq!(asked.access_key_id, None);
}

#[tokio::test]
async fn those_that_ask_a_service_for_credentials() {
    let stage = Stage::new();
    let imds = FakeImds::start(
        "EcsRole",
        RoleCredentials {
            access_key_id: "STS.ecs".to_owned(),
            access_key_secret: "canary-secret".to_owned(),
            security_token: "canary-token".to_owned(),
            expiration: END.to_owned(),
        },
    )
    .unwrap();
    let env = [
        ("KMS_IMDS_ENDPOINT", &*imds.url()),
        ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "false"),
    ];
    assert_eq!(reader!(stage, ecs_role, &["EcsRole"], &env), "STS.ecs");

    // The metadata service of the first version answers at a URL, too.
    let url = format!(
        "{}/latest/meta-data/ram/security-credentials/EcsRole",
        imds.url()
    );
    assert_eq!(reader!(stage, credentials_uri, &[&url], &[]), "STS.ecs");
}

#[test]
fn every_example_is_run_here_and_listed_in_their_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let tests = fs::read_to_string(folder.join("../tests/examples.rs")).unwrap();
    let page = fs::read_to_string(folder.join("README.md")).unwrap();
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "rs") {
            let name = path.file_stem().unwrap().to_str().unwrap();
            // Complete in itself, and the first one of the crate's documentation; and one that
            // runs until it is told to end, which the suite's part `hosted` does.
            let is_run = tests.contains(&format!("(stage, {name},"))
                || ["default_chain", "hosted_access_key"].contains(&name);
            assert!(is_run, "{name} is not run");
            assert!(page.contains(&format!("`{name}`")), "{name} is not listed");
            seen += 1;
        }
    }
    assert!(seen > 8, "the examples are there");
}
