use kms_types::ErrorCode;
use serde_json::{Value, json};

use crate::stand::Stand;

const CA: &str = "902ef2deeb3c5b13ea4c3d5193629309e231ae55";

async fn create(stand: &Stand, name: &str, issuer: &str) -> Result<Value, ErrorCode> {
    let params = [("OIDCProviderName", name), ("IssuerUrl", issuer)];
    stand.call("CreateOIDCProvider", &params).await
}

#[tokio::test]
async fn a_provider_is_what_was_made_of_it() {
    let stand = Stand::new().await;
    let made = stand
        .call(
            "CreateOIDCProvider",
            &[
                ("OIDCProviderName", "ack-rrsa_c1"),
                ("IssuerUrl", "https://issuer.example/c1"),
                ("ClientIds", "sts.aliyuncs.com,app"),
                ("Fingerprints", CA),
                ("Description", "cluster c1"),
                ("IssuanceLimitTime", "1"),
            ],
        )
        .await
        .unwrap();
    let mut expected = json!({"OIDCProvider": {
        "Arn": "acs:ram::1234567890123456:oidc-provider/ack-rrsa_c1",
        "OIDCProviderName": "ack-rrsa_c1",
        "IssuerUrl": "https://issuer.example/c1",
        "ClientIds": "sts.aliyuncs.com,app",
        "Fingerprints": CA,
        "Description": "cluster c1",
        "IssuanceLimitTime": 1,
        "CreateDate": "2025-01-03T07:59:17Z",
        "UpdateDate": "2025-01-03T07:59:17Z",
        "GmtCreate": "1735891157000",
        "GmtModified": "1735891157000",
    }});
    assert_eq!(made, expected);
    stand.pass(60);
    let name = [("OIDCProviderName", "ack-rrsa_c1")];
    let found = stand.call("GetOIDCProvider", &name).await.unwrap();
    assert_eq!(found, expected);

    let params = [
        ("OIDCProviderName", "ack-rrsa_c1"),
        ("ClientIds", "other"),
        ("NewDescription", ""),
        ("IssuanceLimitTime", "168"),
    ];
    stand.call("UpdateOIDCProvider", &params).await.unwrap();
    for (field, value) in [
        ("ClientIds", json!("other")),
        ("Description", json!("")),
        ("IssuanceLimitTime", json!(168)),
        ("UpdateDate", json!("2025-01-03T08:00:17Z")),
        ("GmtModified", json!("1735891217000")),
    ] {
        expected["OIDCProvider"][field] = value;
    }
    let found = stand.call("GetOIDCProvider", &name).await.unwrap();
    assert_eq!(found, expected);

    stand.call("DeleteOIDCProvider", &name).await.unwrap();
    for action in [
        "GetOIDCProvider",
        "UpdateOIDCProvider",
        "DeleteOIDCProvider",
    ] {
        assert_eq!(
            stand.call(action, &name).await,
            Err(ErrorCode::OidcProviderNotFound),
            "{action}"
        );
    }
}

#[tokio::test]
async fn names_and_issuers_are_unique_in_an_account() {
    let stand = Stand::new().await;
    let made = create(&stand, "a", "https://issuer.example").await.unwrap();
    assert_eq!(made["OIDCProvider"]["IssuanceLimitTime"], 12);
    assert_eq!(made["OIDCProvider"]["ClientIds"], "");
    for (name, issuer) in [
        ("a", "https://other.example"),
        ("b", "https://issuer.example"),
    ] {
        assert_eq!(
            create(&stand, name, issuer).await,
            Err(ErrorCode::OidcProviderExists)
        );
    }
    create(&stand, "b", "https://issuer.example/")
        .await
        .unwrap();

    let mallory = stand.stranger("9999", "mallory").await;
    let params = [
        ("OIDCProviderName", "a"),
        ("IssuerUrl", "https://issuer.example"),
    ];
    let theirs = stand.call_as(&mallory, "CreateOIDCProvider", &params).await;
    assert_eq!(
        theirs.unwrap()["OIDCProvider"]["Arn"],
        "acs:ram::9999:oidc-provider/a"
    );
}

#[tokio::test]
async fn providers_are_listed_by_page() {
    let stand = Stand::new().await;
    for name in ["c", "a", "b"] {
        create(&stand, name, &format!("https://{name}.example"))
            .await
            .unwrap();
    }
    let params = [("MaxItems", "2")];
    let first = stand.call("ListOIDCProviders", &params).await.unwrap();
    assert_eq!(first["IsTruncated"], true);
    assert_eq!(first["Marker"], "b");
    assert_eq!(
        first["OIDCProviders"]["OIDCProvider"][1]["IssuerUrl"],
        "https://b.example"
    );
    let params = [("MaxItems", "2"), ("Marker", "b")];
    let second = stand.call("ListOIDCProviders", &params).await.unwrap();
    assert_eq!(second["IsTruncated"], false);
    let names = second["OIDCProviders"]["OIDCProvider"].as_array().unwrap();
    assert_eq!(names.len(), 1);
    assert_eq!(names[0]["OIDCProviderName"], "c");
}
