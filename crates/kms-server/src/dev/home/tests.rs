use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use tempfile::tempdir;

use super::{Home, HomeError};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_new_folder_is_the_owners_alone() {
    let parent = tempdir().unwrap();
    let home = Home::claim(&parent.path().join("a/b")).unwrap();
    assert_eq!(mode(home.path()), 0o700);
}

#[test]
fn an_empty_folder_and_ones_own_are_taken() {
    let dir = tempdir().unwrap();
    drop(Home::claim(dir.path()).unwrap());
    fs::write(dir.path().join("env"), "").unwrap();
    drop(Home::claim(dir.path()).unwrap());
}

#[test]
fn a_foreign_folder_is_refused_untouched() {
    let dir = tempdir().unwrap();
    fs::write(dir.path().join("thesis.txt"), "").unwrap();
    let refusal = Home::claim(dir.path()).unwrap_err();
    assert!(matches!(refusal, HomeError::Foreign(_)), "{refusal}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn a_folder_that_others_can_write_is_refused() {
    for open in [0o770, 0o703] {
        let dir = tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(open)).unwrap();
        let refusal = Home::claim(dir.path()).unwrap_err();
        assert!(matches!(refusal, HomeError::Exposed(_)), "{refusal}");
        assert!(refusal.to_string().contains("chmod go-w "));
    }
}

#[test]
fn a_file_is_no_folder() {
    let dir = tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let refusal = Home::claim(&file).unwrap_err();
    assert!(matches!(refusal, HomeError::NotAFolder(_)), "{refusal}");
}

#[test]
fn one_at_a_time() {
    let dir = tempdir().unwrap();
    let first = Home::claim(dir.path()).unwrap();
    let refusal = Home::claim(dir.path()).unwrap_err();
    assert!(matches!(refusal, HomeError::InUse(_)), "{refusal}");
    drop(first);
    Home::claim(dir.path()).unwrap();
}
