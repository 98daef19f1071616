//! Requests that were right once, each spoilt in one way.

use kms_types::{ErrorCode, Secret};

use super::{Sent, SigningKey, Unsigned};
use crate::{ApiError, Params, sign};

fn params() -> Params {
    let mut params = Params::default();
    params.push("SecretName", "app/db");
    params.push("SecretData", "canary");
    params
}

fn sent(signer: impl Fn(&Unsigned<'_>, &SigningKey) -> crate::SignedRequest) -> Sent {
    let unsigned = Unsigned {
        version: "2016-01-20",
        action: "PutSecretValue",
        params: &params(),
        host: "127.0.0.1:9470",
        user_agent: "kms/0",
        provider: "",
        now: "2024-01-02T03:04:05Z".parse().unwrap(),
        nonce: "n-1",
    };
    let key = SigningKey {
        access_key_id: "testid".parse().unwrap(),
        access_key_secret: Secret::from("testsecret"),
        security_token: Some(Secret::from("token")),
    };
    Sent::from(&signer(&unsigned, &key))
}

fn verdict(request: &Sent) -> Result<(), ApiError> {
    request.claim()?.verify(&Secret::from("testsecret"))
}

#[track_caller]
fn refused(
    signer: impl Fn(&Unsigned<'_>, &SigningKey) -> crate::SignedRequest,
    spoil: impl Fn(&mut Sent),
) -> ErrorCode {
    let mut request = sent(signer);
    verdict(&request).unwrap();
    spoil(&mut request);
    verdict(&request).unwrap_err().code
}

fn replace(name: &'static str, from: &'static str, to: &'static str) -> impl Fn(&mut Sent) {
    move |request| {
        let value = request.header_mut(name);
        let text = String::from_utf8(value.clone()).unwrap();
        assert!(text.contains(from), "{text} has no {from}");
        *value = text.replace(from, to).into_bytes();
    }
}

#[test]
fn acs3_covers_what_the_service_acts_upon() {
    use ErrorCode::{IncompleteSignature, SignatureDoesNotMatch};
    let acs3 = sign::sign_acs3;
    for (name, from, to) in [
        ("host", "127.0.0.1", "127.0.0.2"),
        ("x-acs-action", "Put", "Get"),
        ("x-acs-version", "2016", "2015"),
        ("x-acs-date", "03:04", "03:05"),
        ("x-acs-signature-nonce", "n-1", "n-2"),
        ("x-acs-security-token", "token", "other"),
        ("x-acs-content-sha256", "e3b0", "e3b1"),
        ("authorization", "Signature=", "Signature=00"),
        ("authorization", "Signature=", "Signature=zz"),
    ] {
        assert_eq!(
            refused(acs3, replace(name, from, to)),
            SignatureDoesNotMatch,
            "{name}"
        );
    }
    for (from, to) in [
        ("host;", ""),
        ("x-acs-date;", ""),
        ("host;", "host;host;"),
        ("host;", "host;via;"),
        ("SHA256", "SM3"),
        ("Signature=", "Sig="),
        ("Credential=testid", "Credential="),
        (",Signature", " Signature"),
    ] {
        assert_eq!(
            refused(acs3, replace("authorization", from, to)),
            IncompleteSignature,
            "{from}"
        );
    }
    let code = refused(acs3, |request| {
        request.push("x-acs-security-token", "other");
    });
    assert_eq!(code, SignatureDoesNotMatch, "a second value is signed too");
    let code = refused(acs3, |request| request.push("x-acs-unsigned", ""));
    assert_eq!(code, IncompleteSignature);
    assert_eq!(
        refused(acs3, |request| request.remove("host")),
        IncompleteSignature
    );
    assert_eq!(
        refused(acs3, replace("x-acs-accesskey-id", "testid", "other")),
        IncompleteSignature
    );
    assert_eq!(
        refused(acs3, |request| request.query.push_str("&DryRun=")),
        SignatureDoesNotMatch
    );
    assert_eq!(
        refused(acs3, |request| request.method = "GET".to_owned()),
        SignatureDoesNotMatch
    );
    assert_eq!(
        refused(acs3, |request| request.path = "/x".to_owned()),
        SignatureDoesNotMatch
    );
    assert_eq!(
        refused(acs3, |request| request.body = b"x".to_vec()),
        SignatureDoesNotMatch
    );
    let code = refused(acs3, |request| {
        request.push(
            "content-type",
            "application/x-www-form-urlencoded; charset=UTF-8",
        );
        request.body = b"a=b".to_vec();
    });
    assert_eq!(
        code, IncompleteSignature,
        "the content type decides and is not signed"
    );
}

#[test]
fn acs4_keys_open_their_scope_only() {
    use ErrorCode::{IncompleteSignature, SignatureDoesNotMatch};
    let acs4 = |call: &Unsigned<'_>, key: &SigningKey| {
        sign::sign_acs4(call, "cn-hangzhou", crate::Product::Kms, key)
    };
    for (from, to, code) in [
        ("/cn-hangzhou/", "/cn-beijing/", SignatureDoesNotMatch),
        ("/Kms/", "/Sts/", IncompleteSignature),
        ("/Kms/", "/kms/", IncompleteSignature),
        ("/20240102/", "/20240103/", IncompleteSignature),
        ("/20240102/", "//", IncompleteSignature),
        ("v4_request", "v4_other", IncompleteSignature),
        ("v4_request", "v4_request/x", IncompleteSignature),
        ("/Kms", "", IncompleteSignature),
        ("ACS4", "ACS5", ErrorCode::MissingParameter),
        ("ACS4", "ACS3", ErrorCode::AccessKeyNotFound),
    ] {
        assert_eq!(
            refused(acs4, replace("authorization", from, to)),
            code,
            "{from} {to}"
        );
    }
    let code = refused(acs4, replace("x-acs-date", "2024-01-02", "2024-01-03"));
    assert_eq!(code, IncompleteSignature);
    let code = refused(acs4, replace("x-acs-version", "2016-01-20", "2015-04-01"));
    assert_eq!(code, IncompleteSignature);
}

#[test]
fn a_client_key_signs_every_parameter() {
    let sent = |nonce| {
        let unsigned = Unsigned {
            version: "2016-01-20",
            action: "GetSecretValue",
            params: &params(),
            host: "h",
            user_agent: "kms/0",
            provider: "",
            now: "2024-01-02T03:04:05Z".parse().unwrap(),
            nonce,
        };
        Sent::from(&sign::sign_rpc_rsa(&unsigned, &super::client_key("KAAP.1")).unwrap())
    };
    let public_key = std::fs::read(super::file("client-key.pub.der")).unwrap();
    let mut request = sent("n-1");
    let claim = request.claim().unwrap();
    assert_eq!(claim.scheme(), sign::Scheme::ClientKey);
    claim.verify_rsa(&public_key).unwrap();
    assert!(claim.verify_rsa(b"").is_err());
    assert_eq!(
        claim.verify(&Secret::from("")).unwrap_err().code,
        ErrorCode::IncompleteSignature
    );
    request.query = request.query.replace("n-1", "n-2");
    let refused = request
        .claim()
        .unwrap()
        .verify_rsa(&public_key)
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::SignatureDoesNotMatch);
    assert!(!format!("{refused} {refused:?}").contains("canary"));
}

#[test]
fn what_is_no_rsa_key_is_refused() {
    for der in [&b""[..], b"\x30\x00", b"-----BEGIN", &[0x30; 200]] {
        let der = Secret::new(der.to_vec());
        let refused = sign::RsaSigningKey::from_der("KAAP.1".parse().unwrap(), &der);
        assert_eq!(refused.unwrap_err(), sign::RsaKeyError);
    }
    let shown = format!("{:?}", super::client_key("KAAP.1"));
    assert_eq!(
        shown,
        r#"RsaSigningKey { key_id: AccessKeyId("KAAP.1"), .. }"#
    );
}

#[test]
fn a_body_that_its_header_denies_is_refused() {
    // Signed as it is, so the header's value is the client's own mistake.
    let headers = [
        ("host", "h"),
        ("x-acs-content-sha256", "00"),
        ("x-acs-date", "2024-01-02T03:04:05Z"),
        ("x-acs-signature-nonce", "n"),
    ];
    let map = headers
        .iter()
        .map(|(name, value)| (*name, vec![value.as_bytes()]))
        .collect();
    let empty = sign::canonical::hex_sha256(b"");
    let canonical =
        sign::canonical::canonical_request("GET", "/", "Action=A&Version=1", &map, &empty);
    let signature = aws_lc_rs::hmac::sign(
        &sign::acs3::hmac_key(&Secret::from("testsecret")),
        sign::canonical::string_to_sign(sign::acs3::ALGORITHM, &canonical).as_bytes(),
    );
    let mut request = Sent {
        method: "GET".to_owned(),
        path: "/".to_owned(),
        query: "Action=A&Version=1".to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    for (name, value) in headers {
        request.push(name, value);
    }
    request.push(
        "authorization",
        &format!(
            "ACS3-HMAC-SHA256 Credential=testid, SignedHeaders=host;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce, Signature={}",
            hex::encode(signature)
        ),
    );
    assert_eq!(
        verdict(&request).unwrap_err().code,
        ErrorCode::SignatureDoesNotMatch
    );
}

#[test]
fn rpc_covers_every_parameter() {
    use ErrorCode::{IncompleteSignature, MissingParameter, SignatureDoesNotMatch};
    let rpc = sign::sign_rpc;
    let query = |from: &'static str, to: &'static str| {
        move |request: &mut Sent| {
            assert!(
                request.query.contains(from),
                "{} has no {from}",
                request.query
            );
            request.query = request.query.replace(from, to);
        }
    };
    for (from, to) in [
        ("SecretName=app", "SecretName=App"),
        ("Action=Put", "Action=Get"),
        ("Version=2016", "Version=2015"),
        ("Nonce=n-1", "Nonce=n-2"),
        ("T03%3A04", "T03%3A05"),
        ("Token=token", "Token=other"),
        ("Format=JSON", "Format=XML"),
        ("&Signature=", "&Signature=AAAA"),
        ("&Signature=", "&Signature=."),
    ] {
        assert_eq!(
            refused(rpc, query(from, to)),
            SignatureDoesNotMatch,
            "{from}"
        );
    }
    for (from, to) in [
        ("Method=HMAC-SHA1", "Method=HMAC-SHA256"),
        ("SignatureVersion=1.0", "SignatureVersion=2.0"),
        (
            "SignatureVersion=1.0",
            "SignatureVersion=1.0&SignatureType=BEARERTOKEN",
        ),
    ] {
        assert_eq!(refused(rpc, query(from, to)), IncompleteSignature, "{from}");
    }
    for (from, to) in [
        ("Action=", "NoAction="),
        ("&Version=", "&NoVersion="),
        ("AccessKeyId=testid", "AccessKeyId="),
        ("&Signature=", "&NoSignature="),
        ("Nonce=n-1", "Nonce="),
        ("SignatureMethod=", "NoMethod="),
        ("SignatureVersion=", "NoSignatureVersion="),
    ] {
        assert_eq!(refused(rpc, query(from, to)), MissingParameter, "{from}");
    }
    assert_eq!(
        refused(rpc, query("Id=testid", "Id=test%20id")),
        ErrorCode::AccessKeyNotFound
    );
    assert_eq!(
        refused(rpc, query("&Timestamp=", "&NoTimestamp=")),
        ErrorCode::IllegalTimestamp
    );
    for time in [
        "2024-01-02T03%3A04%3A05.0Z",
        "2024-01-02%2003%3A04%3A05Z",
        "2024-13-02T03%3A04%3A05Z",
        "now",
    ] {
        let code = refused(rpc, |request| {
            request.query = request.query.replace("2024-01-02T03%3A04%3A05Z", time);
        });
        assert_eq!(code, ErrorCode::TimestampFormat, "{time}");
    }
    assert_eq!(
        refused(rpc, |request| request.method = "GET".to_owned()),
        SignatureDoesNotMatch
    );
    assert_eq!(
        refused(rpc, |request| request.method = "PUT".to_owned()),
        ErrorCode::UnsupportedHttpMethod
    );
    let code = refused(rpc, |request| {
        request.push("content-type", "application/x-www-form-urlencoded");
        request.body = b"DryRun=true".to_vec();
    });
    assert_eq!(code, SignatureDoesNotMatch);
    // Anything else in the body is not a parameter.
    let mut request = sent(rpc);
    request.push("content-type", "application/json");
    request.body = b"{}".to_vec();
    verdict(&request).unwrap();
}

#[test]
fn the_string_to_sign_goes_to_the_caller_and_nowhere_else() {
    let mut request = sent(sign::sign_rpc);
    request.query = request.query.replace("n-1", "n-2");
    let error = verdict(&request).unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(
        !shown.contains("canary") && !shown.contains("POST&"),
        "{shown}"
    );
}

#[test]
fn only_one_action_travels_unsigned() {
    let unsigned = |query: &str| Sent {
        method: "GET".to_owned(),
        path: "/".to_owned(),
        query: query.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    let claim = unsigned(
        "Action=AssumeRoleWithOIDC&Version=2015-04-01&Timestamp=2024-01-02T03%3A04%3A05Z&OIDCToken=t",
    )
    .claim()
    .unwrap();
    assert!(claim.access_key_id.is_none());
    assert_eq!(claim.params.get("OIDCToken"), Some("t"));
    let refused = claim.verify(&Secret::from("")).unwrap_err();
    assert_eq!(refused.code, ErrorCode::IncompleteSignature);
    for query in [
        "Action=GetSecretValue&Version=2016-01-20&Timestamp=2024-01-02T03%3A04%3A05Z",
        "Action=AssumeRoleWithOIDC&Version=2016-01-20&Timestamp=2024-01-02T03%3A04%3A05Z",
        "Action=AssumeRoleWithOIDC&Version=2015-04-01&Timestamp=2024-01-02T03%3A04%3A05Z&Signature=x",
    ] {
        let Err(refused) = unsigned(query).claim() else {
            panic!("{query}");
        };
        assert_eq!(refused.code, ErrorCode::MissingParameter, "{query}");
    }
}

#[test]
fn a_name_with_a_boundary_in_it_has_one_reading() {
    // The Go and Python SDKs would sign both of these alike.
    let mut request = sent(sign::sign_acs3);
    request.query = request.query.replace(
        "SecretData=canary&SecretName=app%2Fdb",
        "SecretData%3Dcanary%26SecretName=app%2Fdb",
    );
    assert_eq!(
        verdict(&request).unwrap_err().code,
        ErrorCode::SignatureDoesNotMatch
    );
}
