//! A server without sockets: one account, one user, a clock that is moved by hand.

use std::sync::Arc;

use aws_lc_rs::hmac;
use axum::{Router, body::Body};
use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderName, Request};
use http_body_util::BodyExt;
use kms_crypto::RootKey;
use kms_server::gateway::{Gateway, Limits};
use kms_service::{Parts, Service, unlock};
use kms_store::SqliteStore;
use kms_testkit::MockClock;
use kms_types::Clock;
use kms_wire::{
    Params,
    sign::{SigningKey, Unsigned, sign_acs3},
};
use serde_json::Value;
use tower::ServiceExt;

pub(crate) const KMS: &str = "2016-01-20";
pub(crate) const STS: &str = "2015-04-01";
pub(crate) const HOST: &str = "kms.test:9470";

pub(crate) struct World {
    pub(crate) clock: MockClock,
    pub(crate) key: SigningKey,
    router: Router,
    nonces: u32,
    _dir: tempfile::TempDir,
}

/// Status, headers that matter, body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) request_id: String,
    pub(crate) body: String,
}

/// How a call travels.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    /// ACS3, parameters in the query of a POST.
    V3,
    /// HMAC-SHA1, everything in the query of a POST.
    V1Query,
    /// HMAC-SHA1, everything in the query of a GET.
    V1Get,
    /// HMAC-SHA1, everything in a form, the signature too (pop-core).
    V1Form,
    /// HMAC-SHA1, system parameters in the query, the others in a form (Terraform).
    V1Split,
}

// === impl World ===

impl World {
    pub(crate) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = MockClock::at("2025-01-03T07:59:17Z".parse().unwrap());
        let root = RootKey::load_or_create(&dir.path().join("root.key")).unwrap();
        let store = SqliteStore::open(&dir.path().join("kms.db")).await.unwrap();
        let keyring = unlock(&store, &root, &clock).await.unwrap();
        let service = Service::new(Parts {
            store: Arc::new(store),
            keyring,
            clock: Arc::new(clock.clone()),
            region: "cn-hangzhou".parse().unwrap(),
        });
        let account = "1000000000000001".parse().unwrap();
        service.ensure_user(&account, "dev").await.unwrap();
        let key = service.create_access_key(&account, "dev").await.unwrap();
        let router = Gateway {
            service,
            clock: Arc::new(clock.clone()),
            limits: Limits::default(),
            query_header: HeaderName::from_static("x-long-query"),
        }
        .openapi();
        Self {
            clock,
            key: SigningKey {
                access_key_id: key.id,
                access_key_secret: key.secret,
                security_token: None,
            },
            router,
            nonces: 0,
            _dir: dir,
        }
    }

    /// One call of Kms, signed as the user, in JSON.
    pub(crate) async fn kms(&mut self, action: &str, params: &[(&str, &str)]) -> Answer {
        self.call(Way::V3, KMS, action, params).await
    }

    /// One call, signed as the user.
    pub(crate) async fn call(
        &mut self,
        way: Way,
        version: &str,
        action: &str,
        params: &[(&str, &str)],
    ) -> Answer {
        let request = self.sign(way, version, action, params);
        self.send(request).await
    }

    pub(crate) fn nonce(&mut self) -> String {
        self.nonces += 1;
        format!("nonce-{}", self.nonces)
    }

    pub(crate) fn sign(
        &mut self,
        way: Way,
        version: &str,
        action: &str,
        params: &[(&str, &str)],
    ) -> Request<Body> {
        let nonce = self.nonce();
        match way {
            Way::V3 => self.sign_v3(version, action, params, &nonce),
            _ => self.sign_v1(way, version, action, params, &nonce),
        }
    }

    /// With the project's own signer, whose vectors kms-wire's tests hold.
    fn sign_v3(
        &self,
        version: &str,
        action: &str,
        params: &[(&str, &str)],
        nonce: &str,
    ) -> Request<Body> {
        let mut business = Params::default();
        for (name, value) in params {
            business.push(*name, *value);
        }
        let signed = sign_acs3(
            &Unsigned {
                version,
                action,
                params: &business,
                host: HOST,
                user_agent: "test",
                provider: "static_ak",
                now: self.clock.now(),
                nonce,
            },
            &self.key,
        );
        let mut request = Request::builder().method(signed.method).uri(&signed.target);
        for (name, value) in &signed.headers {
            request = request.header(name, value);
        }
        request.body(Body::from(signed.body)).unwrap()
    }

    /// Written once more here, as reference kms-api §1.2 says it.
    fn sign_v1(
        &self,
        way: Way,
        version: &str,
        action: &str,
        business: &[(&str, &str)],
        nonce: &str,
    ) -> Request<Body> {
        let method = if matches!(way, Way::V1Get) {
            "GET"
        } else {
            "POST"
        };
        let timestamp = self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let mut system = vec![
            ("AccessKeyId", self.key.access_key_id.as_str()),
            ("Action", action),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureNonce", nonce),
            // Empty and signed, as the Go and Python cores send it.
            ("SignatureType", ""),
            ("SignatureVersion", "1.0"),
            ("Timestamp", &timestamp),
            ("Version", version),
        ];
        let mut all = [&system[..], business].concat();
        all.sort_unstable();
        let text = format!("{method}&%2F&{}", encode(&join(&all)));
        let secret = format!("{}&", self.key.access_key_secret.expose());
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.as_bytes());
        let signature = BASE64_STANDARD.encode(hmac::sign(&key, text.as_bytes()));
        system.push(("Signature", &signature));
        let (query, form) = match way {
            Way::V1Form => (String::new(), join(&[&system[..], business].concat())),
            Way::V1Split => (join(&system), join(business)),
            _ => (join(&[&system[..], business].concat()), String::new()),
        };
        Request::builder()
            .method(method)
            .uri(format!("/?{query}"))
            .header("host", HOST)
            .header("content-type", "application/x-www-form-urlencoded")
            // Nearly every client sends these along; they decide nothing.
            .header("x-acs-action", action)
            .header("x-acs-version", version)
            .body(Body::from(form))
            .unwrap()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let header = |name: &str| {
            let value = response.headers().get(name);
            value.map_or("", |value| value.to_str().unwrap()).to_owned()
        };
        let (content_type, request_id) = (header("content-type"), header("x-acs-request-id"));
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Answer {
            status,
            content_type,
            request_id,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }
}

// === impl Answer ===

impl Answer {
    /// The JSON body without its RequestId, which must be the header's.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.content_type, "application/json;charset=utf-8");
        let mut body: Value = serde_json::from_str(&self.body).unwrap();
        let id = body.as_object_mut().unwrap().remove("RequestId");
        assert_eq!(id, Some(Value::from(self.request_id.as_str())));
        body
    }

    /// The JSON body of a success.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.json()
    }

    /// Status and code of a refusal.
    #[track_caller]
    pub(crate) fn refusal(&self) -> (u16, String) {
        let body = self.json();
        assert_eq!(body["HttpStatus"], self.status);
        assert_eq!(body["HostId"], HOST);
        (self.status, body["Code"].as_str().unwrap().to_owned())
    }
}

fn join(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(b).to_string()
            }
            _ => format!("%{b:02X}"),
        })
        .collect()
}
