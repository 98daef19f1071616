use super::{OidcProviderArn, RoleArn};

#[test]
fn arns_come_back_as_they_were() {
    let role: RoleArn = "acs:ram::1234567890123456:role/App.one-2".parse().unwrap();
    assert_eq!(role.account.as_str(), "1234567890123456");
    assert_eq!(role.name.as_str(), "App.one-2");
    assert_eq!(role.to_string(), "acs:ram::1234567890123456:role/App.one-2");
    let text = "acs:ram::1:oidc-provider/ack-rrsa_c1";
    let provider: OidcProviderArn = text.parse().unwrap();
    assert_eq!(provider.name.as_str(), "ack-rrsa_c1");
    assert_eq!(provider.to_string(), text);
}

#[test]
fn other_text_is_none() {
    for bad in [
        "",
        "role/app",
        "acs:ram::1:role/",
        "acs:ram::1:role",
        "acs:ram::1:roles/app",
        "acs:ram:cn-hangzhou:1:role/app",
        "acs:ram::a:role/app",
        "acs:ram::1:role/app/session",
        "acs:ram::1:role/a b",
        "acs:ram::1:user/app",
        "acs:ram::1:oidc-provider/app",
        "acs:kms::1:role/app",
        "acs:ram::1:role/app:x",
    ] {
        assert!(bad.parse::<RoleArn>().is_err(), "{bad}");
    }
    assert!("acs:ram::1:role/app".parse::<OidcProviderArn>().is_err());
    let why = "canary".parse::<RoleArn>().unwrap_err();
    assert!(!format!("{why} {why:?}").contains("canary"));
}
