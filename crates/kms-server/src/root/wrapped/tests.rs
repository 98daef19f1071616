use std::fs;

use kms_client::Env;
use tempfile::tempdir;

use super::{WrappedError, load};

/// What nobody made here is refused before any KMS is asked.
#[tokio::test]
async fn a_file_that_is_none_is_refused_by_its_reason() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("root.json");
    let whole = |version: u32, region: &str, blob: &str| {
        format!(
            r#"{{"version":{version},"region":"{region}","key_id":"k","ciphertext_blob":"{blob}","id":"00"}}"#
        )
    };
    for (text, why) in [
        ("{".to_owned(), "EOF while parsing"),
        (whole(2, "cn-hangzhou", "AA=="), "later version"),
        (whole(1, "not a region", "AA=="), "region"),
        (whole(1, "cn-hangzhou", "*"), "Invalid symbol"),
        (
            whole(1, "cn-hangzhou", "AA==").replace("\"id\"", "\"x\":1,\"id\""),
            "unknown field",
        ),
        (whole(1, "cn-hangzhou", &"A".repeat(70_000)), "too long"),
    ] {
        fs::write(&path, text).unwrap();
        let error = load(&path, &Env::default()).await.unwrap_err();
        assert!(matches!(error, WrappedError::Malformed { .. }), "{error:?}");
        assert!(error.to_string().contains(why), "{error}");
    }
    fs::remove_file(&path).unwrap();
    let error = load(&path, &Env::default()).await.unwrap_err();
    assert!(matches!(error, WrappedError::File { .. }), "{error:?}");
}
