use super::*;

fn answer(status: u16, body: &str) -> Answer {
    Answer {
        status: http::StatusCode::from_u16(status).unwrap(),
        body: Secret::new(body.as_bytes().to_vec()),
    }
}

fn shown(body: &str, field: Option<&str>) -> Result<String, String> {
    value(&answer(200, body), field)
        .map(|value| value.expose().clone())
        .map_err(|error| format!("{error:#}"))
}

#[test]
fn the_value_is_found_in_each_kind_of_answer() {
    let kms = r#"{"SecretData":"{\"k3\":\"v3\"}","SecretDataType":"text"}"#;
    let aws = r#"{"ARN":"","SecretString":"{\"k3\":\"v3\"}"}"#;
    let vault = r#"{"request_id":"x","data":{"k3":"v3"},"auth":null}"#;
    for body in [kms, aws, vault] {
        assert_eq!(shown(body, None).unwrap(), r#"{"k3":"v3"}"#);
        assert_eq!(shown(body, Some("k3")).unwrap(), "v3");
        assert_eq!(
            shown(body, Some("k4")).unwrap_err(),
            "the value has no such field"
        );
    }
    assert_eq!(shown(r#"{"SecretBinary":"AAEC"}"#, None).unwrap(), "AAEC");
    assert_eq!(
        shown(r#"{"SecretData":"a\nb\u5bc6"}"#, None).unwrap(),
        "a\nb密"
    );
}

#[test]
fn fields_that_are_no_text_are_shown_as_written() {
    let body = r#"{"SecretData":"{\"n\":10000000000000000000001,\"o\":{\"a\": 1.50},\"z\":null}"}"#;
    for (field, expected) in [
        ("n", "10000000000000000000001"),
        ("o", "{\"a\": 1.50}"),
        ("z", "null"),
    ] {
        assert_eq!(shown(body, Some(field)).unwrap(), expected);
    }
}

#[test]
fn errors_quote_nothing_of_the_value() {
    for body in [
        r#"{"SecretData":"hunter2"}"#,
        r#"{"SecretData":"[\"hunter2\"]"}"#,
        r#"{"hunter2"#,
        r#"{"Other":"hunter2"}"#,
    ] {
        let error = shown(body, Some("k")).unwrap_err();
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[test]
fn refusals_say_why_and_how_to_end() {
    let get = Get {
        name: "app/db".parse().unwrap(),
        version_id: Some("v1".parse().unwrap()),
        version_stage: Some("ACSPrevious".parse().unwrap()),
        field: None,
    };
    assert_eq!(
        get.target(),
        "/secretsmanager/get?secretId=app/db&versionId=v1&versionStage=ACSPrevious"
    );
    for (status, body, code, text) in [
        (
            404,
            r#"{"Code":"Forbidden.ResourceNotFound","Message":"gone"}"#,
            70,
            "Forbidden.ResourceNotFound: gone (HTTP 404)",
        ),
        (
            403,
            r#"{"__type":"AccessDeniedException","message":"no"}"#,
            77,
            "AccessDeniedException: no (HTTP 403)",
        ),
        (
            403,
            r#"{"errors":["no valid token"]}"#,
            77,
            "no valid token (HTTP 403)",
        ),
        (502, r#"{"errors":[]}"#, 69, "no reason given (HTTP 502)"),
        (504, "<html>", 69, "no reason given (HTTP 504)"),
    ] {
        let failure = refused(&get.name, &answer(status, body));
        assert_eq!(failure.exit.code(), code, "{body}");
        assert_eq!(failure.to_string(), format!("cannot read app/db: {text}"));
    }
}
