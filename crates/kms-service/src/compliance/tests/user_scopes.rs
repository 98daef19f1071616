//! Which users a rule is about, by their tags and resource groups.

use super::{
    groups::{directory, group, group_rule},
    *,
};

/// Users `a` of production, `b` of the team that tests, and `c` without tags; besides alice,
/// who has none either.
async fn three(stand: &Stand) {
    for name in ["a", "b", "c"] {
        stand
            .call("CreateUser", &[("UserName", name)])
            .await
            .unwrap();
    }
    tag(stand, "a", "env", "prod").await;
    tag(stand, "b", "env", "test").await;
    tag(stand, "b", "team", "x").await;
}

async fn tag(stand: &Stand, user: &str, key: &str, value: &str) {
    let params = [
        ("ResourcePrincipalName.1", user),
        ("Tag.1.Key", key),
        ("Tag.1.Value", value),
    ];
    stand.call("ImsTagResources", &params).await.unwrap();
}

/// Whom the rule says something of.
async fn about(stand: &Stand, id: &str) -> Vec<String> {
    let found = results(stand, id).await;
    let mut names: Vec<_> = found.iter().map(name).collect();
    names.sort();
    names
}

fn name(found: &Value) -> String {
    qualifier(found)["ResourceName"]
        .as_str()
        .unwrap()
        .to_owned()
}

async fn user_id(stand: &Stand, name: &str) -> String {
    let user = stand.call("GetUser", &[("UserName", name)]).await.unwrap();
    user["User"]["UserId"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn one_tag_of_several_is_enough_unless_all_are_asked_for() {
    let stand = Stand::new().await;
    three(&stand).await;
    let (one, other) = (
        [
            ("TagsScope.1.TagKey", "env"),
            ("TagsScope.1.TagValue", "prod"),
        ],
        [
            ("TagsScope.2.TagKey", "team"),
            ("TagsScope.2.TagValue", "x"),
        ],
    );
    let both = [one, other].concat();
    let (all, any) = (("TagKeyLogicScope", "AND"), ("TagKeyLogicScope", "OR"));
    let env = ("TagKeyScope", "env");
    let two = ("TagKeyScope", "env,team");
    for (number, (scope, names)) in [
        (vec![env], vec!["a", "b"]),
        (vec![env, ("TagValueScope", "prod")], vec!["a"]),
        (vec![env, ("TagValueScope", "PROD")], vec![]),
        (vec![two], vec!["a", "b"]),
        (vec![two, any], vec!["a", "b"]),
        (vec![two, all], vec!["b"]),
        (one.to_vec(), vec!["a"]),
        (both.clone(), vec!["a", "b"]),
        ([both.clone(), vec![any]].concat(), vec!["a", "b"]),
        ([both, vec![all]].concat(), vec![]),
        // Each parameter by itself narrows it.
        (vec![env, ("TagsScope.1.TagKey", "team")], vec!["b"]),
        (
            vec![("ExcludeTagsScope.1.TagKey", "env")],
            vec!["alice", "c"],
        ),
        (
            vec![
                ("ExcludeTagsScope.1.TagKey", "env"),
                ("ExcludeTagsScope.1.TagValue", "prod"),
            ],
            vec!["alice", "b", "c"],
        ),
        (vec![env, ("ExcludeTagsScope.1.TagKey", "team")], vec!["a"]),
        (
            vec![("RegionIdsScope", "global")],
            vec!["a", "alice", "b", "c"],
        ),
        (vec![("RegionIdsScope", "cn-hangzhou")], vec![]),
        (
            vec![("ExcludeRegionIdsScope", "cn-hangzhou,global")],
            vec![],
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let own = format!("rule-{number}");
        let more = [vec![("ConfigRuleName", own.as_str())], scope.clone()].concat();
        let id = rule(&stand, AGE, &more).await.unwrap();
        assert_eq!(about(&stand, &id).await, names, "{scope:?}");
    }
}

#[tokio::test]
async fn a_tag_that_is_given_or_taken_is_noticed_at_once() {
    let stand = Stand::new().await;
    three(&stand).await;
    let id = rule(&stand, AGE, &[("TagKeyScope", "team")]).await.unwrap();
    assert_eq!(about(&stand, &id).await, ["b"]);
    tag(&stand, "c", "team", "").await;
    assert_eq!(about(&stand, &id).await, ["b", "c"]);
    let untag = [("ResourcePrincipalName.1", "b"), ("TagKey.1", "team")];
    stand.call("ImsUntagResources", &untag).await.unwrap();
    assert_eq!(about(&stand, &id).await, ["c"]);
}

#[tokio::test]
async fn users_and_secrets_are_told_apart_by_resource_group() {
    let stand = Stand::new().await;
    three(&stand).await;
    let params = [
        ("SecretName", "db"),
        ("SecretType", "Rds"),
        ("VersionId", "v1"),
        (
            "ExtendedConfig",
            r#"{"SecretSubType":"SingleUser","DBInstanceId":"rm-1"}"#,
        ),
        (
            "SecretData",
            r#"{"Accounts":[{"AccountName":"u","AccountPassword":"p"}]}"#,
        ),
    ];
    stand.call("CreateSecret", &params).await.unwrap();
    stand.create("other", "x").await;
    let params = [("Name", "apps"), ("DisplayName", "Apps")];
    let made = stand.call("CreateResourceGroup", &params).await.unwrap();
    let apps = made["ResourceGroup"]["Id"].as_str().unwrap().to_owned();
    let a = user_id(&stand, "a").await;
    let within = [("ResourceGroupIdsScope", apps.as_str())];
    let without = [
        ("ConfigRuleName", "others"),
        ("ExcludeResourceGroupIdsScope", apps.as_str()),
    ];
    let inside = rule(&stand, AGE, &within).await.unwrap();
    let outside = rule(&stand, AGE, &without).await.unwrap();
    assert!(about(&stand, &inside).await.is_empty());
    let moved = [
        ("ResourceGroupId", apps.as_str()),
        ("Resources.1.Service", "ram"),
        ("Resources.1.ResourceType", "user"),
        ("Resources.1.ResourceId", &a),
        ("Resources.2.Service", "kms"),
        ("Resources.2.ResourceType", "secret"),
        ("Resources.2.ResourceId", "db"),
    ];
    stand.call("MoveResources", &moved).await.unwrap();
    assert_eq!(about(&stand, &inside).await, ["a"]);
    let found = result(&stand, &inside, "a").await;
    assert_eq!(qualifier(&found)["ResourceGroupId"], apps.as_str());
    assert_eq!(about(&stand, &outside).await, ["alice", "b", "c"]);
    let secrets = [("ConfigRuleName", "secrets"), within[0]];
    let secrets = rule(&stand, "kms-secret-rotation-enabled", &secrets).await;
    assert_eq!(about(&stand, &secrets.unwrap()).await, ["db"]);
    // The account's default group is one like the others.
    let listed = stand.call("ListResourceGroups", &[]).await.unwrap();
    let default = listed["ResourceGroups"]["ResourceGroup"][0]["Id"].clone();
    let rest = [
        ("ConfigRuleName", "rest"),
        ("ResourceGroupIdsScope", default.as_str().unwrap()),
    ];
    let rest = rule(&stand, AGE, &rest).await.unwrap();
    assert_eq!(about(&stand, &rest).await, ["alice", "b", "c"]);
}

#[tokio::test]
async fn a_scope_is_told_as_it_was_said() {
    let stand = Stand::new().await;
    let scope = [
        ("ResourceIdsScope", "1,2"),
        ("ExcludeResourceIdsScope", "2"),
        ("RegionIdsScope", "global"),
        ("ExcludeRegionIdsScope", "cn-beijing"),
        ("ResourceGroupIdsScope", "rg-1,rg-2"),
        ("ExcludeResourceGroupIdsScope", "rg-3"),
        ("TagKeyScope", "env"),
        ("TagValueScope", "prod"),
        ("TagKeyLogicScope", "AND"),
    ];
    let tags = [
        ("TagsScope.1.TagKey", "team"),
        ("TagsScope.1.TagValue", "x"),
        ("ExcludeTagsScope.1.TagKey", "legacy"),
        ("ExcludeTagsScope.1.TagValue", "yes"),
    ];
    let id = rule(&stand, AGE, &[&scope[..], &tags].concat()).await;
    let id = id.unwrap();
    let told = get(&stand, &id).await;
    for (name, value) in scope {
        assert_eq!(told[name], value, "{name}");
    }
    assert_eq!(
        told["TagsScope"],
        json!([{"TagKey": "team", "TagValue": "x"}])
    );
    assert_eq!(
        told["ExcludeTagsScope"],
        json!([{"TagKey": "legacy", "TagValue": "yes"}])
    );
    // What is said anew changes that alone.
    let change = [("ConfigRuleId", id.as_str()), ("TagKeyLogicScope", "OR")];
    stand.call("UpdateConfigRule", &change).await.unwrap();
    let told = get(&stand, &id).await;
    assert_eq!(told["TagKeyLogicScope"], "OR");
    assert_eq!(told["ResourceGroupIdsScope"], "rg-1,rg-2");
}

#[tokio::test]
async fn a_groups_rule_is_about_users_with_the_tag_in_each_account() {
    let stand = Stand::new().await;
    let (_folder, member, _eve) = directory(&stand).await;
    let outside = stand.stranger(&member, "bob").await;
    let params = [("ResourcePrincipalName.1", "old"), ("Tag.1.Key", "env")];
    stand
        .call_as(&outside, "ImsTagResources", &params)
        .await
        .unwrap();
    three(&stand).await;
    let id = group(&stand, "RD", &[]).await.unwrap();
    let rule = group_rule(&stand, &id, &[("TagKeyScope", "env")]).await;
    let params = [
        ("AggregatorId", id.as_str()),
        ("ConfigRuleId", rule.as_str()),
    ];
    let listed = stand.call("ListAggregateConfigRuleEvaluationResults", &params);
    let listed = listed.await.unwrap();
    let list = listed["EvaluationResults"]["EvaluationResultList"].as_array();
    let mut names: Vec<_> = list.unwrap().iter().map(name).collect();
    names.sort();
    assert_eq!(names, ["a", "b", "old"]);
}
