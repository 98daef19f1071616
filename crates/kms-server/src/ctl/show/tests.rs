use kms_types::Secret;
use serde_json::json;

use super::{ending, field, list, names, record, shell_word, take, wipe};
use crate::ctl::table::{List, Pages};

const LIST: List = List {
    at: "/SecretList/Secret",
    columns: &[
        ("NAME", "/SecretName"),
        ("TYPE", "/SecretType"),
        ("TAGS", "/Tags/Tag"),
    ],
    pages: Pages::Numbered,
};

#[test]
fn a_list_is_a_table_in_lines_that_do_a_terminal_no_harm() {
    let answer = json!({"SecretList": {"Secret": [
        {"SecretName": "app/db", "SecretType": "Generic", "Tags": {"Tag": [
            {"TagKey": "team", "TagValue": "a & b"}, {"TagKey": "值", "TagValue": ""}]}},
        {"SecretName": "密码", "SecretType": "Rds"},
        {"SecretName": "evil\u{1b}[2J\n\u{202e}x", "SecretType": "Generic"},
    ]}});
    assert_eq!(
        list(&answer, &LIST),
        "\
NAME         TYPE     TAGS
app/db       Generic  team=a & b, 值=
密码         Rds
evil [2J  x  Generic
"
    );
    assert_eq!(names(&answer, &LIST), "app/db\n密码\nevil [2J  x\n");
    assert_eq!(list(&json!({}), &LIST), "NAME  TYPE  TAGS\n");
}

#[test]
fn what_ends_tells_how_many_days_are_left() {
    const KEYS: List = List {
        at: "/ClientKeys",
        columns: &[("KEY", "/Id"), ("NOT AFTER", "/NotAfter")],
        pages: Pages::One,
    };
    let answer = json!({"ClientKeys": [
        {"Id": "far", "NotAfter": "2031-11-28T12:00:00Z"},
        {"Id": "week", "NotAfter": "2026-12-06T11:59:59Z"},
        {"Id": "last-day", "NotAfter": "2026-11-30T11:59:59Z"},
        {"Id": "now", "NotAfter": "2026-11-29T12:00:00Z"},
        {"Id": "over", "NotAfter": "2026-11-29T11:59:59Z"},
        {"Id": "odd", "NotAfter": "soon"},
    ]});
    let now = "2026-11-29T12:00:00Z".parse().unwrap();
    assert_eq!(
        ending(&answer, &KEYS, "/NotAfter", now),
        "\
KEY       NOT AFTER             DAYS LEFT
far       2031-11-28T12:00:00Z  1825
week      2026-12-06T11:59:59Z  6
last-day  2026-11-30T11:59:59Z  0
now       2026-11-29T12:00:00Z  0
over      2026-11-29T11:59:59Z  expired
odd       soon
"
    );
    let none = ending(&json!({}), &KEYS, "/NotAfter", now);
    assert_eq!(none, "KEY  NOT AFTER  DAYS LEFT\n");
}

#[test]
fn a_record_is_a_line_for_each_field_and_nothing_is_no_line() {
    let answer = json!({
        "SecretName": "app/db",
        "Tags": {"Tag": [{"TagKey": "a", "TagValue": "b"}]},
        "VersionStages": {"VersionStage": ["ACSCurrent", "mine"]},
        "Owner": {"Id": 7, "Name": "x"},
        "RequestId": "r",
    });
    assert_eq!(
        record(&answer, ""),
        "\
Owner.Id       7
Owner.Name     x
SecretName     app/db
Tags           a=b
VersionStages  ACSCurrent, mine
"
    );
    assert_eq!(record(&json!({"RequestId": "r"}), ""), "");
    assert_eq!(record(&answer, "/Owner"), "Id    7\nName  x\n");
    assert_eq!(record(&answer, "/Nobody"), "");
}

#[test]
fn a_secret_is_taken_out_and_what_is_left_is_wiped() {
    let mut answer = json!({"A": {"Secret": "canary"}, "B": ["canary"]});
    assert_eq!(take(&mut answer, "/A/Secret").unwrap().expose(), "canary");
    assert_eq!(
        take(&mut answer, "/A/Secret").unwrap_err().to_string(),
        "the answer has no A.Secret"
    );
    wipe(&mut answer);
    assert_eq!(answer, json!({"A": {"Secret": null}, "B": [""]}));
}

#[test]
fn one_field_of_a_json_value_and_no_word_of_it_in_errors() {
    let value = Secret::from(r#"{"user":"app","port":3306,"more":{"a":[1]}}"#);
    let get = |name: &str| field(&value, name).map(|found| found.expose().clone());
    assert_eq!(get("user").unwrap(), "app");
    assert_eq!(get("port").unwrap(), "3306");
    assert_eq!(get("more").unwrap(), r#"{"a":[1]}"#);
    assert_eq!(
        get("none").unwrap_err().to_string(),
        "the secret has no such field"
    );
    assert_eq!(
        field(&Secret::from("canary"), "user")
            .unwrap_err()
            .to_string(),
        "the secret is no JSON object"
    );
}

#[test]
fn a_shell_takes_a_word_as_one() {
    assert_eq!(shell_word("LTAI5t+/="), "LTAI5t+/=");
    assert_eq!(shell_word("a b$(c)'d"), r"'a b$(c)'\''d'");
    assert_eq!(shell_word(""), "''");
}
