use std::{fs, path::Path, sync::Arc};

use kms_testkit::{MockClock, TestCa};

use super::{Files, FilesError};
use crate::webhook::{certificate::Served, metrics::Metrics};

fn write(folder: &Path) {
    let issued = TestCa::new().issue(&["localhost"]);
    fs::write(folder.join("tls.crt"), issued.cert_pem).unwrap();
    fs::write(folder.join("tls.key"), issued.key_pem).unwrap();
}

fn served(served: &Served) -> Vec<u8> {
    let pair = served.pair.load();
    pair.as_ref().unwrap().certified.cert[0].to_vec()
}

#[test]
fn what_changed_is_served_and_what_is_broken_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let clock = MockClock::at("2026-01-01T00:00:00Z".parse().unwrap());
    let files = Files::new(at("tls.crt"), at("tls.key"), Arc::new(clock.clone()));
    let now = Served::new(Arc::new(Metrics::new()));
    let error = files.serve(&now).unwrap_err();
    assert!(matches!(error, FilesError::Read { .. }), "{error}");

    write(folder.path());
    files.serve(&now).unwrap();
    let first = served(&now);
    files.serve(&now).unwrap();
    assert_eq!(served(&now), first);
    write(folder.path());
    files.serve(&now).unwrap();
    let second = served(&now);
    assert_ne!(second, first);

    let other = TestCa::new().issue(&["localhost"]);
    fs::write(at("tls.key"), other.key_pem).unwrap();
    let error = files.serve(&now).unwrap_err().to_string();
    assert!(
        error.ends_with("the key is not that of the certificate"),
        "{error}"
    );
    fs::write(at("tls.key"), "nothing").unwrap();
    let error = files.serve(&now).unwrap_err().to_string();
    assert!(error.ends_with("there is no private key in PEM"), "{error}");
    assert_eq!(served(&now), second);

    write(folder.path());
    // rcgen's certificates of tests end in the year 4096.
    clock.jump_to("5000-01-01T00:00:00Z".parse().unwrap());
    let error = files.serve(&now).unwrap_err().to_string();
    assert!(error.ends_with("the certificate has ended"), "{error}");
}
