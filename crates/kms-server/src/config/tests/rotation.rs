//! `[rotation]` and `[[ram]]`.

use jiff::SignedDuration;

use super::*;
use crate::settings::{CloudIdentity, CloudSource};

#[test]
fn times_are_written_as_rotation_intervals_are() {
    let text = "[rotation]\nworkers = 8\nwindow = '90m'\nleast_window = '60s'\n\
                follows_readers = true\nleast_interval = '7d'\nhealth_check_interval = '10m'";
    let config = read(text);
    let rotation = &config.settings.rotation;
    assert_eq!(rotation.workers, 8);
    assert_eq!(rotation.windows.usual, SignedDuration::from_mins(90));
    assert_eq!(rotation.windows.least, SignedDuration::from_secs(60));
    assert_eq!(rotation.windows.most, SignedDuration::from_hours(48));
    assert!(rotation.windows.follows_readers);
    assert_eq!(rotation.least_interval, SignedDuration::from_hours(7 * 24));
    assert_eq!(
        rotation.health_check_interval,
        SignedDuration::from_mins(10)
    );
    let shown = Shown(&config).to_string();
    for (key, value) in [
        ("window", "90m"),
        ("least_window", "1m"),
        ("least_interval", "7d"),
    ] {
        let line = format!("  {key:<28} {value:<40} file");
        assert!(shown.contains(&line), "{line}: {shown}");
    }
    let usual = Config::default().settings.rotation;
    assert_eq!(usual.windows.usual, SignedDuration::from_hours(48));
    assert_eq!(usual.windows.least, SignedDuration::from_mins(10));
    assert_eq!(usual.least_interval, SignedDuration::from_hours(6));
    assert_eq!(usual.health_check_interval, SignedDuration::from_hours(1));
    for never in ["0", "0s"] {
        let config = read(&format!("[rotation]\nhealth_check_interval = '{never}'"));
        let interval = config.settings.rotation.health_check_interval;
        assert!(interval.is_zero());
    }
}

#[test]
fn times_that_are_none_are_refused() {
    for (text, said) in [
        (
            "[rotation]\nwindow = 30",
            "k.toml:2:10: window: expected text in quotes, found a whole number",
        ),
        (
            "[rotation]\nwindow = '30'",
            "k.toml:2:10: window: must be a number and d, h, m or s, such as 30m, and at most 48h",
        ),
        (
            "[rotation]\nwindow = '49h'",
            "k.toml:2:10: window: must be a number and d, h, m or s, such as 30m, and at most 48h",
        ),
        (
            "[rotation]\nleast_interval = '0s'",
            "k.toml:2:18: least_interval: must be a number and d, h, m or s, such as 30m, and at \
             most 365d",
        ),
        (
            "[rotation]\nhealth_check_interval = '8d'",
            "k.toml:2:25: health_check_interval: must be a number and d, h, m or s, such as 30m, \
             and at most 7d",
        ),
        (
            "[rotation]\nworkers = 0",
            "k.toml:2:11: workers: is not a whole number from 1 to 64",
        ),
        (
            "[rotation]\nwindow = '5m'",
            "k.toml: [rotation] window = 5m is shorter than least_window = 10m",
        ),
    ] {
        assert_eq!(refused(text), said, "{text}");
    }
}

#[test]
fn a_window_that_is_shorter_than_clients_sleep_is_warned_of() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("k.toml");
    for (window, is_warned) in [("6h", true), ("7h", false)] {
        fs::write(&path, format!("[rotation]\nwindow = '{window}'")).unwrap();
        let config = super::super::load(&path, &Env::default()).unwrap();
        let said = format!("[rotation] window = {window}: ");
        let warned = config.warnings.iter().any(|own| own.starts_with(&said));
        assert_eq!(warned, is_warned, "{:?}", config.warnings);
    }
}

#[test]
fn a_ram_is_asked_as_one_identity() {
    let one = |more: &str| {
        let config = read(&format!("[[ram]]\naccount = '1'\n{more}"));
        config.settings.rams.into_iter().next().unwrap()
    };
    assert_eq!(one("").identity, CloudIdentity::Found);
    let file = CloudSource::AccessKeyFile("/k".into());
    assert_eq!(
        one("access_key_file = '/k'").identity,
        CloudIdentity::Of(file.clone())
    );
    let ram = one(
        "access_key_file = '/k'\nrole_arn = 'acs:ram::1:role/r'\nexternal_id = 'x'\n\
         endpoint = 'https://ram.internal:8443'\ntimeout_seconds = 3",
    );
    assert_eq!(
        ram.identity,
        CloudIdentity::Role {
            source: file,
            role: "acs:ram::1:role/r".parse().unwrap(),
            external_id: Some("x".to_owned()),
        }
    );
    assert_eq!(ram.patience.as_secs(), 3);
    assert_eq!(
        ram.endpoint.unwrap().to_string(),
        "https://ram.internal:8443"
    );
    assert!(ram.sts_endpoint.is_none());
}

#[test]
fn rams_that_nobody_could_ask_are_refused() {
    let ram = "[[ram]]\naccount = '1'\n";
    for (text, said) in [
        (
            "[[ram]]\ncli_profile = 'p'".to_owned(),
            "k.toml:1:1: [[ram]] needs the account whose users' AccessKeys are rotated",
        ),
        (
            format!("{ram}cli_profile = 'p'\necs_role = 'r'"),
            "k.toml:1:1: [[ram]] has one of access_key_file, cli_profile and ecs_role",
        ),
        (
            format!("{ram}role_arn = 'acs:ram::1:role/r'"),
            "k.toml:1:1: role_arn needs one who asks for it: access_key_file, cli_profile or \
             ecs_role",
        ),
        (
            format!("{ram}cli_profile = 'p'\nrole_arn = 'acs:ram::2:role/r'"),
            "k.toml:1:1: role_arn is a role of the account 2, and account is 1",
        ),
        (
            format!("{ram}external_id = 'x'"),
            "k.toml:1:1: external_id is for a role_arn",
        ),
        (
            format!("{ram}endpoint = 'http://ram.internal'"),
            "k.toml:3:12: endpoint: http:// would send secrets unprotected over the network; use \
             https://",
        ),
        (
            format!("{ram}timeout_seconds = 31"),
            "k.toml:3:19: timeout_seconds: is not a whole number from 1 to 30",
        ),
        (
            format!("{ram}{ram}"),
            "k.toml: [[ram]] names the account 1 twice",
        ),
    ] {
        assert_eq!(refused(&text), said, "{text}");
    }
}
