use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use axum::{
    body::{Body, to_bytes},
    http::{Request as HttpRequest, StatusCode},
};
use kms_testkit::LeakCheck;
use kms_types::SystemClock;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{MOST, Reviews};
use crate::webhook::{
    metrics::Metrics,
    question::{Judge, Judges},
    review::{Answer, Verdict},
};

const CANARY: &str = "hunter2-in-an-environment-variable";

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn reviews(verdict: Verdict) -> (Reviews, Arc<Metrics>) {
    let judge: Judge = Arc::new(move |_| Answer {
        verdict: verdict.clone(),
        warnings: Vec::new(),
    });
    let metrics = Arc::new(Metrics::new());
    let clock = Arc::new(SystemClock);
    let reviews = Reviews::new(Judges::of(&judge), Arc::clone(&metrics), clock);
    (reviews, metrics)
}

fn review(name: &str) -> Value {
    json!({
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "request": {
            "uid": "1",
            "kind": {"group": "", "version": "v1", "kind": "Pod"},
            "name": name,
            "namespace": "shop",
            "operation": "CREATE",
            "object": {"spec": {"containers": [{"env": [{"name": "A", "value": CANARY}]}]}},
        },
    })
}

async fn ask(reviews: &Reviews, path: &str, body: impl Into<Body>) -> (StatusCode, String) {
    let request = HttpRequest::post(path).body(body.into()).unwrap();
    let answer = reviews.router().oneshot(request).await.unwrap();
    let status = answer.status();
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_review_is_answered_and_counted() {
    let (reviews, metrics) = reviews(Verdict::Refused(vec!["no".to_owned()]));
    let (status, body) = ask(&reviews, "/validate", review("a").to_string()).await;
    assert_eq!(status, StatusCode::OK);
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["response"]["uid"], "1");
    assert_eq!(body["response"]["allowed"], false);
    let text = metrics.render();
    let line = "ack_secret_manager_webhook_reviews_total\
                {webhook=\"validate\",operation=\"create\",verdict=\"refused\"} 1";
    assert!(text.contains(line), "{text}");
    assert!(
        text.contains("review_seconds_count{webhook=\"validate\"} 1"),
        "{text}"
    );
}

#[tokio::test]
async fn what_is_no_review_is_one_error() {
    let (reviews, metrics) = reviews(Verdict::Allowed);
    let (status, body) = ask(&reviews, "/validate", "{").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        body,
        "the body is no AdmissionReview of admission.k8s.io/v1: see line 1, column 1\n"
    );
    let line = "{webhook=\"validate\",operation=\"unknown\",verdict=\"malformed\"} 1";
    assert!(metrics.render().contains(line), "{}", metrics.render());
}

#[tokio::test]
async fn a_body_is_bounded() {
    let (reviews, _) = reviews(Verdict::Allowed);
    let (status, _) = ask(&reviews, "/inject", vec![b' '; MOST + 1]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let (status, _) = ask(&reviews, "/inject", vec![b' '; MOST]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let (reviews, _) = reviews(Verdict::Allowed);
    let never = futures_util::stream::pending::<io::Result<Vec<u8>>>();
    let (status, _) = ask(&reviews, "/inject", Body::from_stream(never)).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn other_places_and_methods_are_not_there() {
    let (reviews, _) = reviews(Verdict::Allowed);
    let (status, _) = ask(&reviews, "/", "").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let request = HttpRequest::get("/validate").body(Body::empty()).unwrap();
    let answer = reviews.router().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
}

/// One thread: what tasks log is caught with it.
#[tokio::test]
async fn nothing_of_an_object_is_logged() {
    let lines = Lines::default();
    let written = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || written.clone())
        .finish();
    let caught = tracing::subscriber::set_default(subscriber);
    let (reviews, _) = reviews(Verdict::Refused(vec![CANARY.to_owned()]));
    let (status, _) = ask(&reviews, "/inject", review("a").to_string()).await;
    assert_eq!(status, StatusCode::OK);
    let spoiled = review("a\nforged=line")
        .to_string()
        .replace("CREATE", CANARY);
    let (status, _) = ask(&reviews, "/inject", spoiled).await;
    assert_eq!(status, StatusCode::OK);
    let broken = format!(r#"{{"request": "{CANARY}"}}"#);
    let (status, body) = ask(&reviews, "/inject", broken).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    drop(caught);
    let canary = LeakCheck::default().with("a value", CANARY.as_bytes());
    assert_eq!(canary.find(body.as_bytes()), [""; 0]);
    let logged = lines.0.lock().unwrap().clone();
    assert_eq!(canary.find(&logged), [""; 0]);
    let logged = String::from_utf8(logged).unwrap();
    let first = logged.lines().next().unwrap_or_default();
    for word in [
        "kind=\"Pod\"",
        "namespace=\"shop\"",
        "name=\"a\"",
        "operation=\"create\"",
        "verdict=\"refused\"",
    ] {
        assert!(first.contains(word), "{word}: {first}");
    }
    assert!(!logged.contains("forged"), "{logged}");
}
