use serde_json::{Value, json};

use super::{Answer, Operation, Request, ReviewError, Verdict};

fn review(request: &Value) -> Vec<u8> {
    json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request})
        .to_string()
        .into_bytes()
}

/// As an API server of 1.36 sends one.
fn pod(operation: &str, object: &Value, before: &Value) -> Value {
    json!({
        "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "requestKind": {"group": "", "version": "v1", "kind": "Pod"},
        "requestResource": {"group": "", "version": "v1", "resource": "pods"},
        "name": "a",
        "namespace": "shop",
        "operation": operation,
        "userInfo": {"username": "kubernetes-admin", "groups": ["system:masters"]},
        "object": object,
        "oldObject": before,
        "dryRun": false,
        "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"},
    })
}

fn read(request: &Value) -> Request {
    Request::read(&review(request)).expect("a review")
}

#[test]
fn an_object_is_read_whole() {
    let object = json!({"spec": {"ofTheYear2050": [1, {"a": null}]}});
    let request = read(&pod("CREATE", &object, &Value::Null));
    assert_eq!(request.object(), Some(&object));
    assert_eq!(request.before(), None);
    assert_eq!(request.kind(), ("", "Pod"));
    assert_eq!(request.place(), ("shop", "a"));
    assert_eq!(request.operation(), Operation::Create);
}

#[test]
fn what_is_about_to_go_is_nobodys_business() {
    let plain = json!({"metadata": {"name": "a"}});
    let going = json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}});
    let status = {
        let mut request = pod("UPDATE", &plain, &plain);
        request["subResource"] = json!("status");
        request
    };
    for request in [
        pod("UPDATE", &going, &plain),
        pod("UPDATE", &plain, &going),
        pod("DELETE", &Value::Null, &plain),
        status,
    ] {
        assert_eq!(read(&request).object(), None, "{request}");
    }
    let stays = json!({"metadata": {"deletionTimestamp": null}});
    assert!(read(&pod("UPDATE", &stays, &plain)).object().is_some());
}

#[test]
fn operations_that_are_not_known_are_others() {
    for (word, operation) in [
        ("CREATE", Operation::Create),
        ("UPDATE", Operation::Update),
        ("DELETE", Operation::Other),
        ("CONNECT", Operation::Other),
        ("MOVE", Operation::Other),
    ] {
        let request = read(&pod(word, &json!({}), &Value::Null));
        assert_eq!(request.operation(), operation, "{word}");
    }
}

#[test]
fn answers_are_as_the_api_server_reads_them() {
    let request = read(&pod("CREATE", &json!({}), &Value::Null));
    let said = |verdict, warnings: &[&str]| {
        let warnings = warnings.iter().map(|&warning| warning.to_owned()).collect();
        let mut said = request.answer(&Answer { verdict, warnings });
        assert_eq!(said["apiVersion"], "admission.k8s.io/v1");
        assert_eq!(said["kind"], "AdmissionReview");
        said["response"].take()
    };
    let uid = "705ab4f5-6393-11e8-b7cc-42010a800002";
    assert_eq!(
        said(Verdict::Allowed, &["look"]),
        json!({"uid": uid, "allowed": true, "warnings": ["look"]})
    );
    assert_eq!(
        said(Verdict::Patched("[]".to_owned()), &[]),
        json!({"uid": uid, "allowed": true, "patchType": "JSONPatch", "patch": "W10="})
    );
    assert_eq!(
        said(
            Verdict::Refused(vec!["a is wrong".to_owned(), "b".to_owned()]),
            &[]
        ),
        json!({
            "uid": uid,
            "allowed": false,
            "status": {"code": 422, "reason": "Invalid", "message": "a is wrong; b"},
        })
    );
}

#[test]
fn a_thousand_reasons_are_cut() {
    let request = read(&pod("CREATE", &json!({}), &Value::Null));
    let verdict = Verdict::Refused(vec!["a".to_owned(); 1000]);
    let said = request.answer(&Answer {
        verdict,
        warnings: Vec::new(),
    });
    let message = said["response"]["status"]["message"].as_str().unwrap();
    assert_eq!(message, format!("{}; and 980 more", ["a"; 20].join("; ")));
}

#[test]
fn what_is_no_review_is_told_without_its_content() {
    const CANARY: &str = "hunter2-of-a-broken-review";
    let of = |body: &str| Request::read(body.as_bytes()).map(drop).unwrap_err();
    assert_eq!(of("{}"), ReviewError::Other);
    assert_eq!(
        of(r#"{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview"}"#),
        ReviewError::Other
    );
    assert_eq!(
        of(r#"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}"#),
        ReviewError::Empty
    );
    let wrong = format!(r#"{{"request": {{"uid": 1, "kind": "{CANARY}"}}}}"#);
    let error = of(&wrong);
    assert!(matches!(error, ReviewError::NotJson { .. }), "{error:?}");
    assert!(!error.to_string().contains(CANARY), "{error}");
    let error = of(&format!(r#"{{"request": "{CANARY}"}}"#));
    assert!(!error.to_string().contains(CANARY), "{error}");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let _too_deep = of(&format!(r#"{{"request": {deep}}}"#));
}
