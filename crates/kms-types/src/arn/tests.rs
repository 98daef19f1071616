use super::Arn;

#[test]
fn an_arn_has_its_parts_and_is_written_as_it_was_read() {
    let text = "acs:kms:cn-hangzhou:1234567890123456:secret/acs/ram/user/alice";
    let arn: Arn = text.parse().unwrap();
    assert_eq!(arn.region().as_str(), "cn-hangzhou");
    assert_eq!(arn.account().as_str(), "1234567890123456");
    assert_eq!(arn.secret_name().as_str(), "acs/ram/user/alice");
    assert_eq!(arn.to_string(), text);
    let again = Arn::secret(
        arn.region().clone(),
        arn.account().clone(),
        arn.secret_name().clone(),
    );
    assert_eq!(again, arn);
}

#[test]
fn what_is_no_secrets_arn_is_refused() {
    for bad in [
        "",
        "app",
        "acs:kms:cn-hangzhou:1:secret/",
        "acs:kms:cn-hangzhou:1:key/app",
        "acs:oss:cn-hangzhou:1:secret/app",
        "ACS:kms:cn-hangzhou:1:secret/app",
        "acs:kms::1:secret/app",
        "acs:kms:cn-hangzhou::secret/app",
        "acs:kms:cn-hangzhou:me:secret/app",
        "acs:kms:cn hangzhou:1:secret/app",
        "acs:kms:cn-hangzhou:1:secret/a:b",
        "acs:kms:cn-hangzhou:1:secret/../app",
        "acs:kms:cn-hangzhou:123456789012345678901:secret/app",
    ] {
        assert!(bad.parse::<Arn>().is_err(), "{bad:?}");
    }
}
