use std::{fs, path::Path, sync::Barrier, thread, time::Duration};

use kms_types::Env;

use super::*;

const VARIABLES: [&str; 3] = [
    "KMS_TOKEN",
    "KMS_SESSION_TOKEN",
    "KMS_CONTAINER_AUTHORIZATION_TOKEN",
];

fn find(env: &[(&str, &str)]) -> Result<TokenSource, TokenError> {
    let env: Env = env.iter().copied().collect();
    TokenSource::find(&env, &VARIABLES.map(str::to_owned))
}

fn token(env: &[(&str, &str)]) -> String {
    find(env).unwrap().read(true).unwrap().expose().clone()
}

fn file_source(path: &Path) -> TokenSource {
    find(&[("KMS_TOKEN", &format!("file://{}", path.display()))]).unwrap()
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    #[cfg(unix)]
    chmod(path, 0o640);
}

#[cfg(unix)]
fn chmod(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn the_first_variable_that_is_set_counts() {
    for (env, expected) in [
        (vec![("KMS_TOKEN", "a"), ("KMS_SESSION_TOKEN", "b")], "a"),
        (
            vec![
                ("KMS_SESSION_TOKEN", "b"),
                ("KMS_CONTAINER_AUTHORIZATION_TOKEN", "c"),
            ],
            "b",
        ),
        (
            vec![("KMS_CONTAINER_AUTHORIZATION_TOKEN", "c"), ("OTHER", "d")],
            "c",
        ),
    ] {
        assert_eq!(token(&env), expected);
    }
    assert!(matches!(
        find(&[("OTHER", "d")]),
        Err(TokenError::NotSet { .. })
    ));
}

#[test]
fn quotes_and_white_space_around_a_value_are_not_part_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kmstoken");
    write(&path, " from-the-file\r\n");
    let url = format!("file://{}", path.display());
    for (value, expected) in [
        ("plain".to_owned(), "plain"),
        ("'plain'".to_owned(), "plain"),
        ("\"plain\"".to_owned(), "plain"),
        (" plain\n".to_owned(), "plain"),
        // One quote is a part of it.
        ("'plain".to_owned(), "'plain"),
        (url.clone(), "from-the-file"),
        // As seed 000's compose file and YAML file write it.
        (format!("'{url}'"), "from-the-file"),
        (format!("\"{url}\""), "from-the-file"),
    ] {
        assert_eq!(token(&[("KMS_TOKEN", &value)]), expected, "{value}");
    }
}

#[test]
fn an_empty_token_is_refused() {
    // A variable that is there but empty is a mistake, not a reason to look further.
    for value in ["", " ", "''", "\"\"", "' '", "file://"] {
        let env = [("KMS_TOKEN", value), ("KMS_SESSION_TOKEN", "b")];
        assert!(
            matches!(find(&env), Err(TokenError::Empty { .. })),
            "{value:?}"
        );
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kmstoken");
    for text in ["", "\n", " \t\r\n"] {
        write(&path, text);
        let error = file_source(&path).read(true).unwrap_err();
        assert!(matches!(error, TokenError::Empty { .. }), "{text:?}");
        assert!(error.to_string().contains("kmstoken"));
    }
}

#[test]
fn what_no_header_can_carry_is_refused_and_not_shown() {
    let error = find(&[("KMS_TOKEN", "secret\nword")]).unwrap_err();
    assert!(matches!(error, TokenError::Unusable { .. }));
    assert!(!error.to_string().contains("secret"));
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kmstoken");
    write(&path, &"x".repeat(4097));
    assert!(matches!(
        file_source(&path).read(false),
        Err(TokenError::Read { .. })
    ));
    write(&path, &"x".repeat(4096));
    assert!(file_source(&path).read(false).is_ok());
    fs::write(&path, b"\xff\xfe").unwrap();
    assert!(matches!(
        file_source(&path).read(false),
        Err(TokenError::Read { .. })
    ));
}

#[test]
fn a_file_that_is_not_there_is_made_at_the_start_only() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kmstoken");
    let source = file_source(&path);
    assert!(source.is_missing());
    assert!(matches!(source.read(false), Err(TokenError::Read { .. })));
    let made = source.read(true).unwrap();
    assert!(!source.is_missing());
    let text = fs::read_to_string(&path).unwrap();
    // 256 bits in hexadecimal, and nothing behind them: clients send the file as it is.
    assert_eq!(text.len(), 64);
    assert!(text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')));
    assert_eq!(*made.expose(), text);
    assert_eq!(
        *source.read(true).unwrap().expose(),
        text,
        "one that exists is used"
    );
    assert_eq!(
        fs::read_dir(dir.path()).unwrap().count(),
        1,
        "nothing is left beside it"
    );
}

#[test]
fn who_makes_the_file_first_has_made_it_for_all() {
    for _ in 0..20 {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("kmstoken");
        let barrier = Barrier::new(8);
        let tokens: Vec<String> = thread::scope(|scope| {
            let makers: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        barrier.wait();
                        file_source(&path).read(true).unwrap().expose().clone()
                    })
                })
                .collect();
            makers
                .into_iter()
                .map(|maker| maker.join().unwrap())
                .collect()
        });
        let text = fs::read_to_string(&path).unwrap();
        assert!(tokens.iter().all(|token| *token == text));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}

#[test]
fn a_fresh_token_replaces_the_file_whole() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kmstoken");
    write_fresh(&path).unwrap();
    let first = fs::read_to_string(&path).unwrap();
    // Whoever holds the old file open sees the old token and not half of the new one.
    let held = fs::File::open(&path).unwrap();
    write_fresh(&path).unwrap();
    let second = fs::read_to_string(&path).unwrap();
    assert_ne!(first, second);
    assert_eq!(second.len(), 64);
    assert_eq!(io::read_to_string(held).unwrap(), first);
}

#[test]
fn errors_name_the_file() {
    let path = Path::new("/nowhere/kmstoken");
    for error in [
        write_fresh(path).unwrap_err(),
        file_source(path).read(true).unwrap_err(),
        file_source(path).read(false).unwrap_err(),
    ] {
        assert!(error.to_string().contains("/nowhere/kmstoken"), "{error}");
    }
    let dir = tempfile::tempdir().unwrap();
    let error = file_source(dir.path()).read(true).unwrap_err();
    assert!(
        matches!(error, TokenError::Read { .. }),
        "a directory: {error}"
    );
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_or_change_it() {
    use std::os::unix::fs::PermissionsExt;

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kmstoken");
    write_fresh(&path).unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    for mode in [0o644, 0o641, 0o642, 0o666, 0o604] {
        chmod(&path, mode);
        let error = file_source(&path).read(true).unwrap_err();
        assert!(matches!(error, TokenError::Exposed { .. }), "{mode:o}");
        assert!(error.to_string().contains("chmod 0640"), "{error}");
    }
    for mode in [0o400, 0o600, 0o640, 0o660] {
        chmod(&path, mode);
        assert!(file_source(&path).read(true).is_ok(), "{mode:o}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_and_a_fifo_hangs_nobody() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};

    let dir = tempfile::tempdir().unwrap();
    write(&dir.path().join("real"), "token");
    let link = dir.path().join("link");
    // As Kubernetes mounts each file of a volume.
    std::os::unix::fs::symlink(dir.path().join("real"), &link).unwrap();
    assert_eq!(file_source(&link).read(true).unwrap().expose(), "token");
    let fifo = dir.path().join("fifo");
    mknodat(CWD, &fifo, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
    assert!(matches!(
        file_source(&fifo).read(true),
        Err(TokenError::Read { .. })
    ));
}

#[tokio::test(start_paused = true)]
async fn after_a_reload_both_tokens_are_good_for_a_minute() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kmstoken");
    write(&path, "old-token");
    let keeper = TokenKeeper::start(file_source(&path)).unwrap();
    let accepted = keeper.accepted();
    let accepts = |token: &str| accepted.load().accept(token.as_bytes());
    let (handle, lifecycle) = kms_telemetry::Lifecycle::new();
    let running = tokio::spawn(keeper.run(lifecycle));
    let settle = || tokio::time::sleep(Duration::from_millis(10));
    settle().await;
    assert!(accepts("old-token") && !accepts("new-token"));

    write(&path, "new-token");
    settle().await;
    assert!(!accepts("new-token"), "only an order makes it read");
    handle.reload();
    settle().await;
    assert!(accepts("old-token") && accepts("new-token"));

    tokio::time::sleep(Duration::from_secs(59)).await;
    assert!(accepts("old-token"));
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(!accepts("old-token") && accepts("new-token"));

    // Broken files change nothing: empty, gone, open to all.
    write(&path, "\n");
    handle.reload();
    settle().await;
    assert!(accepts("new-token") && !accepts(""));
    #[cfg(unix)]
    {
        write(&path, "third-token");
        chmod(&path, 0o666);
        handle.reload();
        settle().await;
        assert!(accepts("new-token") && !accepts("third-token"));
    }
    fs::remove_file(&path).unwrap();
    handle.reload();
    settle().await;
    assert!(accepts("new-token"));
    assert!(!path.exists(), "a reload makes no file");
    running.abort();
}

#[test]
fn debug_shows_no_token() {
    let source = find(&[("KMS_TOKEN", "a-secret-word")]).unwrap();
    assert!(!format!("{source:?} {source}").contains("a-secret-word"));
}
