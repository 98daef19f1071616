//! What comes back.

use axum::body::Body;
use http::Response;
use http_body_util::BodyExt;
use serde_json::Value;

use super::HOST;

/// Status, headers that matter, body.
#[derive(Debug)]
pub(crate) struct Answer<B = String> {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) request_id: String,
    pub(crate) body: B,
}

// === impl Answer ===

impl Answer<Vec<u8>> {
    pub(crate) async fn read(response: Response<Body>) -> Self {
        let header = |name: &str| {
            let value = response.headers().get(name);
            value.map_or("", |value| value.to_str().unwrap()).to_owned()
        };
        // The map of the request's headers may serve for these, but nothing in it.
        for name in ["host", "authorization", "x-acs-date"] {
            assert!(!response.headers().contains_key(name), "{name} came back");
        }
        Self {
            status: response.status().as_u16(),
            content_type: header("content-type"),
            request_id: header("x-acs-request-id"),
            body: response
                .into_body()
                .collect()
                .await
                .unwrap()
                .to_bytes()
                .into(),
        }
    }

    pub(crate) fn text(self) -> Answer {
        Answer {
            status: self.status,
            content_type: self.content_type,
            request_id: self.request_id,
            body: String::from_utf8(self.body).unwrap(),
        }
    }
}

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
