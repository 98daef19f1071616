//! The ways in which real clients write a call and read its answer (reference kms-api §0,
//! §1.7; real-clients §2, §4).

use axum::body::Body;
use http::{HeaderValue, Request};

use crate::world::{HOST, KMS, NAME, STS, Way, World, with_secret};

/// Version, action, parameters.
type Call<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

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
