use jiff::SignedDuration;
use kms_store::Mode;
use kms_wire::{Params, sign::RsaSigningKey};

use super::*;
use crate::{
    Gateway,
    stand::{
        Scheme, Stand, account,
        clients::{PASSWORD, open},
    },
};

const KST: &str = "kst-here";

/// Two access points: `shared` and one for the instance's gateway.
async fn with_points() -> Stand {
    let stand = Stand::new().await;
    stand.instance(KST).await;
    stand.access_point("shared", "shared").await;
    stand.access_point("inside", KST).await;
    stand
}

/// Each gateway, with the access point that is for it.
fn gateways() -> [(Gateway, &'static str); 2] {
    [
        (Gateway::Shared, "shared"),
        (Gateway::Instance(KST.parse().unwrap()), "inside"),
    ]
}

async fn code(stand: &Stand, key: &RsaSigningKey, gateway: &Gateway) -> Option<ErrorCode> {
    stand.client(key, gateway).await.err()
}

/// Another key pair under the id of this one.
async fn forged(stand: &Stand, key: &RsaSigningKey) -> RsaSigningKey {
    let params = [("AapName", "shared"), ("Password", PASSWORD)];
    let other = stand.call("CreateClientKey", &params).await.unwrap();
    let file = other["PrivateKeyData"].as_str().unwrap();
    open(key.key_id().as_str(), file, PASSWORD)
}

#[tokio::test]
async fn a_client_is_known_by_its_key_on_both_gateways() {
    let stand = with_points().await;
    for (gateway, point) in gateways() {
        let key = stand.client_key(point).await;
        let caller = stand.client(&key, &gateway).await.unwrap();
        let id = key.key_id();
        assert_eq!(caller.principal.account(), Some(&account()));
        assert_eq!(caller.principal.access_key_id(), Some(id));
        assert_eq!(
            caller.principal.arn(),
            format!("acs:kms::1234567890123456:applicationaccesspoint/{point}/{id}")
        );
    }
}

#[tokio::test]
async fn refuses_unknown_keys_and_wrong_signatures() {
    let stand = with_points().await;
    for (gateway, point) in gateways() {
        let key = stand.client_key(point).await;
        let wrong = match gateway {
            Gateway::Shared => ErrorCode::SignatureDoesNotMatch,
            Gateway::Instance(_) => ErrorCode::SignatureNotMatch,
        };
        let forged = forged(&stand, &key).await;
        assert_eq!(code(&stand, &forged, &gateway).await, Some(wrong));
        let id = [("ClientKeyId", key.key_id().as_str())];
        stand.call("DeleteClientKey", &id).await.unwrap();
        let unknown = Some(ErrorCode::AccessKeyNotFound);
        assert_eq!(code(&stand, &key, &gateway).await, unknown);
    }
}

#[tokio::test]
async fn a_key_is_good_from_its_first_to_its_last_second() {
    let stand = with_points().await;
    let inactive = Some(ErrorCode::AccessKeyInactive);
    for (gateway, point) in gateways() {
        stand.clock.jump_to("2025-01-03T07:59:17Z".parse().unwrap());
        let params = [
            ("AapName", point),
            ("Password", PASSWORD),
            ("NotBefore", "2025-06-01T00:00:00Z"),
            ("NotAfter", "2025-09-01T00:00:00Z"),
        ];
        let made = stand.call("CreateClientKey", &params).await.unwrap();
        let id = made["ClientKeyId"].as_str().unwrap();
        let file = made["PrivateKeyData"].as_str().unwrap();
        let key = open(id, file, PASSWORD);
        for (moment, expected) in [
            ("2025-01-03T07:59:17Z", inactive),
            ("2025-05-31T23:59:59Z", inactive),
            ("2025-06-01T00:00:00Z", None),
            ("2025-07-15T12:00:00Z", None),
            ("2025-09-01T00:00:00Z", None),
            ("2025-09-01T00:00:01Z", inactive),
            ("2035-01-01T00:00:00Z", inactive),
        ] {
            stand.clock.jump_to(moment.parse().unwrap());
            assert_eq!(code(&stand, &key, &gateway).await, expected, "{moment}");
        }
        // That a key exists but is no good is for its holder to know.
        let wrong = forged(&stand, &key).await;
        assert_ne!(code(&stand, &wrong, &gateway).await, inactive);
    }
}

/// What GetClientKey says of the last use.
async fn last_used(stand: &Stand, key: &RsaSigningKey) -> Option<String> {
    let id = [("ClientKeyId", key.key_id().as_str())];
    let told = stand.call("GetClientKey", &id).await.unwrap();
    told.get("LastUsedDate")
        .map(|last| last.as_str().unwrap().to_owned())
}

#[tokio::test]
async fn the_last_use_is_noted_to_ten_minutes() {
    let stand = with_points().await;
    for (gateway, point) in gateways() {
        stand.clock.jump_to("2025-01-03T07:59:17Z".parse().unwrap());
        let key = stand.client_key(point).await;
        let idle = stand.client_key(point).await;
        let forged = forged(&stand, &key).await;
        code(&stand, &forged, &gateway).await.unwrap();
        assert_eq!(last_used(&stand, &key).await, None, "{point}");
        for (seconds, expected) in [
            (0, "2025-01-03T07:59:17Z"),
            (599, "2025-01-03T07:59:17Z"),
            (1, "2025-01-03T08:09:17Z"),
            (86_400, "2025-01-04T08:09:17Z"),
        ] {
            stand.pass(seconds);
            assert_eq!(code(&stand, &key, &gateway).await, None);
            let last = last_used(&stand, &key).await;
            assert_eq!(last.as_deref(), Some(expected), "{point} {seconds}");
        }
        assert_eq!(last_used(&stand, &idle).await, None, "{point}");
    }
}

#[tokio::test]
async fn a_call_is_good_for_fifteen_minutes_either_way() {
    let stand = with_points().await;
    let shared = stand.client_key("shared").await;
    let inside = stand.client_key("inside").await;
    stand.pass(2_000);
    let now = kms_types::Clock::now(&stand.clock);
    for (signed, is_good) in [(-900, true), (-901, false), (900, true), (901, false)] {
        stand.clock.jump_to(now + SignedDuration::from_secs(signed));
        let by_shared = stand.client_claim(&shared, &signed.to_string());
        let by_inside = stand.instance_claim(&inside);
        stand.clock.jump_to(now);
        let refused = |code| if is_good { None } else { Some(code) };
        let error = stand.service.authenticate(&by_shared).await.err();
        let expected = refused(ErrorCode::TimestampExpired);
        assert_eq!(error.map(|error| error.code), expected, "{signed}");
        let error = stand.service.authenticate_instance(&by_inside).await.err();
        let expected = refused(ErrorCode::RequestTimeTooSkewed);
        assert_eq!(error.map(|error| error.code), expected, "{signed}");
    }
}

#[tokio::test]
async fn a_nonce_is_good_once_and_the_same_bytes_are_where_there_is_none() {
    let stand = with_points().await;
    let key = stand.client_key("shared").await;
    let claim = stand.client_claim(&key, "n");
    assert!(stand.service.authenticate(&claim).await.is_ok());
    let again = stand.service.authenticate(&claim).await.unwrap_err();
    assert_eq!(again.code, ErrorCode::SignatureNonceUsed);

    // An official client sends the same bytes again when it did not hear the answer.
    let key = stand.client_key("inside").await;
    let claim = stand.instance_claim(&key);
    for _ in 0..2 {
        assert!(stand.service.authenticate_instance(&claim).await.is_ok());
    }
}

#[tokio::test]
async fn a_stranger_cannot_use_up_nonces() {
    let stand = with_points().await;
    let key = stand.client_key("shared").await;
    let forged = forged(&stand, &key).await;
    let refused = stand
        .service
        .authenticate(&stand.client_claim(&forged, "n"))
        .await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::SignatureDoesNotMatch);
    let claim = stand.client_claim(&key, "n");
    assert!(stand.service.authenticate(&claim).await.is_ok());
}

#[tokio::test]
async fn an_id_is_good_for_one_kind_of_key_only() {
    let stand = with_points().await;
    let key = stand.client_key("shared").await;
    let unknown = Some(ErrorCode::AccessKeyNotFound);

    // The user's AccessKey id, signed with a ClientKey.
    let params = [("AapName", "shared"), ("Password", PASSWORD)];
    let made = stand.call("CreateClientKey", &params).await.unwrap();
    let file = made["PrivateKeyData"].as_str().unwrap();
    let user = stand.key.access_key_id.as_str();
    let disguised = open(user, file, PASSWORD);
    for (gateway, _) in gateways() {
        assert_eq!(code(&stand, &disguised, &gateway).await, unknown);
    }
    // The ClientKey's id, signed with text that somebody knows: its certificate is public.
    let mut secret = stand.key.clone();
    secret.access_key_id = key.key_id().clone();
    for (scheme, nonce) in [(Scheme::V1, "1"), (Scheme::V3, "2")] {
        let claim = stand.claim(scheme, &secret, nonce);
        let refused = stand.service.authenticate(&claim).await.unwrap_err();
        assert_eq!(Some(refused.code), unknown);
    }
}

#[tokio::test]
async fn what_is_deleted_ends_access_at_once() {
    let stand = with_points().await;
    let create = [
        ("SecretName", "app/db"),
        ("VersionId", "v1"),
        ("SecretData", "one"),
        ("DKMSInstanceId", KST),
    ];
    stand.call("CreateSecret", &create).await.unwrap();
    for (gateway, point) in gateways() {
        let (first, second) = (stand.client_key(point).await, stand.client_key(point).await);
        let reads = async |key: &RsaSigningKey| stand.client_reads(key, &gateway, "app/db").await;
        for key in [&first, &second] {
            assert_eq!(reads(key).await.as_deref(), Ok("one"));
        }
        let id = [("ClientKeyId", first.key_id().as_str())];
        stand.call("DeleteClientKey", &id).await.unwrap();
        let unknown = Err(ErrorCode::AccessKeyNotFound);
        assert_eq!(reads(&first).await, unknown);
        assert_eq!(reads(&second).await.as_deref(), Ok("one"));

        // The right goes with the policy; who it is, stays known.
        let other = [
            ("Name", "other"),
            ("KmsInstance", "shared"),
            (
                "Permissions",
                r#"["RbacPermission/Template/CryptoServiceKeyUser"]"#,
            ),
            ("Resources", r#"["secret/*"]"#),
        ];
        stand.call("CreatePolicy", &other).await.unwrap();
        let change = [("Name", point), ("Policies", r#"["other"]"#)];
        stand
            .call("UpdateApplicationAccessPoint", &change)
            .await
            .unwrap();
        stand
            .call("DeletePolicy", &[("Name", point)])
            .await
            .unwrap();
        assert_eq!(reads(&second).await, Err(ErrorCode::NoPermission));

        let name = [("Name", point)];
        stand
            .call("DeleteApplicationAccessPoint", &name)
            .await
            .unwrap();
        stand
            .call("DeletePolicy", &[("Name", "other")])
            .await
            .unwrap();
        assert_eq!(reads(&second).await, unknown);
    }
}

#[tokio::test]
async fn a_key_without_its_access_point_is_no_key() {
    let stand = with_points().await;
    let key = stand.client_key("shared").await;
    // As after a restore of some tables only.
    let mut tx = stand.parts.store.begin(Mode::Write).await.unwrap();
    tx.documents()
        .remove(&account(), kms_store::DocumentKind::AccessPoint, "shared")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let unknown = Some(ErrorCode::AccessKeyNotFound);
    assert_eq!(code(&stand, &key, &Gateway::Shared).await, unknown);
}

#[tokio::test]
async fn a_token_has_no_business_with_a_client_key() {
    let stand = with_points().await;
    let key = stand.client_key("shared").await;
    let mut params = Params::default();
    params.push("SecurityToken", "made up");
    let claim = stand.client_claim_with(&key, &params, "n");
    let refused = stand.service.authenticate(&claim).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::SecurityTokenMalformed);
}
