//! How calls are written and signed.

use aws_lc_rs::hmac;
use axum::body::Body;
use base64::{Engine, prelude::BASE64_STANDARD};
use http::Request;
use kms_types::Clock;
use kms_wire::{
    Params,
    sign::{Unsigned, sign_acs3},
};

use super::{HOST, World};

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

impl World {
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
