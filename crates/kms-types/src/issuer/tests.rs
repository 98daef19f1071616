use super::{IssuerUrl, ParseIssuerUrlError};

#[test]
fn takes_what_an_issuer_needs() {
    for (good, is_tls) in [
        (
            "https://oidc-ack-cn-hangzhou.oss-cn-hangzhou.aliyuncs.com/c7f3",
            true,
        ),
        ("https://kubernetes.default.svc", true),
        ("https://issuer.example:8443/", true),
        ("https://[::1]:8443/a/b", true),
        ("https://10.0.0.1", true),
        ("http://localhost:8080", false),
        ("http://127.0.0.1:1/x", false),
        ("http://[::1]", false),
    ] {
        let url: IssuerUrl = good.parse().unwrap();
        assert_eq!((url.as_str(), url.is_tls()), (good, is_tls));
    }
}

#[test]
fn refuses_the_rest() {
    use ParseIssuerUrlError::{Scheme, Shape, TooLong};
    for (bad, why) in [
        ("", Scheme),
        ("issuer.example", Scheme),
        ("ftp://issuer.example", Scheme),
        ("HTTPS://issuer.example", Scheme),
        ("http://issuer.example", Scheme),
        ("http://localhost.example", Scheme),
        ("http://127.0.0.1.example", Scheme),
        ("http://169.254.169.254/latest", Scheme),
        ("https://", Shape),
        ("https:///path", Shape),
        ("https://user@issuer.example", Shape),
        ("https://issuer.example?x=1", Shape),
        ("https://issuer.example/#f", Shape),
        ("https://issuer.example/a b", Shape),
        ("https://issuer.example\\@evil.example", Shape),
        ("https://issuer.example\n", Shape),
        ("https://issuer.example:0", Shape),
        ("https://issuer.example:65536", Shape),
        ("https://issuer.example:+443", Shape),
        ("https://issuer.example:", Shape),
        ("https://issuer.example:443:443", Shape),
        ("https://[::1", Shape),
        ("https://[::1]443", Shape),
        ("https://[nonsense]", Shape),
        ("https://issüer.example", Shape),
        ("http://localhost@evil.example", Shape),
    ] {
        assert_eq!(bad.parse::<IssuerUrl>(), Err(why), "{bad}");
    }
    let longest = format!("https://i.example/{}", "p".repeat(237));
    assert_eq!(longest.len(), 255);
    assert!(longest.parse::<IssuerUrl>().is_ok());
    assert_eq!(format!("{longest}p").parse::<IssuerUrl>(), Err(TooLong));
}
