use std::{fs, path::Path, sync::Arc};

use kms_testkit::{MockClock, TestCa};
use tempfile::tempdir;

use super::{WebhookError, WebhookSettings, Webhooks};

const DIGITS: &str = "000102030405060708090a0b0c0d0e0f";

fn write(path: &Path, content: &[u8]) {
    fs::write(path, content).unwrap();
    #[cfg(unix)]
    chmod(path, 0o600);
}

#[cfg(unix)]
fn chmod(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;

    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn settings(key: &Path) -> WebhookSettings {
    WebhookSettings::new("http://127.0.0.1:9/".parse().unwrap(), key.to_owned())
}

fn opened(settings: &WebhookSettings) -> Result<Vec<u8>, WebhookError> {
    let clock = MockClock::at("2025-01-03T07:59:17Z".parse().unwrap());
    let hooks = Webhooks::open(std::slice::from_ref(settings), Arc::new(clock))?;
    Ok(hooks.hooks[0].is.key.expose().clone())
}

#[test]
fn the_key_is_the_line_of_a_file_that_others_cannot_read() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("webhook.key");
    let settings = settings(&path);
    let error = opened(&settings).unwrap_err();
    assert!(matches!(error, WebhookError::KeyFile { .. }), "{error}");
    for end in ["", "\n", "\r\n"] {
        write(&path, format!("{DIGITS}{end}").as_bytes());
        assert_eq!(opened(&settings).unwrap(), DIGITS.as_bytes());
    }
    #[cfg(unix)]
    for mode in [0o640, 0o604, 0o660] {
        chmod(&path, mode);
        let error = opened(&settings).unwrap_err();
        assert!(matches!(error, WebhookError::KeyFile { .. }), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn the_keys_file_is_no_link() {
    let dir = tempdir().unwrap();
    let (path, link) = (dir.path().join("key"), dir.path().join("link"));
    write(&path, DIGITS.as_bytes());
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let error = opened(&settings(&link)).unwrap_err();
    assert!(matches!(error, WebhookError::KeyFile { .. }), "{error}");
}

#[test]
fn what_could_be_guessed_or_was_not_meant_is_no_key() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("webhook.key");
    for text in [
        "",
        "hunter2",
        &DIGITS[1..],
        &format!("{DIGITS}\n\n"),
        &format!("{DIGITS} "),
        &format!("{DIGITS}\n{DIGITS}\n"),
        &format!("{DIGITS}\u{e9}"),
        &"x".repeat(513),
        &"x".repeat(5000),
    ] {
        write(&path, text.as_bytes());
        let error = opened(&settings(&path)).unwrap_err();
        assert!(
            matches!(error, WebhookError::Key { .. }),
            "{text:?}: {error}"
        );
        let said = format!("{error} {error:?}");
        assert!(text.len() < 7 || !said.contains(text.trim()), "{said}");
    }
    write(&path, b"\xff\xfe");
    assert!(matches!(
        opened(&settings(&path)),
        Err(WebhookError::Key { .. })
    ));
    write(&path, "x".repeat(512).as_bytes());
    opened(&settings(&path)).unwrap();
}

#[test]
fn an_authority_that_cannot_be_read_is_refused() {
    let dir = tempdir().unwrap();
    let (key, ca) = (dir.path().join("key"), dir.path().join("ca.pem"));
    write(&key, DIGITS.as_bytes());
    let settings = WebhookSettings {
        ca_file: Some(ca.clone()),
        ..WebhookSettings::new("https://127.0.0.1:9/".parse().unwrap(), key)
    };
    assert!(matches!(opened(&settings), Err(WebhookError::Ca(_))));
    write(&ca, b"no certificate");
    assert!(matches!(opened(&settings), Err(WebhookError::Ca(_))));
    write(&ca, TestCa::new().pem().as_bytes());
    opened(&settings).unwrap();
}
