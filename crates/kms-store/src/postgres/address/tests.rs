use kms_types::Secret;
use sqlx::postgres::PgSslMode;

use super::options;

const CANARY: &str = "canary-pw-7f3a";

#[test]
fn a_host_elsewhere_is_verified_unless_the_url_says_otherwise() {
    for (rest, expected) in [
        ("db.example:6432/kms", PgSslMode::VerifyFull),
        ("192.0.2.7/kms", PgSslMode::VerifyFull),
        ("localhost.example/kms", PgSslMode::VerifyFull),
        ("db.example/kms?sslmode=require", PgSslMode::Require),
        ("127.0.0.1/kms", PgSslMode::Disable),
        ("[::1]/kms", PgSslMode::Disable),
        ("localhost/kms", PgSslMode::Disable),
        ("localhost/kms?sslmode=verify-ca", PgSslMode::VerifyCa),
        ("db.example/kms?host=/run/postgresql", PgSslMode::Disable),
        ("localhost/kms?host=db.example", PgSslMode::VerifyFull),
    ] {
        let url = Secret::new(format!("postgres://user:{CANARY}@{rest}"));
        let options = options(&url).unwrap();
        assert_eq!(
            std::mem::discriminant(&options.get_ssl_mode()),
            std::mem::discriminant(&expected),
            "{rest}"
        );
    }
}

#[test]
fn parts_are_decoded() {
    let url = "postgresql://us%40er:p%2Fw@db.example:6432/km%20s?options=-c%20search_path%3Dkms";
    let options = options(&Secret::from(url)).unwrap();
    assert_eq!(options.get_username(), "us@er");
    assert_eq!(options.get_database(), Some("km s"));
    assert_eq!(options.get_host(), "db.example");
    assert_eq!(options.get_port(), 6432);
    assert_eq!(options.get_options(), Some("-c search_path=kms"));
}

#[test]
fn a_url_that_says_nothing_usable_is_refused_and_not_quoted() {
    for url in [
        "user:PW@host/kms",
        "mysql://user:PW@host/kms",
        "postgres://:PW@host/kms",
        "postgres://user:PW@host",
        "postgres://user:PW@host/",
        "postgres://user:PW@/kms",
        "postgres://user:PW@host:99999/kms",
        "postgres://user:PW@host/kms?passwrd=PW",
        "postgres://user:PW@host/kms?sslmode=PW",
        "postgres://user:PW@host/kms?sslmode=prefer",
        "postgres://user:PW@host/kms?options=PW",
        "postgres://user:PW@host/kms?options=-c%20PW",
        "postgres://user:PW%FF@host/kms",
    ] {
        let error = options(&Secret::new(url.replace("PW", CANARY))).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("URL"), "{shown}");
        assert!(!shown.contains(CANARY), "{shown}");
    }
}
