use super::LeakCheck;

const CANARY: &[u8] = b"canary-3f6a9d0e5b7c1a24";

#[test]
fn finds_each_form() {
    let check = LeakCheck::default().with("the token", CANARY);
    for (text, form) in [
        ("say canary-3f6a9d0e5b7c1a24.", "first half"),
        ("0e5b7c1a24", ""),
        ("... 9d0e5b7c1a24", "second half"),
        // Made elsewhere: printf canary-3f6a9d0e5b7c1a24 | xxd -p
        ("63616e6172792d336636613964306535623763316132 34", ""),
        ("x63616e6172792d33663661396430653562376331613234x", "hex"),
        // printf canary-… | base64, and with one and two letters before it
        ("Y2FuYXJ5LTNmNmE5ZDBlNWI3YzFhMjQ=", "base64"),
        ("YWNhbmFyeS0zZjZhOWQwZTViN2MxYTI0", "base64"),
        ("YWFjYW5hcnktM2Y2YTlkMGU1YjdjMWEyNA==", "base64"),
        (
            "%63%61%6e%61%72%79%2d%33%66%36%61%39%64%30%65%35%62%37%63%31%61%32%34",
            "percent",
        ),
    ] {
        let found = check.find(text.as_bytes());
        if form.is_empty() {
            assert_eq!(found, Vec::<String>::new(), "{text}");
        } else {
            assert!(
                found.iter().any(|what| what.contains(form)),
                "{text}: {found:?}"
            );
        }
    }
}

#[test]
#[should_panic(expected = "holds the token")]
fn searches_folders_below() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("logs")).unwrap();
    std::fs::write(dir.path().join("logs/a.log"), CANARY).unwrap();
    LeakCheck::default()
        .with("the token", CANARY)
        .assert_clean_folder(dir.path());
}
