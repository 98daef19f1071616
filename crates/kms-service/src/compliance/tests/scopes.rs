use super::*;

#[tokio::test]
async fn secrets_are_told_apart_by_type_tag_and_region() {
    let stand = Stand::new().await;
    stand.create("generic", "x").await;
    let config = r#"{"SecretSubType":"SingleUser","DBInstanceId":"rm-1"}"#;
    for (name, tags) in [
        ("db/a", r#"[{"TagKey":"env","TagValue":"prod"}]"#),
        ("db/b", "[]"),
    ] {
        let params = [
            ("SecretName", name),
            ("SecretType", "Rds"),
            ("VersionId", "v1"),
            ("ExtendedConfig", config),
            (
                "SecretData",
                r#"{"Accounts":[{"AccountName":"u","AccountPassword":"p"}]}"#,
            ),
            ("Tags", tags),
        ];
        stand.call("CreateSecret", &params).await.unwrap();
    }
    let kind = "kms-secret-rotation-enabled";
    let all = rule(&stand, kind, &[]).await.unwrap();
    let said = |found: &Value| {
        let name = qualifier(found)["ResourceName"]
            .as_str()
            .unwrap()
            .to_owned();
        (name, found["ComplianceType"].as_str().unwrap().to_owned())
    };
    let found: Vec<_> = results(&stand, &all).await.iter().map(said).collect();
    let red = |name: &str| (name.to_owned(), "NON_COMPLIANT".to_owned());
    assert_eq!(
        found,
        [
            red("db/a"),
            red("db/b"),
            ("generic".to_owned(), "NOT_APPLICABLE".to_owned())
        ]
    );
    for (number, (scope, names)) in [
        (("TagKeyScope", "env"), vec!["db/a"]),
        (("TagsScope.1.TagKey", "env"), vec!["db/a"]),
        (
            ("ExcludeTagsScope.1.TagKey", "env"),
            vec!["db/b", "generic"],
        ),
        (("RegionIdsScope", "cn-beijing"), vec![]),
        (("ExcludeRegionIdsScope", "cn-hangzhou"), vec![]),
        (
            (
                "ExcludeResourceIdsScope",
                "acs:kms:cn-hangzhou:1234567890123456:secret/db/a",
            ),
            vec!["db/b", "generic"],
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("rule-{number}");
        let more = [("ConfigRuleName", name.as_str()), scope];
        let id = rule(&stand, kind, &more).await.unwrap();
        let found = results(&stand, &id).await;
        let found: Vec<String> = found.iter().map(|found| said(found).0).collect();
        assert_eq!(found, names, "{scope:?}");
    }
}

#[tokio::test]
async fn rules_are_listed_in_pages_and_by_what_they_say() {
    let stand = Stand::new().await;
    app(&stand).await;
    rule(&stand, AGE, &[("ConfigRuleName", "b")]).await.unwrap();
    let more = [("ConfigRuleName", "a"), ("RiskLevel", "3")];
    let stopped = rule(&stand, IDLE, &more).await.unwrap();
    let ids = [("ConfigRuleIds", stopped.as_str())];
    stand.call("Config2019StopConfigRules", &ids).await.unwrap();
    let names = async |params: &[(&str, &str)]| -> Vec<String> {
        let listed = stand.call("ListConfigRules", params).await.unwrap();
        let list = listed["ConfigRules"]["ConfigRuleList"]
            .as_array()
            .unwrap()
            .clone();
        let name = |rule: &Value| rule["ConfigRuleName"].as_str().unwrap().to_owned();
        list.iter().map(name).collect()
    };
    assert_eq!(names(&[]).await, ["a", "b"]);
    assert_eq!(
        names(&[("PageSize", "1"), ("PageNumber", "2")]).await,
        ["b"]
    );
    assert_eq!(names(&[("ConfigRuleState", "INACTIVE")]).await, ["a"]);
    assert_eq!(names(&[("RiskLevel", "1")]).await, ["b"]);
    assert_eq!(names(&[("ComplianceType", "COMPLIANT")]).await, ["a", "b"]);
    assert!(
        names(&[("ComplianceType", "NON_COMPLIANT")])
            .await
            .is_empty()
    );

    // Results in pages of one: everybody once.
    let mut users = Vec::new();
    let mut token = String::new();
    loop {
        let mut params = vec![("ConfigRuleId", stopped.as_str()), ("MaxResults", "1")];
        if !token.is_empty() {
            params.push(("NextToken", &token));
        }
        let page = stand.call("ListConfigRuleEvaluationResults", &params).await;
        let page = page.unwrap()["EvaluationResults"].clone();
        let one = &page["EvaluationResultList"][0];
        users.push(qualifier(one)["ResourceName"].as_str().unwrap().to_owned());
        match page["NextToken"].as_str() {
            Some(next) => next.clone_into(&mut token),
            None => break,
        }
    }
    users.sort();
    assert_eq!(users, ["alice", "app"]);
    let wrong = [("NextToken", "?")];
    let refused = stand.call("ListConfigRuleEvaluationResults", &wrong).await;
    assert_eq!(refused, Err(ErrorCode::InvalidParameter));

    stand.call("DeleteConfigRules", &ids).await.unwrap();
    let gone = stand
        .call("GetConfigRule", &[("ConfigRuleId", &stopped)])
        .await;
    assert_eq!(gone, Err(ErrorCode::ConfigRuleNotFound));
    let none = stand
        .call("ListConfigRuleEvaluationResults", &[])
        .await
        .unwrap();
    let list = none["EvaluationResults"]["EvaluationResultList"]
        .as_array()
        .unwrap();
    assert_eq!(list.len(), 2);
}
