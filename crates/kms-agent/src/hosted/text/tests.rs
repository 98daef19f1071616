use std::path::PathBuf;

use super::*;

fn key(secret: &str) -> AccessKeyPair {
    AccessKeyPair {
        id: "LTAI5tA".parse().unwrap(),
        secret: Secret::from(secret),
        version_id: "v1".to_owned(),
        next_rotation: None,
    }
}

fn settings(format: RenderFormat) -> RenderSettings {
    RenderSettings {
        secret: "app".parse().unwrap(),
        file: PathBuf::from("file"),
        format,
        profile: "app".to_owned(),
        group: false,
    }
}

fn written(format: RenderFormat) -> String {
    let text = text(&settings(format), "cn-beijing", &key("s3cret/+=")).unwrap();
    text.expose().clone()
}

#[test]
fn each_format_is_what_programs_read() {
    let profile: serde_json::Value = serde_json::from_str(&written(RenderFormat::Profile)).unwrap();
    let expected = json!({
        "written_by": "alibabacloud-kms-agent", "current": "app",
        "profiles": [{
            "name": "app", "mode": "AK", "access_key_id": "LTAI5tA",
            "access_key_secret": "s3cret/+=", "region_id": "cn-beijing", "output_format": "json",
            "language": "en",
        }],
    });
    assert_eq!(profile, expected);
    let without_comment = |text: &str| text.split_once('\n').unwrap().1.to_owned();
    assert_eq!(
        without_comment(&written(RenderFormat::Ini)),
        "[app]\nenable = true\ntype = access_key\naccess_key_id = LTAI5tA\naccess_key_secret = s3cret/+=\n"
    );
    assert_eq!(
        without_comment(&written(RenderFormat::Env)),
        "ALIBABA_CLOUD_ACCESS_KEY_ID=LTAI5tA\nALIBABA_CLOUD_ACCESS_KEY_SECRET=s3cret/+=\n"
    );
}

#[test]
fn what_would_need_quotes_is_refused() {
    for secret in ["a b", "a'b", "a$b", "a#b", "a;b", "a\"b", "a\\b", "é"] {
        let text = text(&settings(RenderFormat::Env), "cn-beijing", &key(secret));
        assert!(text.is_none(), "{secret}");
    }
}

#[test]
fn the_agent_knows_its_own_files() {
    let formats = [RenderFormat::Profile, RenderFormat::Ini, RenderFormat::Env];
    for format in formats {
        assert!(is_ours(format, written(format).as_bytes()));
        for foreign in [
            "[default]\ntype = access_key\n",
            "{\"current\":\"default\",\"profiles\":[]}",
            "# Written by somebody else\n",
            "",
        ] {
            assert!(!is_ours(format, foreign.as_bytes()), "{foreign}");
        }
    }
}
