use std::fs;

use super::*;

const DIGITS: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

#[test]
fn is_made_once_and_found_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("root.key");
    let made = RootKey::load_or_create(&path).unwrap();
    assert_eq!(made.id(), RootKey::load_or_create(&path).unwrap().id());
    assert_eq!(made.id(), RootKey::load(&path).unwrap().id());

    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.len(), 65);
    assert!(text.ends_with('\n'));
    assert_eq!(
        fs::read_dir(dir.path()).unwrap().count(),
        1,
        "no draft stays"
    );
}

#[test]
fn many_that_make_it_at_once_get_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("root.key");
    let ids: Vec<[u8; 8]> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| RootKey::load_or_create(&path).unwrap().id()))
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert!(ids.iter().all(|id| *id == ids[0]));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn id_is_the_beginning_of_its_sha256() {
    // printf of the 32 bytes 00..1f, through sha256sum: 630dcd2966c43366…
    let key = RootKey::from_hex(DIGITS).unwrap();
    assert_eq!(hex::encode(key.id()), "630dcd2966c43366");
    assert_eq!(format!("{key:?}"), "RootKey(630dcd2966c43366)");
}

#[test]
fn refuses_what_is_no_key() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("root.key");
    for text in [
        "",
        "\n",
        &DIGITS[1..],
        &format!("{DIGITS}0"),
        &format!("{DIGITS}\n\n"),
        &format!(" {DIGITS}"),
        &format!("{DIGITS} and more text than any key file holds, on and on and on and on and on"),
        &DIGITS.replace('0', "g"),
        "\u{e9}",
    ] {
        write(&path, text.as_bytes(), 0o600);
        assert!(
            matches!(
                RootKey::load_or_create(&path),
                Err(RootKeyError::Malformed { .. })
            ),
            "{text:?}"
        );
        assert_eq!(fs::read(&path).unwrap(), text.as_bytes(), "left as it was");
    }
    write(&path, b"\xff\xfe", 0o600);
    assert!(matches!(
        RootKey::load(&path),
        Err(RootKeyError::Malformed { .. })
    ));
}

#[test]
fn says_when_there_is_none() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("root.key");
    assert!(matches!(
        RootKey::load(&path),
        Err(RootKeyError::Absent { .. })
    ));
    assert!(!path.exists());
}

#[cfg(unix)]
#[test]
fn has_mode_0600_and_refuses_a_file_that_others_can_read() {
    use std::os::unix::fs::PermissionsExt;

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("root.key");
    RootKey::load_or_create(&path).unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o600);

    for mode in [0o640, 0o604, 0o620, 0o601] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        assert!(
            matches!(
                RootKey::load_or_create(&path),
                Err(RootKeyError::Exposed { .. })
            ),
            "{mode:o}"
        );
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    RootKey::load(&path).unwrap();
}

#[cfg(unix)]
#[test]
fn refuses_links_directories_and_pipes() {
    let dir = tempfile::tempdir().unwrap();
    let real = dir.path().join("real");
    RootKey::load_or_create(&real).unwrap();
    let link = dir.path().join("link");
    std::os::unix::fs::symlink(&real, &link).unwrap();
    assert!(matches!(
        RootKey::load_or_create(&link),
        Err(RootKeyError::NotPlain { .. })
    ));

    let dangling = dir.path().join("dangling");
    std::os::unix::fs::symlink(dir.path().join("nowhere"), &dangling).unwrap();
    assert!(matches!(
        RootKey::load_or_create(&dangling),
        Err(RootKeyError::NotPlain { .. })
    ));
    assert!(!dir.path().join("nowhere").exists());

    assert!(matches!(
        RootKey::load_or_create(dir.path()),
        Err(RootKeyError::NotPlain { .. })
    ));

    let pipe = dir.path().join("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
    assert!(matches!(
        RootKey::load_or_create(&pipe),
        Err(RootKeyError::NotPlain { .. })
    ));
}

fn write(path: &std::path::Path, content: &[u8], mode: u32) {
    fs::write(path, content).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    #[cfg(not(unix))]
    let _mode = mode;
}
