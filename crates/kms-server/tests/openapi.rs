//! Every action through the router, as real clients write it (reference kms-api §0–§2,
//! real-clients §2, §4).
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test whose world cannot be made has failed, and one that misses a field"
)]

use std::time::Duration;

use axum::body::Body;
use http::{HeaderValue, Request};
use serde_json::json;

use self::world::{HOST, KMS, STS, Way, World};

mod world;

const NAME: &str = "app/db";

/// Version, action, parameters.
type Call<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

/// A world with one secret.
async fn with_secret(value: &str) -> World {
    let mut world = World::new().await;
    let params = [
        ("SecretName", NAME),
        ("SecretData", value),
        ("VersionId", "v1"),
    ];
    world.kms("CreateSecret", &params).await.ok();
    world
}

#[tokio::test]
async fn a_secrets_life() {
    let mut world = World::new().await;
    let created = world
        .kms(
            "CreateSecret",
            &[
                ("SecretName", NAME),
                ("SecretData", "one"),
                ("VersionId", "v1"),
                ("Description", "the database"),
                ("Tags", r#"[{"TagKey":"env","TagValue":"test"}]"#),
            ],
        )
        .await;
    assert_eq!(
        created.ok(),
        json!({
            "Arn": "acs:kms:cn-hangzhou:1000000000000001:secret/app/db",
            "SecretName": "app/db",
            "VersionId": "v1",
            "SecretType": "Generic",
            "DKMSInstanceId": "",
        })
    );

    world.clock.advance(Duration::from_mins(1));
    let put = world
        .kms(
            "PutSecretValue",
            &[
                ("SecretName", NAME),
                ("SecretData", "two"),
                ("VersionId", "v2"),
            ],
        )
        .await;
    assert_eq!(
        put.ok(),
        json!({
            "SecretName": "app/db",
            "VersionId": "v2",
            "VersionStages": {"VersionStage": ["ACSCurrent"]},
        })
    );

    let read = world.kms("GetSecretValue", &[("SecretName", NAME)]).await;
    assert_eq!(
        read.ok(),
        json!({
            "SecretName": "app/db",
            "SecretType": "Generic",
            "SecretData": "two",
            "SecretDataType": "text",
            "VersionId": "v2",
            "VersionStages": {"VersionStage": ["ACSCurrent"]},
            "CreateTime": "2025-01-03T08:00:17Z",
        })
    );
    let before = world
        .kms(
            "GetSecretValue",
            &[("SecretName", NAME), ("VersionStage", "ACSPrevious")],
        )
        .await;
    assert_eq!(before.ok()["SecretData"], "one");

    let versions = world
        .kms("ListSecretVersionIds", &[("SecretName", NAME)])
        .await
        .ok();
    assert_eq!(versions["TotalCount"], 2);
    assert_eq!(
        (&versions["PageNumber"], &versions["PageSize"]),
        (&json!(1), &json!(20))
    );

    let moved = world
        .kms(
            "UpdateSecretVersionStage",
            &[
                ("SecretName", NAME),
                ("VersionStage", "ACSCurrent"),
                ("MoveToVersion", "v1"),
                ("RemoveFromVersion", "v2"),
            ],
        )
        .await;
    assert_eq!(moved.ok(), json!({"SecretName": "app/db"}));
    let read = world.kms("GetSecretValue", &[("SecretName", NAME)]).await;
    assert_eq!(read.ok()["SecretData"], "one");
}

#[tokio::test]
async fn metadata_deletion_and_return() {
    let mut world = with_secret("one").await;
    let updated = world
        .kms(
            "UpdateSecret",
            &[("SecretName", NAME), ("Description", "other")],
        )
        .await;
    assert_eq!(updated.ok(), json!({"SecretName": "app/db"}));
    let described = world
        .kms(
            "DescribeSecret",
            &[("SecretName", NAME), ("FetchTags", "True")],
        )
        .await
        .ok();
    assert_eq!(described["Description"], "other");
    assert_eq!(described["CreateTime"], "2025-01-03T07:59:17Z");
    assert_eq!(described["Tags"], json!({"Tag": []}));

    let listed = world.kms("ListSecrets", &[]).await.ok();
    assert_eq!(listed["TotalCount"], 1);
    assert_eq!(listed["SecretList"]["Secret"][0]["SecretName"], "app/db");

    let deleted = world
        .kms(
            "DeleteSecret",
            &[("SecretName", NAME), ("RecoveryWindowInDays", "7")],
        )
        .await;
    assert_eq!(
        deleted.ok(),
        json!({
            "SecretName": "app/db",
            "PlannedDeleteTime": "2025-01-10T07:59:17Z",
        })
    );
    let restored = world.kms("RestoreSecret", &[("SecretName", NAME)]).await;
    assert_eq!(restored.ok(), json!({"SecretName": "app/db"}));
    world
        .kms(
            "DeleteSecret",
            &[("SecretName", NAME), ("ForceDeleteWithoutRecovery", "true")],
        )
        .await
        .ok();
    let gone = world.kms("GetSecretValue", &[("SecretName", NAME)]).await;
    assert_eq!(
        gone.refusal(),
        (404, "Forbidden.ResourceNotFound".to_owned())
    );
}

#[tokio::test]
async fn what_needs_no_secret() {
    let mut world = World::new().await;
    let password = world
        .kms("GetRandomPassword", &[("PasswordLength", "20")])
        .await
        .ok();
    assert_eq!(password["RandomPassword"].as_str().unwrap().len(), 20);
    let identity = world
        .call(Way::V1Query, STS, "GetCallerIdentity", &[])
        .await
        .ok();
    assert_eq!(identity["AccountId"], "1000000000000001");
    assert_eq!(identity["IdentityType"], "RAMUser");
    assert_eq!(identity["Arn"], "acs:ram::1000000000000001:user/dev");
}

#[tokio::test]
async fn every_way_to_call_reads_the_secret() {
    let value = "one";
    let mut world = with_secret(value).await;
    for way in [Way::V3, Way::V1Query, Way::V1Get, Way::V1Form, Way::V1Split] {
        for format in ["JSON", "json", "XML", "xml"] {
            let params = [("SecretName", NAME), ("Format", format)];
            let answer = world.call(way, KMS, "GetSecretValue", &params).await;
            assert_eq!(answer.status, 200, "{way:?} {format}: {}", answer.body);
            if format.eq_ignore_ascii_case("json") {
                assert_eq!(answer.json()["SecretData"], value, "{way:?}");
            } else {
                assert_eq!(answer.content_type, "text/xml;charset=utf-8");
                assert!(
                    answer
                        .body
                        .contains("<GetSecretValueResponse><SecretName>app/db</SecretName>"),
                    "{}",
                    answer.body
                );
                assert!(answer.body.contains("<SecretData>one</SecretData>"));
                assert!(answer.body.contains(
                    "<VersionStages><VersionStage>ACSCurrent</VersionStage></VersionStages>"
                ));
                let id = format!("<RequestId>{}</RequestId>", answer.request_id);
                assert!(answer.body.contains(&id));
            }
        }
    }
}

#[tokio::test]
async fn every_action_answers_in_xml() {
    let mut world = with_secret("one").await;
    let name = ("SecretName", NAME);
    let calls: [Call<'_>; 12] = [
        (
            KMS,
            "CreateSecret",
            &[
                ("SecretName", "second"),
                ("SecretData", "x"),
                ("VersionId", "v1"),
            ],
        ),
        (
            KMS,
            "PutSecretValue",
            &[name, ("SecretData", "two"), ("VersionId", "v2")],
        ),
        (KMS, "GetSecretValue", &[name]),
        (KMS, "DescribeSecret", &[name]),
        (KMS, "UpdateSecret", &[name, ("Description", "d")]),
        (KMS, "ListSecrets", &[]),
        (KMS, "ListSecretVersionIds", &[name]),
        (
            KMS,
            "UpdateSecretVersionStage",
            &[name, ("VersionStage", "mine"), ("MoveToVersion", "v1")],
        ),
        (KMS, "DeleteSecret", &[name]),
        (KMS, "RestoreSecret", &[name]),
        (KMS, "GetRandomPassword", &[]),
        (STS, "GetCallerIdentity", &[]),
    ];
    for (version, action, params) in calls {
        let params = [params, &[("Format", "XML")]].concat();
        let answer = world.call(Way::V1Query, version, action, &params).await;
        assert_eq!(answer.status, 200, "{action}: {}", answer.body);
        let [open, close] = ["<", "</"].map(|bracket| format!("{bracket}{action}Response>"));
        assert!(
            answer.body.contains(&open) && answer.body.ends_with(&close),
            "{}",
            answer.body
        );
    }
}

#[tokio::test]
async fn errors_follow_the_format_too() {
    let mut world = World::new().await;
    let params = [("SecretName", "none"), ("Format", "XML")];
    let answer = world
        .call(Way::V1Query, KMS, "GetSecretValue", &params)
        .await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.content_type, "text/xml;charset=utf-8");
    for part in [
        "<Error>".to_owned(),
        "<Code>Forbidden.ResourceNotFound</Code>".to_owned(),
        format!("<RequestId>{}</RequestId>", answer.request_id),
        format!("<HostId>{HOST}</HostId>"),
    ] {
        assert!(answer.body.contains(&part), "{part} in {}", answer.body);
    }
}

#[tokio::test]
async fn values_come_back_as_they_went_and_raw() {
    let values = [
        "{\"k3\":\"v3\",\"n\":12345678901234567890,\"m\":-9223372036854775808}",
        "密码 ‑ пароль ‑ 🔑",
        "<a href=\"x&y\">100% 'sure' + more</a>",
        "tab\tline\nend",
        "%41%zz&=+",
    ];
    let mut world = with_secret("first").await;
    for (number, value) in values.iter().enumerate() {
        for (way_number, way) in [Way::V3, Way::V1Get, Way::V1Form].into_iter().enumerate() {
            let version = format!("x{number}-{way_number}");
            let params = [
                ("SecretName", NAME),
                ("SecretData", value),
                ("VersionId", &version),
            ];
            world.call(way, KMS, "PutSecretValue", &params).await.ok();
            let read = world
                .call(way, KMS, "GetSecretValue", &[("SecretName", NAME)])
                .await;
            assert_eq!(read.ok()["SecretData"], *value);
            // java-core does not know \u (reference real-clients §2.3).
            assert!(!read.body.contains("\\u"), "{}", read.body);
        }
    }
}

#[tokio::test]
async fn the_largest_value_travels_in_every_way() {
    let mut world = with_secret("first").await;
    let value = "密".repeat(10_240);
    for (number, way) in [Way::V1Form, Way::V1Split].into_iter().enumerate() {
        let version = format!("big{number}");
        let params = [
            ("SecretName", NAME),
            ("SecretData", &value),
            ("VersionId", &version),
        ];
        world.call(way, KMS, "PutSecretValue", &params).await.ok();
        let read = world.kms("GetSecretValue", &[("SecretName", NAME)]).await;
        assert_eq!(read.ok()["SecretData"], value.as_str());
    }
    // In a query the stream in front of the router moves it into this header.
    let params = [
        ("SecretName", NAME),
        ("SecretData", &value),
        ("VersionId", "big-query"),
    ];
    let form = world.sign(Way::V1Form, KMS, "PutSecretValue", &params);
    let (parts, body) = form.into_parts();
    let query = http_body_util::BodyExt::collect(body)
        .await
        .unwrap()
        .to_bytes();
    assert!(query.len() > 65_534);
    let request = Request::builder()
        .method(parts.method)
        .uri("/")
        .header("host", HOST)
        .header("x-long-query", HeaderValue::from_bytes(&query).unwrap())
        .body(Body::empty())
        .unwrap();
    let answer = world.send(request).await;
    assert_eq!(answer.ok()["VersionId"], "big-query");
    let one_more = value.clone() + "x";
    let params = [
        ("SecretName", NAME),
        ("SecretData", &one_more),
        ("VersionId", "more"),
    ];
    let refused = world
        .call(Way::V1Form, KMS, "PutSecretValue", &params)
        .await;
    assert_eq!(refused.refusal().0, 400);
}

#[tokio::test]
async fn a_nonce_counts_once() {
    let mut world = with_secret("one").await;
    for way in [Way::V3, Way::V1Query] {
        let request = world.sign(way, KMS, "GetSecretValue", &[("SecretName", NAME)]);
        let (parts, _) = request.into_parts();
        let again = || Request::from_parts(parts.clone(), Body::empty());
        world.send(again()).await.ok();
        let refused = world.send(again()).await;
        assert_eq!(
            refused.refusal(),
            (400, "SignatureNonceUsed".to_owned()),
            "{way:?}"
        );
    }
}

#[tokio::test]
async fn a_wrong_secret_is_told_with_the_string_that_sdks_compare() {
    let mut world = with_secret("one").await;
    world.key.access_key_secret = "wrong".into();
    let params = [("SecretName", NAME)];
    let refused = world
        .call(Way::V1Query, KMS, "GetSecretValue", &params)
        .await;
    assert_eq!(refused.refusal(), (400, "SignatureDoesNotMatch".to_owned()));
    let message = refused.json()["Message"].as_str().unwrap().to_owned();
    let (_, string) = message.split_once("server string to sign is:").unwrap();
    assert!(string.starts_with("POST&%2F&AccessKeyId%3D"), "{string}");
    assert!(string.ends_with("%26Version%3D2016-01-20"), "{string}");

    let refused = world.kms("GetSecretValue", &params).await;
    assert_eq!(refused.refusal(), (400, "SignatureDoesNotMatch".to_owned()));
}

#[tokio::test]
async fn an_unknown_accesskey_is_not_found() {
    let mut world = with_secret("one").await;
    world.key.access_key_id = "LTAI5tNobody".parse().unwrap();
    let refused = world.kms("GetSecretValue", &[("SecretName", NAME)]).await;
    assert_eq!(
        refused.refusal(),
        (404, "InvalidAccessKeyId.NotFound".to_owned())
    );
}

#[tokio::test]
async fn the_clock_may_differ_by_a_quarter_of_an_hour() {
    let mut world = with_secret("one").await;
    for (seconds, is_fine) in [(14 * 60, true), (16 * 60, false)] {
        let request = world.sign(Way::V3, KMS, "GetSecretValue", &[("SecretName", NAME)]);
        world.clock.advance(Duration::from_secs(seconds));
        let answer = world.send(request).await;
        if is_fine {
            answer.ok();
        } else {
            assert_eq!(
                answer.refusal(),
                (400, "InvalidTimeStamp.Expired".to_owned())
            );
        }
    }
}

#[tokio::test]
async fn what_does_not_exist() {
    let mut world = World::new().await;
    let refused = world.kms("NoSuchAction", &[]).await;
    assert_eq!(
        refused.refusal(),
        (404, "InvalidAction.NotFound".to_owned())
    );
    // Of another product.
    let refused = world.kms("GetCallerIdentity", &[]).await;
    assert_eq!(
        refused.refusal(),
        (404, "InvalidAction.NotFound".to_owned())
    );
    let refused = world
        .call(Way::V3, "2014-01-01", "GetSecretValue", &[])
        .await;
    assert_eq!(refused.refusal(), (400, "InvalidVersion".to_owned()));

    for (method, uri, expected) in [
        (
            "PUT",
            "/?Action=GetSecretValue",
            (403, "UnsupportedHTTPMethod"),
        ),
        ("DELETE", "/", (403, "UnsupportedHTTPMethod")),
        ("GET", "/secrets/x", (404, "InvalidAction.NotFound")),
        ("GET", "/", (400, "MissingParameter")),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .header("host", HOST)
            .body(Body::empty())
            .unwrap();
        let refused = world.send(request).await.refusal();
        assert_eq!((refused.0, refused.1.as_str()), expected, "{method} {uri}");
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let world = World::new().await;
    let request = Request::builder()
        .method("POST")
        .uri("/")
        .header("host", HOST)
        .body(Body::from(vec![b'a'; 128 * 1024 + 1]))
        .unwrap();
    let refused = world.send(request).await;
    assert_eq!(
        refused.refusal(),
        (400, "ParseRequestParameterException".to_owned())
    );
}

#[tokio::test]
async fn a_repeated_parameter_is_refused() {
    let mut world = with_secret("one").await;
    let params = [("SecretName", NAME)];
    let (mut parts, body) = world
        .sign(Way::V1Query, KMS, "GetSecretValue", &params)
        .into_parts();
    parts.uri = format!("{}&SecretName=other", parts.uri).parse().unwrap();
    let refused = world.send(Request::from_parts(parts, body)).await;
    assert_eq!(
        refused.refusal(),
        (400, "ParseRequestParameterException".to_owned())
    );
}

#[tokio::test]
async fn missing_and_impossible_parameters_are_named() {
    let mut world = World::new().await;
    let refused = world.kms("GetSecretValue", &[]).await;
    assert_eq!(refused.refusal(), (400, "MissingParameter".to_owned()));
    assert!(
        refused.json()["Message"]
            .as_str()
            .unwrap()
            .contains("SecretName")
    );
    let refused = world.kms("GetSecretValue", &[("SecretName", "a b")]).await;
    assert_eq!(refused.refusal(), (400, "InvalidParameter".to_owned()));
    assert!(
        refused.json()["Message"]
            .as_str()
            .unwrap()
            .contains("SecretName")
    );
}
