use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
};

use kms_types::Env;
use tempfile::tempdir;

use super::{ParseSourceError, ParseTokenUriError, RootKeySource, SourceError};

const DIGITS: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

fn write(path: &Path, mode: u32) {
    fs::write(path, format!("{DIGITS}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn sources_are_written_as_they_are_read() {
    for text in [
        "kms:/etc/kms/root.json",
        "pkcs11:token=kms;object=root?module-path=/usr/lib/p11.so&pin-source=/etc/kms/pin",
        "file:/etc/kms/root.key",
        "credential:root.key",
        "env:KMS_ROOT",
    ] {
        assert_eq!(text.parse::<RootKeySource>().unwrap().to_string(), text);
    }
    for (text, why) in [
        ("/etc/root.key", ParseSourceError::Unknown),
        ("file:root.key", ParseSourceError::Relative),
        ("credential:../root.key", ParseSourceError::Unknown),
        ("credential:", ParseSourceError::Unknown),
        ("kms:root.json", ParseSourceError::Relative),
        (
            "pkcs11:object=kms",
            ParseSourceError::Token(ParseTokenUriError::NoToken),
        ),
        ("vault:kms", ParseSourceError::Unknown),
    ] {
        assert_eq!(text.parse::<RootKeySource>(), Err(why), "{text}");
    }
}

#[tokio::test]
async fn a_credential_is_what_the_service_manager_handed_over() {
    let dir = tempdir().unwrap();
    let env = Env::from_iter([("CREDENTIALS_DIRECTORY", dir.path().to_str().unwrap())]);
    let source: RootKeySource = "credential:root.key".parse().unwrap();
    let load = async |env: &Env| source.load(env).await.map(|key| key.id());
    assert!(matches!(
        load(&env).await,
        Err(SourceError::NoCredential(_))
    ));
    assert!(matches!(
        load(&Env::default()).await,
        Err(SourceError::NoCredential(_))
    ));

    let path = dir.path().join("root.key");
    // With its access control list, as systemd shows it to a service that is not root.
    write(&path, 0o440);
    let id = load(&env).await.unwrap();
    let by_variable: RootKeySource = "env:KEY".parse().unwrap();
    let by_variable = by_variable
        .load(&Env::from_iter([("KEY", DIGITS)]))
        .await
        .unwrap();
    assert_eq!(id, by_variable.id());

    write(&path, 0o444);
    assert!(matches!(
        load(&env).await,
        Err(SourceError::Credential { .. })
    ));
    fs::remove_file(&path).unwrap();
    write(&dir.path().join("other"), 0o400);
    symlink(dir.path().join("other"), &path).unwrap();
    assert!(matches!(
        load(&env).await,
        Err(SourceError::Credential { .. })
    ));
    fs::remove_file(&path).unwrap();
    fs::write(&path, &DIGITS[2..]).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    assert!(matches!(
        load(&env).await,
        Err(SourceError::Credential { .. })
    ));
}

#[test]
fn a_key_beside_its_data_is_refused() {
    let dir = tempdir().unwrap();
    let source = RootKeySource::File(dir.path().join("root.key"));
    let data = dir.path().join("not/made/yet/kms.db");
    assert!(matches!(
        source.check_apart(&data),
        Err(SourceError::SameFilesystem(_))
    ));
    // The kernel's own, on any Linux.
    source.check_apart(Path::new("/proc/self/status")).unwrap();
    let elsewhere: RootKeySource = "credential:root.key".parse().unwrap();
    elsewhere.check_apart(&data).unwrap();
}
