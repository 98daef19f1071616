use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};

use super::{Answer, Judge, Judges, Request, UNCHECKED, Verdict, Webhook};
use crate::admission::inject::Settings;

fn request(kind: (&str, &str), operation: &str, object: &Value) -> Arc<Request> {
    let review = json!({
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "request": {
            "uid": "1",
            "kind": {"group": kind.0, "version": "v1", "kind": kind.1},
            "operation": operation,
            "object": object,
        },
    });
    Arc::new(Request::read(review.to_string().as_bytes()).unwrap())
}

fn judges(judge: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Judges {
    let judge: Judge = Arc::new(judge);
    Judges::of(&judge)
}

#[tokio::test]
async fn a_panic_refuses_no_object_of_ours() {
    let judges = judges(|_| panic!("a defect"));
    let asked = request(("alibabacloud.com", "ExternalSecret"), "CREATE", &json!({}));
    let answer = judges.answer(Webhook::Validate, &asked).await;
    assert_eq!(
        answer,
        Some(Answer {
            verdict: Verdict::Allowed,
            warnings: vec![UNCHECKED.to_owned()],
        })
    );
    // No pod starts without the agent that it asks for.
    assert_eq!(judges.answer(Webhook::Inject, &asked).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_judge_that_never_ends_refuses_no_object_of_ours() {
    let (end, ends) = std::sync::mpsc::channel::<()>();
    let ends = std::sync::Mutex::new(ends);
    let judges = judges(move |_| {
        let _ended = ends.lock().unwrap().recv();
        Answer::default()
    });
    let asked = request(("alibabacloud.com", "ExternalSecret"), "CREATE", &json!({}));
    let answering = tokio::spawn(async move { judges.answer(Webhook::Validate, &asked).await });
    tokio::task::yield_now().await;
    // Time does not go on by itself while a thread is busy.
    tokio::time::advance(super::TIME + Duration::from_secs(1)).await;
    let answer = answering.await.unwrap().unwrap();
    assert_eq!(answer.warnings, [UNCHECKED]);
    drop(end);
}

#[tokio::test]
async fn what_is_no_question_of_ours_is_allowed() {
    let judges = Judges::new(Settings::default());
    for (webhook, kind, operation) in [
        (Webhook::Validate, ("apps", "Deployment"), "CREATE"),
        (Webhook::Validate, ("alibabacloud.com", "Other"), "CREATE"),
        (
            Webhook::Validate,
            ("alibabacloud.com", "SecretStore"),
            "DELETE",
        ),
        (
            Webhook::Validate,
            ("external-secrets.io", "SecretStore"),
            "CREATE",
        ),
        (Webhook::Inject, ("", "Pod"), "UPDATE"),
        (Webhook::Inject, ("apps", "Pod"), "CREATE"),
        (Webhook::Inject, ("", "Service"), "CREATE"),
    ] {
        let asks = json!({
            "metadata": {"annotations": {"kms-agent.alibabacloud.com/inject": "true"}},
            "spec": "nonsense",
        });
        let answer = judges
            .answer(webhook, &request(kind, operation, &asks))
            .await;
        assert_eq!(answer, Some(Answer::default()), "{kind:?} {operation}");
    }
}
