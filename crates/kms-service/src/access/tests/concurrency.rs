use std::collections::BTreeSet;

use serde_json::Value;

use crate::stand::Stand;

/// The names inside a text that holds a JSON list, or an object with one.
fn names(text: &str) -> BTreeSet<String> {
    let value: Value = serde_json::from_str(text).unwrap();
    let list = value.get("NetworkRules").unwrap_or(&value);
    let names = list.as_array().unwrap().iter();
    names
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

/// Everybody changes and deletes at once: whoever comes first, no policy is left with a
/// rule that is gone, no access point with such a policy, and none has more than three.
#[tokio::test]
async fn no_reference_dangles_and_no_limit_breaks() {
    let stand = Stand::new().await;
    let rules = ["r0", "r1", "r2", "r3", "r4", "r5"];
    for name in rules {
        let params = [("Name", name), ("Type", "Private")];
        stand.call("CreateNetworkRule", &params).await.unwrap();
    }
    for name in ["p0", "p1", "p2", "p3", "p4"] {
        let params = [
            ("Name", name),
            ("KmsInstance", "shared"),
            ("Permissions", r#"["RbacPermission/Template/SecretUser"]"#),
            ("Resources", r#"["secret/*"]"#),
            ("AccessControlRules", r#"{"NetworkRules":["r0"]}"#),
        ];
        stand.call("CreatePolicy", &params).await.unwrap();
    }
    let point = [("Name", "app"), ("Policies", r#"["p0"]"#)];
    stand
        .call("CreateApplicationAccessPoint", &point)
        .await
        .unwrap();

    let mut calls = Vec::new();
    for at in 0..12 {
        let rule = |offset: usize| format!(r#""r{}""#, (at + offset) % 6);
        let policy = |offset: usize| format!(r#""p{}""#, (at + offset) % 5);
        let two = format!(r#"{{"NetworkRules":[{},{}]}}"#, rule(0), rule(1));
        let four = [0, 1, 2, 3].map(rule).join(",");
        let four = format!(r#"{{"NetworkRules":[{four}]}}"#);
        let name = format!("p{}", at % 5);
        let policies = format!("[{},{}]", policy(0), policy(1));
        calls.extend([
            (
                "UpdatePolicy",
                vec![("Name", name.clone()), ("AccessControlRules", two)],
            ),
            (
                "UpdatePolicy",
                vec![("Name", name.clone()), ("AccessControlRules", four)],
            ),
            (
                "UpdateApplicationAccessPoint",
                vec![("Name", "app".to_owned()), ("Policies", policies)],
            ),
            ("DeleteNetworkRule", vec![("Name", format!("r{}", at % 6))]),
        ]);
        if at % 6 == 5 {
            calls.push(("DeletePolicy", vec![("Name", name)]));
        }
    }
    let calls = calls.iter().map(|(action, params)| {
        let stand = &stand;
        async move {
            let params: Vec<(&str, &str)> = params
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            // Refused or not: what counts is what is left.
            let _done = stand.call(action, &params).await;
        }
    });
    futures_util::future::join_all(calls).await;

    let rules: BTreeSet<String> =
        listed(&stand, "ListNetworkRules", "NetworkRules", "NetworkRule").await;
    let policies = listed(&stand, "ListPolicies", "Policies", "Policy").await;
    for name in &policies {
        let told = stand
            .call("DescribePolicy", &[("Name", name)])
            .await
            .unwrap();
        let own = names(told["AccessControlRules"].as_str().unwrap());
        assert!(own.len() <= 3, "{name}: {own:?}");
        assert!(own.is_subset(&rules), "{name}: {own:?} of {rules:?}");
    }
    let told = stand
        .call("DescribeApplicationAccessPoint", &[("Name", "app")])
        .await
        .unwrap();
    let own = names(told["Policies"].as_str().unwrap());
    assert!((1..=3).contains(&own.len()), "{own:?}");
    assert!(own.is_subset(&policies), "{own:?} of {policies:?}");
}

async fn listed(stand: &Stand, action: &str, list: &str, item: &str) -> BTreeSet<String> {
    let answer = stand.call(action, &[]).await.unwrap();
    let items = answer[list][item].as_array().unwrap().iter();
    items
        .map(|item| item["Name"].as_str().unwrap().to_owned())
        .collect()
}
