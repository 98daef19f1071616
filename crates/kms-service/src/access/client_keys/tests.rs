use kms_types::ErrorCode;
use serde_json::{Value, json};
use x509_parser::{parse_x509_certificate, pem::parse_x509_pem};

use crate::stand::{
    Stand,
    clients::{PASSWORD, open},
};

async fn with_point(scope: &str) -> Stand {
    let stand = Stand::new().await;
    stand.instance("kst-here").await;
    stand.access_point("app", scope).await;
    stand
}

async fn create(stand: &Stand, more: &[(&str, &str)]) -> Result<Value, ErrorCode> {
    let mut params = more.to_vec();
    for default in [("AapName", "app"), ("Password", PASSWORD)] {
        if !more.iter().any(|(name, _)| *name == default.0) {
            params.push(default);
        }
    }
    stand.call("CreateClientKey", &params).await
}

#[tokio::test]
async fn a_key_is_made_and_told_without_its_private_half() {
    let stand = with_point("shared").await;
    let made = create(&stand, &[]).await.unwrap();
    let id = made["ClientKeyId"].as_str().unwrap();
    let uuid = id.strip_prefix("KAAP.").unwrap();
    assert_eq!(uuid.len(), 36);
    assert_eq!(uuid, uuid.to_ascii_lowercase());
    assert_eq!(made["KeyAlgorithm"], "RSA_2048");
    assert_eq!(made["NotBefore"], "2025-01-03T07:59:17Z");
    assert_eq!(made["NotAfter"], "2030-01-03T07:59:17Z");
    open(id, made["PrivateKeyData"].as_str().unwrap(), PASSWORD);

    let told = stand.call("GetClientKey", &[("ClientKeyId", id)]).await;
    let told = told.unwrap();
    let certificate = told["PublicKeyData"].as_str().unwrap();
    assert_eq!(
        told,
        json!({
            "ClientKeyId": id,
            "AapName": "app",
            "KeyAlgorithm": "RSA_2048",
            "KeyOrigin": "KMS_PROVIDED",
            "PublicKeyData": certificate,
            "CreateTime": "2025-01-03T07:59:17Z",
            "NotBefore": "2025-01-03T07:59:17Z",
            "NotAfter": "2030-01-03T07:59:17Z",
        })
    );
    let listed = stand.call("ListClientKeys", &[("AapName", "app")]).await;
    assert_eq!(listed, Ok(json!({"ClientKeys": [told]})));

    let (_, pem) = parse_x509_pem(certificate.as_bytes()).unwrap();
    let (_, parsed) = parse_x509_certificate(&pem.contents).unwrap();
    assert_eq!(parsed.subject().to_string(), "CN=shared-client");
    assert_eq!(parsed.validity().not_after.timestamp(), 1_893_657_557);
}

#[tokio::test]
async fn the_certificate_is_made_out_to_the_instance() {
    let stand = with_point("kst-here").await;
    let id = stand.client_key("app").await.key_id().to_string();
    let told = stand.call("GetClientKey", &[("ClientKeyId", &id)]).await;
    let told = told.unwrap();
    let certificate = told["PublicKeyData"].as_str().unwrap();
    let (_, pem) = parse_x509_pem(certificate.as_bytes()).unwrap();
    let (_, parsed) = parse_x509_certificate(&pem.contents).unwrap();
    assert_eq!(parsed.subject().to_string(), "CN=kst-here-client");
}

#[tokio::test]
async fn five_years_end_with_february_where_they_have_to() {
    let stand = with_point("shared").await;
    stand.clock.jump_to("2028-02-29T12:00:00Z".parse().unwrap());
    let made = create(&stand, &[]).await.unwrap();
    assert_eq!(made["NotAfter"], "2033-02-28T12:00:00Z");
}

#[tokio::test]
async fn dates_come_in_twos_and_end_in_the_future() {
    let stand = with_point("shared").await;
    let from = ("NotBefore", "2026-01-01T00:00:00Z");
    let dates = [from, ("NotAfter", "2027-01-01T00:00:00Z")];
    let made = create(&stand, &dates).await.unwrap();
    assert_eq!(made["NotBefore"], dates[0].1);
    assert_eq!(made["NotAfter"], dates[1].1);
    for (dates, code) in [
        (vec![from], ErrorCode::MissingParameter),
        (vec![dates[1]], ErrorCode::MissingParameter),
        (
            vec![from, ("NotAfter", "2026-01-01T00:00:00Z")],
            ErrorCode::InvalidParameter,
        ),
        (
            vec![
                ("NotBefore", "2024-01-01T00:00:00Z"),
                ("NotAfter", "2025-01-03T07:59:17Z"),
            ],
            ErrorCode::InvalidParameter,
        ),
        // As the template's own example has it (reference accesskey §2.3).
        (
            vec![from, ("NotAfter", "2027-08-10 T08:03:30Z")],
            ErrorCode::InvalidParameter,
        ),
    ] {
        assert_eq!(create(&stand, &dates).await, Err(code), "{dates:?}");
    }
}

#[tokio::test]
async fn passwords_have_rules() {
    let stand = with_point("shared").await;
    for (password, code) in [
        ("", ErrorCode::MissingParameter),
        ("short-1", ErrorCode::InvalidParameter),
        ("onlyletters", ErrorCode::InvalidParameter),
        ("0123456789", ErrorCode::InvalidParameter),
        ("with blank 1", ErrorCode::InvalidParameter),
        ("brackets(1)", ErrorCode::InvalidParameter),
        ("p\u{e4}ssword-1", ErrorCode::InvalidParameter),
        (&"a1".repeat(33), ErrorCode::InvalidParameter),
    ] {
        let made = create(&stand, &[("Password", password)]).await;
        assert_eq!(made, Err(code), "{password}");
    }
    let listed = stand.call("ListClientKeys", &[]).await;
    assert_eq!(listed, Ok(json!({"ClientKeys": []})));
    for password in [
        "BothCases",
        "~!@#$%^&*?_-1",
        "bcfefe15-46f0",
        &"a1".repeat(32),
    ] {
        let made = create(&stand, &[("Password", password)]).await.unwrap();
        let id = made["ClientKeyId"].as_str().unwrap();
        open(id, made["PrivateKeyData"].as_str().unwrap(), password);
    }
}

#[tokio::test]
async fn keys_are_their_accounts_own() {
    let stand = with_point("shared").await;
    let id = stand.client_key("app").await.key_id().to_string();
    let other = "99".parse().unwrap();
    let user = stand.service.ensure_user(&other, "mallory").await.unwrap();
    let stranger = crate::Caller {
        principal: crate::Principal::User {
            account: user.account,
            user_id: user.id,
            user_name: user.name,
            access_key_id: "LTAIstranger".parse().unwrap(),
            rights: std::sync::Arc::new(crate::Rights::all()),
        },
        ..stand.caller.clone()
    };
    let gone = Err(ErrorCode::ResourceNotFound);
    let key = [("ClientKeyId", id.as_str())];
    for action in ["GetClientKey", "DeleteClientKey"] {
        let answer = stand.call_as(&stranger, action, &key).await;
        assert_eq!(answer, gone, "{action}");
    }
    let listed = stand.call_as(&stranger, "ListClientKeys", &[]).await;
    assert_eq!(listed, Ok(json!({"ClientKeys": []})));
    let point = [("AapName", "app"), ("Password", PASSWORD)];
    let made = stand.call_as(&stranger, "CreateClientKey", &point).await;
    assert_eq!(made, gone);

    assert!(stand.call("GetClientKey", &key).await.is_ok());
    assert_eq!(stand.call("DeleteClientKey", &key).await, Ok(json!({})));
    assert_eq!(stand.call("DeleteClientKey", &key).await, gone);
    let nowhere = [("AapName", "gone")];
    assert_eq!(stand.call("ListClientKeys", &nowhere).await, gone);
}
