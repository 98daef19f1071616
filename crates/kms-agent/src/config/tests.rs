use std::{fs, path::Path, time::Duration};

use super::{keys::SECTIONS, load, parse};
use crate::{LogLevel, RenderFormat, ResponseType, Rule, Settings, UriToken};

fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[track_caller]
fn settings(text: &str) -> Settings {
    parse(Path::new("config.toml"), text).unwrap()
}

#[test]
fn each_bad_file_has_its_message() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/config"));
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ext| ext != "toml") {
            continue;
        }
        seen += 1;
        let expected = fs::read_to_string(path.with_extension("txt")).unwrap();
        let error = load(&path)
            .expect_err(&path.display().to_string())
            .to_string();
        let message = error.strip_prefix(&format!("{}:", path.display())).unwrap();
        assert_eq!(message, expected.trim_end(), "{}", path.display());
        assert!(!message.contains("CANARY"), "{}", path.display());
    }
    assert!(seen > 30, "the golden folder is there");
}

#[test]
fn every_sample_and_deployment_parses() {
    for folder in [
        "docs/samples",
        "deploy/linux",
        "deploy/docker-compose",
        "deploy/ack",
    ] {
        for entry in fs::read_dir(repository().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let is_toml = path
                .extension()
                .is_some_and(|extension| extension == "toml");
            // The server's are read by the server's tests.
            if is_toml && !name.starts_with("kms-server") {
                load(&path).unwrap();
            }
        }
    }
}

#[test]
fn the_seeds_full_file_is_the_defaults() {
    let config = load(&repository().join("docs/samples/agent-full.toml")).unwrap();
    let mut expected = Settings::default();
    // The one file that says less than the default: one header and one variable.
    expected.server.ssrf_headers = vec!["x-kms-token".to_owned()];
    expected.server.ssrf_env_variables = vec!["KMS_TOKEN".to_owned()];
    assert_eq!(config.settings, expected);
}

#[test]
fn an_empty_file_is_the_defaults() {
    assert_eq!(settings(""), Settings::default());
}

#[test]
fn case_does_not_matter() {
    let kms = settings("[KMS]\nREGION = \"cn-beijing\"\n[log]\nloglevel = \"ERROR\"\n");
    assert_eq!(kms.kms.region, "cn-beijing");
    assert_eq!(kms.log.level, LogLevel::Error);
}

#[test]
fn region_alone_derives_the_endpoint_and_an_endpoint_is_kept() {
    let derived = settings("[Kms]\nRegion = \"ap-southeast-1\"\n");
    assert_eq!(derived.kms.endpoint, "kms.ap-southeast-1.aliyuncs.com");
    let given = settings("[Kms]\nEndpoint = \"http://127.0.0.1:9470\"\nRegion = \"cn-beijing\"\n");
    assert_eq!(given.kms.endpoint, "http://127.0.0.1:9470");
}

#[test]
fn endpoints_that_are_allowed() {
    for endpoint in [
        "kms.cn-hangzhou.aliyuncs.com",
        "kms-vpc.cn-hangzhou.aliyuncs.com:443",
        "https://kst-x.cryptoservice.kms.aliyuncs.com",
        "https://kms.example.com/",
        "http://localhost:9470",
        "http://[::1]:9470",
        "127.0.0.1:9471",
    ] {
        settings(&format!("[Kms]\nEndpoint = \"{endpoint}\"\n"));
    }
}

#[test]
fn our_own_keys() {
    let config = load(&repository().join("docs/samples/agent-own-keys.toml")).unwrap();
    let server = &config.settings.server;
    assert_eq!(server.response_type, ResponseType::Vault);
    assert_eq!(server.vault_mounts.get("secret"), Some(&2));
    assert_eq!(server.vault_mounts.get("legacy"), Some(&1));
    assert_eq!(server.relaxed_rules, ["forwarding"]);
    assert_eq!(
        server.credentials_uri_secrets,
        ["acs/ram/user/app".parse().unwrap()]
    );
    assert_eq!(server.credentials_uri_token, UriToken::Query);
    assert_eq!(config.settings.cache.negative_ttl, Duration::from_secs(2));
    assert_eq!(config.settings.log.path, Path::new("/dev/stdout"));
    let kms = &config.settings.kms;
    for (path, name) in [
        (&kms.ca_file, "ca.pem"),
        (&kms.client_key_file, "clientKey.json"),
        (&kms.client_key_password_file, "clientKey_Password.txt"),
    ] {
        let expected = Path::new("/etc/alibabacloud-kms-agent").join(name);
        assert_eq!(path.as_deref(), Some(&*expected));
    }
    let rendered: Vec<_> = config
        .settings
        .render
        .iter()
        .map(|file| {
            (
                file.file.to_str().unwrap(),
                file.format,
                &*file.profile,
                file.group,
            )
        })
        .collect();
    assert_eq!(
        rendered,
        [
            (
                "/var/lib/app/config.json",
                RenderFormat::Profile,
                "app",
                false
            ),
            (
                "/var/lib/app/credentials",
                RenderFormat::Ini,
                "default",
                true
            ),
            ("/var/lib/app/env", RenderFormat::Env, "default", false),
        ]
    );
    assert_eq!(
        settings("[Cache]\nMaxStaleSeconds = 0\n").cache.max_stale,
        None
    );
}

#[test]
fn integers_in_other_bases_count() {
    assert_eq!(
        settings("[Server]\nHttpPort = 0x7E9\n").server.http_port,
        2025
    );
    assert_eq!(
        settings("[Server]\nHttpPort = 2_025\n").server.http_port,
        2025
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_everybody_may_write_is_warned_about() {
    use std::os::unix::fs::PermissionsExt;

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config.toml");
    fs::write(&path, "").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(load(&path).unwrap().warnings.is_empty());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    assert_eq!(load(&path).unwrap().warnings.len(), 1);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "(\\[[A-Za-z]{0,7}\\]|[A-Za-z]{0,9} ?= ?[-0-9\"a-z{}\\[\\]é]{0,9}|\n){0,12}") {
        drop(parse(Path::new("config.toml"), &text));
    }
}

/// What the page on deviations promises can be written into a configuration.
#[test]
fn keys_and_rules_of_the_deviations_exist() {
    let page = fs::read_to_string(repository().join("docs/deviations.md")).unwrap();
    let quoted: Vec<_> = page.split('`').skip(1).step_by(2).collect();
    let keys: Vec<_> = quoted
        .iter()
        .filter_map(|text| text.strip_prefix('[')?.split_once("] "))
        .collect();
    assert!(keys.len() >= 4, "{keys:?}");
    for (section, key) in keys {
        let key = key.split(' ').next().unwrap();
        let known = SECTIONS
            .iter()
            .any(|known| known.name == section && known.keys.iter().any(|known| known.name == key));
        assert!(known, "[{section}] {key}");
    }
    for rule in Rule::ALL {
        assert!(quoted.contains(&rule.as_str()), "{}", rule.as_str());
    }
}
