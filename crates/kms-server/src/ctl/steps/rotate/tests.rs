use serde_json::json;

use super::*;

#[test]
fn each_state_is_a_line_for_people() {
    let of_step = |step: &str, error: &str, window: &str| {
        let told = json!({
            "VersionId": "v2", "State": "InProgress", "Step": step, "Error": error,
            "WindowEnd": window,
        });
        of(&told, "v2").unwrap()
    };
    let goes = |what: &str| Progress::Goes(what.to_owned());
    assert_eq!(
        of_step("plan", "", ""),
        goes("the user's AccessKeys are looked at")
    );
    assert_eq!(
        of_step("create", "RAM is asked too often", ""),
        goes("a new value is made; again, for: RAM is asked too often")
    );
    assert_eq!(of_step("verify", "", ""), goes("the new value is tried"));
    let window = "2026-11-29T11:00:00Z";
    assert_eq!(
        of_step("drain", "", window),
        Progress::IsCurrent(format!("; the AccessKey before stays good until {window}"))
    );
    assert_eq!(
        of_step("finish", "", ""),
        Progress::IsCurrent(String::new())
    );
}

#[test]
fn what_failed_is_told_with_its_reason_and_another_rotation_is_none_of_this() {
    let told = json!({"VersionId": "v2", "State": "Failed", "Step": "report", "Error": "no role"});
    let given_up = Progress::GivenUp("no role".to_owned());
    assert_eq!(of(&told, "v2"), Some(given_up));
    assert_eq!(of(&told, "v3"), None);
}

#[test]
fn of_the_cloud_the_stages_tell() {
    let one =
        |stages: &[&str]| json!({"VersionId": "v2", "VersionStages": {"VersionStage": stages}});
    assert!(is_current(&one(&["mine", "ACSCurrent"]), "v2"));
    assert!(!is_current(&one(&["ACSPrevious"]), "v2"));
    assert!(!is_current(&one(&["ACSCurrent"]), "v1"));
}
