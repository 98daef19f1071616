//! What lies in the folder.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use crate::program::{Dev, command, refused, scratch};

#[test]
fn files_are_for_their_owner_alone() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let mut files = 0;
    let mut folders = vec![dev.dir.clone()];
    while let Some(folder) = folders.pop() {
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
                files += 1;
            }
        }
    }
    assert!(files >= 10, "{files}");
    let lines: Vec<_> = fs::read_to_string(dir.join("env"))
        .unwrap()
        .lines()
        .map(|line| line.split_once('=').unwrap().0.to_owned())
        .collect();
    assert_eq!(
        lines,
        [
            "export ALIBABA_CLOUD_ACCESS_KEY_ID",
            "export ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            "export KMS_ENDPOINT",
            "export KMS_TLS_ENDPOINT",
            "export KMS_CA_FILE",
            "export KMS_TOKEN",
            "export KMS_INSTANCE_ID",
            "export KMS_INSTANCE_ENDPOINT",
            "export KMS_CLIENT_KEY_FILE",
            "export KMS_CLIENT_KEY_PASSWORD_FILE",
            "export KMS_AGENT",
        ]
    );
    assert_eq!(Path::new(&dev.env["KMS_CA_FILE"]), dev.dir.join("ca.pem"));
    assert_eq!(
        dev.env["KMS_TOKEN"],
        format!("file://{}", dev.dir.join("kmstoken").display())
    );
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_lost_env_costs_an_accesskey_and_the_second_time_says_so() {
    let (_parent, dir) = scratch();
    let first = Dev::start(&dir).env["ALIBABA_CLOUD_ACCESS_KEY_ID"].clone();
    fs::remove_file(dir.join("env")).unwrap();
    let second = Dev::start(&dir).env["ALIBABA_CLOUD_ACCESS_KEY_ID"].clone();
    assert_ne!(first, second);
    fs::remove_file(dir.join("env")).unwrap();
    let (code, said) = refused(&mut command(&dir));
    assert_eq!(code, Some(70));
    assert!(said.contains("begin anew"), "{said}");
}

#[test]
fn data_without_its_root_key_is_not_begun_anew() {
    let (_parent, dir) = scratch();
    drop(Dev::start(&dir));
    fs::remove_file(dir.join("root.key")).unwrap();
    let (code, said) = refused(&mut command(&dir));
    assert_eq!(code, Some(70));
    assert!(said.contains("the root key is lost"), "{said}");
    assert!(!dir.join("root.key").exists());
}
