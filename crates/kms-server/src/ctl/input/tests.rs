use std::fs;

use kms_types::Secret;
use tempfile::tempdir;

use super::{document, utf8, without_line_end};

#[test]
fn one_line_loses_its_end_and_more_lines_keep_theirs() {
    for (given, kept) in [
        ("hunter2\n", "hunter2"),
        ("hunter2\r\n", "hunter2"),
        ("hunter2", "hunter2"),
        ("hunter2 \n", "hunter2 "),
        ("a\nb\n", "a\nb\n"),
        ("\n", ""),
        ("\n\n", "\n\n"),
    ] {
        let cut = without_line_end(&Secret::from(given));
        assert_eq!(cut.expose(), kept, "{given:?}");
    }
}

#[test]
fn documents_are_said_or_lie_in_files() {
    assert_eq!(
        document("{}")
            .map(|text| text.expose().clone())
            .ok()
            .as_deref(),
        Some("{}")
    );
    let folder = tempdir().unwrap();
    let path = folder.path().join("policy.json");
    fs::write(&path, "{\"a\":1}\n").unwrap();
    let said = format!("@{}", path.display());
    assert_eq!(document(&said).unwrap().expose(), "{\"a\":1}\n");
    let missing = document("@/nowhere/policy.json").unwrap_err().to_string();
    assert!(
        missing.starts_with("cannot read /nowhere/policy.json: "),
        "{missing}"
    );
}

#[test]
fn bytes_that_are_no_text_are_not_repeated() {
    let error = utf8(&Secret::new(b"canary\xff".to_vec()), "the value").unwrap_err();
    assert_eq!(error.to_string(), "the value is no UTF-8 text");
}
