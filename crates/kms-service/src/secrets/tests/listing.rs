use super::*;

async fn names(stand: &Stand, params: &[(&str, &str)]) -> (Vec<String>, u64) {
    let answer = stand.call("ListSecrets", params).await.unwrap();
    let names = answer["SecretList"]["Secret"]
        .as_array()
        .unwrap()
        .iter()
        .map(|secret| secret["SecretName"].as_str().unwrap().to_owned())
        .collect();
    (names, answer["TotalCount"].as_u64().unwrap())
}

#[tokio::test]
async fn an_empty_list_is_an_empty_list() {
    let stand = Stand::new().await;
    assert_eq!(
        stand.call("ListSecrets", &[]).await,
        Ok(json!({
            "SecretList": {"Secret": []},
            "PageNumber": 1,
            "PageSize": 10,
            "TotalCount": 0,
        }))
    );
}

#[tokio::test]
async fn lists_page_by_page() {
    let stand = Stand::new().await;
    for number in 0..25 {
        stand.create(&format!("s-{number:02}"), "x").await;
    }
    let (first, total) = names(&stand, &[]).await;
    assert_eq!((first.len(), total), (10, 25));
    let (third, total) = names(&stand, &[("PageNumber", "3")]).await;
    assert_eq!((third.len(), total), (5, 25));
    assert_eq!(third[0], "s-20");
    let (none, total) = names(&stand, &[("PageNumber", "9"), ("PageSize", "100")]).await;
    assert_eq!((none.len(), total), (0, 25));
}

#[tokio::test]
async fn filters_hold_together() {
    let stand = Stand::new().await;
    for (name, tags) in [
        ("a/one", r#"[{"TagKey":"team","TagValue":"red"}]"#),
        ("a/two", r#"[{"TagKey":"team","TagValue":"blue"}]"#),
        ("b/one", "[]"),
    ] {
        let params = [
            ("SecretName", name),
            ("VersionId", "v1"),
            ("SecretData", "x"),
            ("Tags", tags),
        ];
        stand.call("CreateSecret", &params).await.unwrap();
    }
    for (filters, expected) in [
        (
            r#"[{"Key":"SecretName","Values":["a/"]}]"#,
            &["a/one", "a/two"][..],
        ),
        (
            r#"[{"Key":"SecretName","Values":["a/one","b/one"]}]"#,
            &["a/one", "b/one"],
        ),
        (
            r#"[{"Key":"SecretName","Values":["a/"]},{"Key":"TagValue","Values":["red"]}]"#,
            &["a/one"],
        ),
        (
            r#"[{"Key":"TagKey","Values":["team"]}]"#,
            &["a/one", "a/two"],
        ),
        (
            r#"[{"Key":"SecretType","Values":["generic"]}]"#,
            &["a/one", "a/two", "b/one"],
        ),
        (r#"[{"Key":"SecretType","Values":["RDS"]}]"#, &[]),
        (r#"[{"Key":"DKMSInstanceId","Values":["kst-1"]}]"#, &[]),
        (
            r#"[{"Key":"Creator","Values":["1234567890123456"]}]"#,
            &["a/one", "a/two", "b/one"],
        ),
        (r#"[{"Key":"Creator","Values":["1"]}]"#, &[]),
    ] {
        let (found, total) = names(&stand, &[("Filters", filters)]).await;
        assert_eq!(found, expected, "{filters}");
        assert_eq!(total, u64::try_from(expected.len()).unwrap(), "{filters}");
    }
    let listed = stand
        .call("ListSecrets", &[("FetchTags", "true")])
        .await
        .unwrap();
    let tags = json!({"Tag": [{"TagKey": "team", "TagValue": "red"}]});
    assert_eq!(listed["SecretList"]["Secret"][0]["Tags"], tags);
    assert_eq!(
        listed["SecretList"]["Secret"][2]["Tags"],
        json!({"Tag": []})
    );
}

#[tokio::test]
async fn versions_without_labels_are_listed_on_request() {
    let stand = Stand::new().await;
    stand.create("app/db", "one").await;
    stand.pass(1);
    stand.put("app/db", "v2", "two").await.unwrap();
    stand.put("app/db", "v3", "three").await.unwrap();
    let listed = stand
        .call("ListSecretVersionIds", &[("SecretName", "app/db")])
        .await;
    assert_eq!(
        listed,
        Ok(json!({
            "SecretName": "app/db",
            "VersionIds": {"VersionId": [
                {
                    "VersionId": "v3",
                    "CreateTime": "2025-01-03T07:59:18Z",
                    "VersionStages": {"VersionStage": ["ACSCurrent"]},
                },
                {
                    "VersionId": "v2",
                    "CreateTime": "2025-01-03T07:59:18Z",
                    "VersionStages": {"VersionStage": ["ACSPrevious"]},
                },
            ]},
            "PageNumber": 1,
            "PageSize": 20,
            "TotalCount": 2,
        }))
    );
    let second_page = [
        ("SecretName", "app/db"),
        ("IncludeDeprecated", "true"),
        ("PageNumber", "2"),
        ("PageSize", "2"),
    ];
    let listed = stand
        .call("ListSecretVersionIds", &second_page)
        .await
        .unwrap();
    assert_eq!(listed["VersionIds"]["VersionId"][0]["VersionId"], "v1");
    assert_eq!(listed["TotalCount"], 3);
}
