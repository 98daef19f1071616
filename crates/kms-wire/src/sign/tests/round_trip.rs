//! What one side signs, the other believes.

use kms_types::Secret;
use proptest::{collection, prelude::*};

use super::{Claim, Sent, SigningKey, Unsigned};
use crate::{
    Params, Product, RawRequest,
    sign::{rpc, sign_acs3, sign_acs4, sign_rpc},
};

fn params() -> impl Strategy<Value = Params> {
    collection::btree_map("[A-Za-z.0-9]{1,12}|P.{1,8}", "(?s).{0,30}", 0..8).prop_map(|pairs| {
        let mut params = Params::default();
        for (name, value) in pairs {
            // Not a parameter of the scheme itself.
            params.push(format!("P{name}"), value);
        }
        params
    })
}

proptest! {
    #[test]
    fn every_scheme(
        params in params(),
        token in proptest::option::of("[!-~]{1,40}"),
        long in 0_usize..3,
        scheme in 0..3,
        secret in "[!-~]{1,40}",
    ) {
        let mut params = params;
        params.push("Data", "密".repeat(long * 1000));
        let unsigned = Unsigned {
            version: "2016-01-20",
            action: "CreateSecret",
            params: &params,
            host: "[::1]:9470",
            user_agent: "kms/0",
            provider: "default/env",
            now: "2024-01-02T03:04:05Z".parse().unwrap(),
            nonce: "n-1",
        };
        let key = SigningKey {
            access_key_id: "testid".parse().unwrap(),
            access_key_secret: Secret::from(secret.as_str()),
            security_token: token.as_deref().map(Secret::from),
        };
        let sent = Sent::from(&match scheme {
            0 => sign_acs3(&unsigned, &key),
            1 => sign_acs4(&unsigned, "cn-hangzhou", Product::Kms, &key),
            _ => sign_rpc(&unsigned, &key),
        });
        let claim = sent.claim().unwrap();
        claim.verify(&key.access_key_secret).unwrap();
        let other = Secret::new(format!("{secret}x"));
        prop_assert!(claim.verify(&other).is_err());
        prop_assert_eq!(claim.security_token.as_ref().map(Secret::expose), token.as_ref());
        let mut wanted: Vec<_> = params.iter().collect();
        let mut read: Vec<_> = claim.params.iter().collect();
        wanted.sort_unstable();
        read.sort_unstable();
        prop_assert_eq!(read, wanted);
    }

    /// V1 as others send it: by GET, or with everything in the form.
    #[test]
    fn rpc_in_any_place(params in params(), in_form: bool) {
        let mut params = params;
        for (name, value) in [
            ("Action", "GetSecretValue"),
            ("Version", "2016-01-20"),
            ("AccessKeyId", "testid"),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureType", ""),
            ("SignatureVersion", "1.0"),
            ("SignatureNonce", "n"),
            ("Timestamp", "2024-01-02T03:04:05Z"),
        ] {
            params.push(name, value);
        }
        let method = if in_form { "POST" } else { "GET" };
        let secret = Secret::from("testsecret");
        let signature = aws_lc_rs::hmac::sign(
            &rpc::hmac_key(&secret),
            rpc::string_to_sign(method, &params).as_bytes(),
        );
        params.push("Signature", base64::Engine::encode(&base64::prelude::BASE64_STANDARD, signature));
        let written = params.canonical();
        let headers: &[(&str, &[u8])] =
            &[("content-type", b"application/x-www-form-urlencoded;charset=utf-8")];
        let claim = Claim::parse(&RawRequest {
            method,
            path: "",
            query: if in_form { "" } else { &written },
            headers: if in_form { headers } else { &[] },
            body: if in_form { written.as_bytes() } else { b"" },
        })
        .unwrap();
        claim.verify(&secret).unwrap();
        prop_assert!(claim.verify(&Secret::from("other")).is_err());
    }

    #[test]
    fn parsing_never_panics(
        method in "GET|POST",
        query in "[ -~]{0,80}|(Action|Version|Timestamp|Signature|AccessKeyId|&|=|%|2015-04-01)*",
        authorization in proptest::option::of("[ -~]{0,60}|ACS[34]-HMAC-SHA256 (Credential=|SignedHeaders=|Signature=|host|;|,|/|x|aliyun_v4_request)*"),
        headers in collection::vec(("[a-z-]{0,10}|x-acs-[a-z]{0,5}|host", collection::vec(any::<u8>(), 0..20)), 0..6),
        body in collection::vec(any::<u8>(), 0..60),
    ) {
        let mut all: Vec<(&str, &[u8])> = headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
        if let Some(text) = &authorization {
            all.push(("authorization", text.as_bytes()));
        }
        let request = RawRequest { method: &method, path: "/", query: &query, headers: &all, body: &body };
        if let Ok(claim) = Claim::parse(&request) {
            prop_assert!(claim.verify(&Secret::from("testsecret")).is_err());
        }
    }
}
