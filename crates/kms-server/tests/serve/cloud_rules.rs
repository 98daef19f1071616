//! Rules of Cloud Config about users of the cloud's RAM, asked over HTTP as it is.

use kms_service::{Ram, RamError};
use serde_json::Value;

use crate::{
    call::try_call,
    cloud_ram::Cloud,
    place::{Place, key},
    server::Server,
    tls::until,
};

const CONFIG: &str = "2020-09-07";
const IMS: &str = "2019-08-15";

#[tokio::test(flavor = "multi_thread")]
async fn users_and_their_tags_are_listed_to_the_end() {
    let cloud = Cloud::start();
    // More than one page of the cloud's.
    for number in 0..101 {
        let name = format!("user-{number:03}");
        cloud.ok("CreateUser", &[("UserName", &name)]);
    }
    let ram = cloud.ram();
    let first = ram.users(&cloud.account, None).await.unwrap();
    assert_eq!(first.users.len(), 100);
    let rest = ram.users(&cloud.account, first.next).await.unwrap();
    // The administrator is one, too.
    assert_eq!(rest.users.len(), 2);
    assert_eq!(rest.next, None);
    let last = rest.users.last().unwrap();
    assert_eq!(last.name.as_str(), "user-100");

    // Twenty on each of six: more than one page of these.
    for number in 0..6 {
        let name = format!("user-{number:03}");
        let keys: Vec<_> = (1..=20).map(|at| format!("Tag.{at}.Key")).collect();
        let mut params = vec![("ResourcePrincipalName.1", name.as_str())];
        params.extend(keys.iter().map(|key| (key.as_str(), key.as_str())));
        let tagged = try_call(cloud.http(), &cloud.admin, IMS, "TagResources", &params);
        assert_eq!(tagged.unwrap().0, 200);
    }
    let ids: Vec<String> = first
        .users
        .iter()
        .take(50)
        .map(|user| user.id.clone())
        .collect();
    let tags = ram.user_tags(&cloud.account, &ids).await.unwrap();
    assert_eq!(tags.len(), 120);
    assert!(tags.iter().all(|tag| ids.contains(&tag.user_id)));
    assert!(tags.iter().all(|tag| tag.value.is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_list_users_is_told_which_right_it_lacks() {
    let cloud = Cloud::start();
    cloud.ok("CreateUser", &[("UserName", "bob")]);
    let bob = cloud.key_of("bob");
    let ram = cloud.ram_as(&bob);
    let denied = |action: &str| RamError::Denied(format!("NoPermission for {action}"));
    let users = ram.users(&cloud.account, None).await;
    assert_eq!(users.err(), Some(denied("ListUsers")));
    let tags = ram.user_tags(&cloud.account, &["2".to_owned()]).await;
    assert_eq!(tags.err(), Some(denied("ListTagResources")));
}

#[test]
fn a_rule_finds_a_disabled_key_in_the_cloud() {
    let cloud = Cloud::start();
    cloud.ok("CreateUser", &[("UserName", "app")]);
    let made = cloud.ok("CreateAccessKey", &[("UserName", "app")]);
    let id = made["AccessKey"]["AccessKeyId"]
        .as_str()
        .unwrap()
        .to_owned();
    let named = [
        ("UserName", "app"),
        ("UserAccessKeyId", id.as_str()),
        ("Status", "Inactive"),
    ];
    cloud.ok("UpdateAccessKey", &named);
    let file = cloud.key_file(&cloud.admin);
    let (account, at) = (cloud.account.as_str(), cloud.http());
    let place = Place::sqlite();
    place.configure(&format!(
        "[[ram]]\naccount = '{account}'\naccess_key_file = '{}'\nendpoint = 'http://{at}'\n\
         sts_endpoint = 'http://{at}'\ntimeout_seconds = 5\n",
        file.display()
    ));
    let admin = key(&place.done(&["init", "--account", account]));
    let server = Server::start(&place);
    let config = |action: &str, params: &[(&str, &str)]| {
        let done = try_call(server.http, &admin, CONFIG, action, params);
        let (status, body) = done.unwrap();
        assert_eq!(status, 200, "{action}: {body}");
        body
    };
    let rule = [
        ("ConfigRuleName", "disabled"),
        ("SourceOwner", "ALIYUN"),
        ("SourceIdentifier", "ram-user-invalid-ak-check"),
        ("RiskLevel", "1"),
    ];
    let rule = config("CreateConfigRule", &rule)["ConfigRuleId"].clone();
    let rule = [("ConfigRuleId", rule.as_str().unwrap())];
    let of_app = || {
        let listed = config("ListConfigRuleEvaluationResults", &rule);
        let list = listed["EvaluationResults"]["EvaluationResultList"].clone();
        let is_app = |one: &&Value| {
            let of = &one["EvaluationResultIdentifier"]["EvaluationResultQualifier"];
            of["ResourceName"] == "app"
        };
        list.as_array().unwrap().iter().find(is_app).cloned()
    };
    until("the user of the cloud is found", || of_app().is_some());
    let found = of_app().unwrap();
    assert_eq!(found["ComplianceType"], "NON_COMPLIANT");
    let annotation = found["Annotation"].as_str().unwrap();
    assert!(annotation.contains(&id), "{annotation}");
    let got = config("GetConfigRule", &rule);
    assert_eq!(got["ConfigRule"]["Compliance"]["Count"], 1);
}
