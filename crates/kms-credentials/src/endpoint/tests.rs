use kms_types::RegionId;

use super::{Endpoint, ParseEndpointError};

#[test]
fn the_three_forms_are_read() {
    for (text, url, authority) in [
        (
            "kms.cn-hangzhou.aliyuncs.com",
            "https://kms.cn-hangzhou.aliyuncs.com",
            "kms.cn-hangzhou.aliyuncs.com",
        ),
        (
            "Kms.Example:8443",
            "https://kms.example:8443",
            "kms.example:8443",
        ),
        ("https://kms.example/", "https://kms.example", "kms.example"),
        (
            "https://kms.example:443",
            "https://kms.example",
            "kms.example",
        ),
        (
            "http://localhost:9470",
            "http://localhost:9470",
            "localhost:9470",
        ),
        ("http://127.0.0.1:80", "http://127.0.0.1", "127.0.0.1"),
        ("http://[::1]:9470", "http://[::1]:9470", "[::1]:9470"),
        ("[::1]:9471", "https://[::1]:9471", "[::1]:9471"),
        ("localhost:443", "https://localhost", "localhost"),
    ] {
        let endpoint: Endpoint = text.parse().unwrap_or_else(|why| panic!("{text}: {why}"));
        assert_eq!(endpoint.to_string(), url, "{text}");
        assert_eq!(endpoint.authority(), authority, "{text}");
    }
}

#[test]
fn other_text_is_refused_for_its_reason() {
    for (text, why) in [
        ("", ParseEndpointError::Syntax),
        ("a b", ParseEndpointError::Syntax),
        ("/path", ParseEndpointError::NoHost),
        ("https://user:pw@kms.example", ParseEndpointError::UserInfo),
        ("https://kms.example/path", ParseEndpointError::Path),
        ("https://kms.example?x=1", ParseEndpointError::Path),
        ("kms.example:0", ParseEndpointError::Port),
        ("kms.example:70000", ParseEndpointError::Port),
        ("ftp://kms.example", ParseEndpointError::Scheme),
        ("http://kms.example", ParseEndpointError::PlainHttp),
        (
            "http://localhost.evil.example",
            ParseEndpointError::PlainHttp,
        ),
        (
            "http://127.0.0.1.evil.example",
            ParseEndpointError::PlainHttp,
        ),
        ("http://128.0.0.1", ParseEndpointError::PlainHttp),
    ] {
        assert_eq!(text.parse::<Endpoint>(), Err(why), "{text}");
    }
}

#[test]
fn the_shared_gateway_follows_from_the_region() {
    let region: RegionId = "cn-shanghai".parse().unwrap();
    assert_eq!(
        Endpoint::shared(&region).to_string(),
        "https://kms.cn-shanghai.aliyuncs.com"
    );
    let instance: Endpoint = "kst-szh6.cryptoservice.kms.aliyuncs.com".parse().unwrap();
    assert!(instance.is_instance());
    assert!(!Endpoint::shared(&region).is_instance());
}
