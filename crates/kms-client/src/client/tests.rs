use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use http::{HeaderMap, HeaderName, HeaderValue};
use kms_credentials::{
    Credentials, CredentialsError, Exchange, ExchangeError, HttpRequest, HttpResponse,
    ProvideCredentials,
};
use kms_testkit::MockClock;
use kms_types::Secret;
use kms_wire::{request::GetSecretValue, response, sign::SigningKey};
use tokio::time::Instant;

use super::Client;
use crate::{CallError, RetryPolicy, chance::Chance};

mod by_name;
mod client_key;
mod products;

/// Answers in their order, and keeps what was asked, with the time.
struct Script {
    answers: Mutex<VecDeque<Answer>>,
    asked: Mutex<Vec<(Duration, HttpRequest)>>,
    start: Instant,
}

enum Answer {
    Http(u16, Vec<(&'static str, &'static str)>, &'static str),
    Fails(ExchangeError),
    /// Answers only when the time of the attempt is over.
    Hangs,
}

impl Script {
    fn new(answers: Vec<Answer>) -> Self {
        Self {
            answers: Mutex::new(answers.into()),
            asked: Mutex::default(),
            start: Instant::now(),
        }
    }
}

#[async_trait]
impl Exchange for Script {
    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, ExchangeError> {
        let time = request.limits.time;
        let asked = (self.start.elapsed(), request);
        self.asked.lock().unwrap().push(asked);
        let answer = self.answers.lock().unwrap().pop_front();
        match answer.expect("no more than the scripted attempts") {
            Answer::Http(status, headers, body) => Ok(HttpResponse {
                status,
                headers: headers
                    .into_iter()
                    .map(|(name, value)| {
                        (
                            HeaderName::from_static(name),
                            HeaderValue::from_static(value),
                        )
                    })
                    .collect::<HeaderMap>(),
                body: Secret::new(body.as_bytes().to_vec()),
            }),
            Answer::Fails(error) => Err(error),
            Answer::Hangs => {
                tokio::time::sleep(time).await;
                Err(ExchangeError::Timeout(time))
            }
        }
    }
}

/// Nonces n0, n1, …; every wait is as long as it can be.
#[derive(Default)]
struct Counted(Mutex<u32>);

impl Chance for Counted {
    fn nonce(&self) -> String {
        let mut count = self.0.lock().unwrap();
        *count += 1;
        format!("n{}", *count - 1)
    }

    fn up_to(&self, most: Duration) -> Duration {
        most
    }
}

/// Hands out the first key; the second after it was refused, if there is one.
struct Keys(Mutex<VecDeque<&'static str>>);

impl Keys {
    fn new(ids: &[&'static str]) -> Self {
        Self(Mutex::new(ids.iter().copied().collect()))
    }
}

#[async_trait]
impl ProvideCredentials for Keys {
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        let id = *self.0.lock().unwrap().front().unwrap();
        Ok(Credentials {
            key: SigningKey {
                access_key_id: id.parse().unwrap(),
                access_key_secret: Secret::from("canary-secret"),
                security_token: None,
            },
            expires: None,
            provider: "default/env".to_owned(),
        })
    }

    async fn refused(&self, _credentials: &Credentials) -> bool {
        let mut keys = self.0.lock().unwrap();
        keys.len() > 1 && keys.pop_front().is_some()
    }
}

struct Stage {
    client: Client,
    script: Arc<Script>,
}

impl Stage {
    fn new(answers: Vec<Answer>) -> Self {
        Self::with_keys(answers, &["LTAI1"])
    }

    fn with_keys(answers: Vec<Answer>, keys: &[&'static str]) -> Self {
        let script = Arc::new(Script::new(answers));
        let keys = Arc::new(Keys::new(keys));
        let clock = MockClock::at("2026-11-25T10:00:00Z".parse().unwrap());
        let endpoint = "kms.cn-hangzhou.aliyuncs.com".parse().unwrap();
        let client = Client::builder(endpoint, keys, script.clone())
            .clock(Arc::new(clock))
            .chance(Arc::new(Counted::default()))
            .build();
        Self { client, script }
    }

    fn with_retry(self, retry: RetryPolicy) -> Self {
        let endpoint = "kms.cn-hangzhou.aliyuncs.com".parse().unwrap();
        let keys = Arc::new(Keys::new(&["LTAI1"]));
        let client = Client::builder(endpoint, keys, self.script.clone())
            .chance(Arc::new(Counted::default()))
            .retry(retry)
            .build();
        Self { client, ..self }
    }

    async fn read(&self) -> Result<String, CallError> {
        let value = self.value().await?;
        Ok(value.secret_data.expose().clone())
    }

    async fn value(&self) -> Result<response::GetSecretValue, CallError> {
        let operation = GetSecretValue::new("app/db".parse().unwrap());
        self.client.call(&operation).await
    }

    /// When each attempt began, in milliseconds.
    fn times(&self) -> Vec<u128> {
        let asked = self.script.asked.lock().unwrap();
        asked.iter().map(|(at, _)| at.as_millis()).collect()
    }

    fn header(&self, attempt: usize, name: &str) -> String {
        let asked = self.script.asked.lock().unwrap();
        let headers = &asked[attempt].1.headers;
        let found = headers.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

const VALUE: &str = r#"{"SecretName":"app/db","SecretData":"v3","VersionId":"v1"}"#;

fn value() -> Answer {
    Answer::Http(200, vec![], VALUE)
}

fn broken() -> Answer {
    Answer::Fails(ExchangeError::Transport {
        reason: "connection reset".to_owned(),
    })
}

#[tokio::test(start_paused = true)]
async fn a_call_is_signed_and_read() {
    let stage = Stage::new(vec![value()]);
    assert_eq!(stage.read().await.unwrap(), "v3");
    let asked = stage.script.asked.lock().unwrap();
    let (_, request) = &asked[0];
    assert_eq!(
        request.url,
        "https://kms.cn-hangzhou.aliyuncs.com/?SecretName=app%2Fdb"
    );
    assert_eq!(request.limits.body, 256 << 10);
    drop(asked);
    for (name, value) in [
        ("host", "kms.cn-hangzhou.aliyuncs.com"),
        ("x-acs-action", "GetSecretValue"),
        ("x-acs-version", "2016-01-20"),
        ("x-acs-date", "2026-11-25T10:00:00Z"),
        ("x-acs-signature-nonce", "n0"),
        ("x-acs-credentials-provider", "default/env"),
    ] {
        assert_eq!(stage.header(0, name), value);
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_tried_four_times_with_fresh_nonces_and_growing_waits() {
    let stage = Stage::new(vec![
        broken(),
        Answer::Http(500, vec![], "{}"),
        Answer::Http(429, vec![], r#"{"Code":"Rejected.Throttling"}"#),
        Answer::Http(
            503,
            vec![],
            r#"{"Code":"ServiceUnavailableTemporary","Message":"m"}"#,
        ),
    ]);
    let failed = stage.read().await.unwrap_err();
    assert_eq!(
        failed.to_string(),
        "ServiceUnavailableTemporary (HTTP 503): m"
    );
    assert_eq!(stage.times(), [0, 200, 600, 1_400]);
    let nonces: Vec<_> = (0..4)
        .map(|attempt| stage.header(attempt, "x-acs-signature-nonce"))
        .collect();
    assert_eq!(nonces, ["n0", "n1", "n2", "n3"]);
}

#[tokio::test(start_paused = true)]
async fn a_later_success_counts() {
    let stage = Stage::new(vec![broken(), value()]);
    assert_eq!(stage.read().await.unwrap(), "v3");
}

#[tokio::test(start_paused = true)]
async fn refusals_and_unreadable_answers_are_not_tried_again() {
    for (answer, error) in [
        (
            Answer::Http(
                404,
                vec![],
                r#"{"Code":"Forbidden.ResourceNotFound","Message":"m"}"#,
            ),
            "Forbidden.ResourceNotFound (HTTP 404): m",
        ),
        (
            Answer::Http(400, vec![], r#"{"Code":"InvalidParameter","Message":"m"}"#),
            "InvalidParameter (HTTP 400): m",
        ),
        (
            Answer::Http(302, vec![("location", "https://evil.example/")], ""),
            "kms.cn-hangzhou.aliyuncs.com sent an answer that cannot be read: HTTP 302 without an error code; is this a KMS endpoint?",
        ),
        (
            Answer::Http(200, vec![], "canary"),
            "kms.cn-hangzhou.aliyuncs.com sent an answer that cannot be read: it is no JSON at byte 1 of line 1",
        ),
        (
            Answer::Fails(ExchangeError::TooLarge(262_144)),
            "kms.cn-hangzhou.aliyuncs.com sent an answer that cannot be read: the answer is larger than 262144 bytes",
        ),
    ] {
        let stage = Stage::new(vec![answer]);
        assert_eq!(stage.read().await.unwrap_err().to_string(), error);
        assert_eq!(stage.times(), [0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_hint_is_waited_for_beside_the_jitter() {
    let busy = |name, hint| Answer::Http(429, vec![(name, hint)], r#"{"Code":"Throttling.User"}"#);
    let stage = Stage::new(vec![
        busy("retry-after", "2"),
        busy("x-acs-retry-after", "1500"),
        value(),
    ]);
    assert_eq!(stage.read().await.unwrap(), "v3");
    assert_eq!(stage.times(), [0, 2_200, 4_100]);
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_the_gateway_is_waited_for_whatever_its_status() {
    let limited = |code| Answer::Http(400, vec![("x-ratelimit-user", "TimeLeft:700")], code);
    let stage = Stage::new(vec![
        limited(r#"{"Code":"Throttling.Api","Message":"m"}"#),
        limited(r#"{"Code":"Throttling","Message":"m"}"#),
        value(),
    ]);
    assert_eq!(stage.read().await.unwrap(), "v3");
    assert_eq!(stage.times(), [0, 900, 2_000]);
    let stage = Stage::new(vec![limited(r#"{"Code":"ThrottlingNot","Message":"m"}"#)]);
    assert!(!stage.read().await.unwrap_err().is_transient());
    assert_eq!(stage.times(), [0]);
}

#[tokio::test(start_paused = true)]
async fn a_hint_past_the_deadline_is_not_waited_for() {
    let stage = Stage::new(vec![Answer::Http(
        429,
        vec![("retry-after", "3600")],
        r#"{"Code":"Throttling.User","Message":"later"}"#,
    )]);
    assert!(stage.read().await.unwrap_err().is_transient());
    assert_eq!(stage.script.start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn all_attempts_end_with_the_deadline() {
    let stage = Stage::new((0..4).map(|_| Answer::Hangs).collect());
    let failed = stage.read().await.unwrap_err();
    assert!(matches!(failed, CallError::Timeout { .. }), "{failed}");
    assert!(failed.is_transient());
    assert_eq!(stage.times(), [0, 7_200, 14_600, 22_400]);
    assert_eq!(stage.script.start.elapsed(), Duration::from_millis(29_400));
}

#[tokio::test(start_paused = true)]
async fn the_last_attempt_is_cut_short_by_the_deadline() {
    let stage = Stage::new((0..3).map(|_| Answer::Hangs).collect());
    let retry = RetryPolicy {
        total: Duration::from_secs(10),
        ..RetryPolicy::default()
    };
    let stage = stage.with_retry(retry);
    stage.read().await.unwrap_err();
    assert_eq!(stage.times(), [0, 7_200]);
    assert_eq!(stage.script.start.elapsed(), Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_off_is_corrected_once_and_stays_so() {
    let expired = || {
        Answer::Http(
            400,
            vec![("date", "Wed, 25 Nov 2026 12:30:00 GMT")],
            r#"{"Code":"InvalidTimeStamp.Expired","Message":"m"}"#,
        )
    };
    let stage = Stage::new(vec![expired(), value(), value()]);
    assert_eq!(stage.read().await.unwrap(), "v3");
    assert_eq!(stage.read().await.unwrap(), "v3");
    let dates: Vec<_> = (0..3).map(|n| stage.header(n, "x-acs-date")).collect();
    assert_eq!(
        dates,
        [
            "2026-11-25T10:00:00Z",
            "2026-11-25T12:30:00Z",
            "2026-11-25T12:30:00Z"
        ]
    );
    let stage = Stage::new(vec![expired(), expired()]);
    let failed = stage.read().await.unwrap_err().to_string();
    assert_eq!(failed, "InvalidTimeStamp.Expired (HTTP 400): m");
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_are_looked_up_once_more() {
    let refused = || {
        Answer::Http(
            404,
            vec![],
            r#"{"Code":"InvalidAccessKeyId.NotFound","Message":"m"}"#,
        )
    };
    let stage = Stage::with_keys(vec![refused(), value()], &["LTAI1", "LTAI2"]);
    assert_eq!(stage.read().await.unwrap(), "v3");
    assert!(
        stage
            .header(0, "authorization")
            .contains("Credential=LTAI1,")
    );
    assert!(
        stage
            .header(1, "authorization")
            .contains("Credential=LTAI2,")
    );

    let stage = Stage::with_keys(vec![refused(), refused()], &["LTAI1", "LTAI2", "LTAI3"]);
    stage.read().await.unwrap_err();
    let stage = Stage::new(vec![refused()]);
    stage.read().await.unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn programs_with_retries_of_their_own_get_one_attempt() {
    let stage = Stage::new(vec![broken()]).with_retry(RetryPolicy::never());
    let failed = stage.read().await.unwrap_err().to_string();
    assert_eq!(
        failed,
        "cannot talk to kms.cn-hangzhou.aliyuncs.com: connection reset"
    );
}
