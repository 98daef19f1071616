use super::*;

#[test]
fn it_is_replaced_whole_and_nothing_is_left_beside_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    replace(&path, b"old", false).unwrap();
    // Whoever has the old one open reads on in it.
    let held = File::open(&path).unwrap();
    replace(&path, b"a longer new one", false).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"a longer new one");
    assert_eq!(io::read_to_string(held).unwrap(), "old");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn what_cannot_be_replaced_stays() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("folder");
    fs::create_dir(&path).unwrap();
    fs::write(path.join("inner"), "old").unwrap();
    assert!(replace(&path, b"new", false).is_err());
    assert_eq!(fs::read(path.join("inner")).unwrap(), b"old");
    assert_eq!(
        fs::read_dir(dir.path()).unwrap().count(),
        1,
        "no piece of it is left"
    );
    assert!(replace(&dir.path().join("nowhere/file"), b"new", false).is_err());
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_it_whatever_was_there_before() {
    use std::os::unix::fs::PermissionsExt;

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    fs::write(&path, "open to all").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    for (group, mode) in [(false, 0o600), (true, 0o640)] {
        replace(&path, b"secret", group).unwrap();
        let found = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(found & 0o777, mode);
    }
    // A new file that is not filled yet is as private.
    let fresh = dir.path().join("fresh");
    create(&fresh, false).unwrap();
    assert_eq!(
        fs::metadata(&fresh).unwrap().permissions().mode() & 0o777,
        0o600
    );
    // Nobody can have put a link in its way.
    let link = dir.path().join("link");
    std::os::unix::fs::symlink(&fresh, &link).unwrap();
    assert!(create(&link, false).is_err());
}
