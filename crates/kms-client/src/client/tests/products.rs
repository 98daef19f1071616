//! Where the actions of each product go, and the one that nobody signs.

use std::{collections::VecDeque, sync::Arc};

use kms_types::Secret;
use kms_wire::{
    Action,
    request::{
        AssumeRoleWithOIDC, GetCallerIdentity, ListOIDCProviders, ListRoles, Product, RoleSession,
    },
};

use super::{Answer, Counted, Keys, Script, Stage};
use crate::{Client, ClientBuilder};

fn builder(endpoint: &str, answers: Vec<Answer>, keys: Keys) -> (ClientBuilder, Arc<Script>) {
    let script = Arc::new(Script::new(answers));
    let builder = Client::builder(endpoint.parse().unwrap(), Arc::new(keys), script.clone());
    (builder.chance(Arc::new(Counted::default())), script)
}

fn refused() -> Answer {
    Answer::Http(403, vec![], r#"{"Code":"NoPermission","Message":"m"}"#)
}

/// Calls one action of each product, which are refused, and says where.
async fn asked(client: Client, script: Arc<Script>) -> Vec<String> {
    let stage = Stage { client, script };
    stage.read().await.unwrap_err();
    let client = &stage.client;
    let who = GetCallerIdentity::default();
    client.call(&who).await.unwrap_err();
    let list = ListRoles {
        marker: None,
        max_items: 100,
    };
    client.call(&list).await.unwrap_err();
    let list = ListOIDCProviders {
        marker: None,
        max_items: 100,
    };
    client.call(&list).await.unwrap_err();
    let asked = stage.script.asked.lock().unwrap();
    let origin = |url: &str| url.split('?').next().unwrap().to_owned();
    asked.iter().map(|(_, sent)| origin(&sent.url)).collect()
}

fn four() -> Vec<Answer> {
    (0..4).map(|_| refused()).collect()
}

#[tokio::test(start_paused = true)]
async fn in_the_cloud_each_product_has_a_host_of_its_own() {
    let (client, script) = builder(
        "kms-vpc.cn-hangzhou.aliyuncs.com",
        four(),
        Keys::new(&["LTAI1"]),
    );
    assert_eq!(
        asked(client.build(), script).await,
        [
            "https://kms-vpc.cn-hangzhou.aliyuncs.com/",
            "https://sts.aliyuncs.com/",
            "https://ram.aliyuncs.com/",
            "https://ims.aliyuncs.com/",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_server_of_ones_own_serves_them_together() {
    for endpoint in ["http://localhost:9470", "https://kms.example.com:9471"] {
        let (client, script) = builder(endpoint, four(), Keys::new(&["LTAI1"]));
        let expected = vec![format!("{endpoint}/"); 4];
        assert_eq!(asked(client.build(), script).await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_is_given_counts() {
    let sts: crate::Endpoint = "sts-vpc.cn-hangzhou.aliyuncs.com".parse().unwrap();
    let (client, script) = builder(
        "kms.cn-hangzhou.aliyuncs.com",
        four(),
        Keys::new(&["LTAI1"]),
    );
    let client = client.product_endpoint(Product::Sts, sts).build();
    let asked = asked(client, script).await;
    assert_eq!(asked[1], "https://sts-vpc.cn-hangzhou.aliyuncs.com/");
    assert_eq!(asked[2], "https://ram.aliyuncs.com/");
}

/// Every action of this project has a host, a version and an owner on this side.
#[test]
fn no_product_goes_to_the_host_of_another() {
    let endpoints = super::super::Endpoints::new("kms.cn-hangzhou.aliyuncs.com".parse().unwrap());
    for action in Action::ALL {
        let product = action.product();
        let host = endpoints.of(product).host();
        let expected = match product {
            Product::Bss => "business".to_owned(),
            Product::Cms => "metrics".to_owned(),
            Product::ResourceDirectory => "resourcedirectory".to_owned(),
            _ => product.as_str().to_ascii_lowercase(),
        };
        assert!(
            host.starts_with(&format!("{expected}.")),
            "{action:?}: {host}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_for_a_role_needs_no_other_identity() {
    let answer = r#"{"AssumedRoleUser":{"Arn":"a","AssumedRoleId":"3:me"},"Credentials":{"AccessKeyId":"STS.x","AccessKeySecret":"s","SecurityToken":"t","Expiration":"2026-11-25T11:00:00Z"},"RequestId":"1"}"#;
    // Who has no keys at all panics when asked for one.
    let nobody = Keys(std::sync::Mutex::new(VecDeque::new()));
    let (client, script) = builder(
        "kms.cn-hangzhou.aliyuncs.com",
        vec![Answer::Http(200, vec![], answer)],
        nobody,
    );
    let call = AssumeRoleWithOIDC {
        session: RoleSession {
            role_arn: "acs:ram::1234567890123456:role/app".to_owned(),
            name: "me".to_owned(),
            duration_seconds: None,
            policy: None,
        },
        oidc_provider_arn: "acs:ram::1234567890123456:oidc-provider/idp".to_owned(),
        oidc_token: Secret::from("head.canary.sign"),
    };
    let assumed = client.build().call(&call).await.unwrap();
    assert_eq!(assumed.credentials.access_key_id, "STS.x");
    let asked = script.asked.lock().unwrap();
    let sent = &asked[0].1;
    assert_eq!(sent.url, "https://sts.aliyuncs.com/");
    let body = String::from_utf8(sent.body.clone()).unwrap();
    for part in [
        "Action=AssumeRoleWithOIDC",
        "Version=2015-04-01",
        "OIDCToken=head.canary.sign",
        "SignatureNonce=n0",
    ] {
        assert!(body.split('&').any(|own| own == part), "{part}: {body}");
    }
    assert!(
        !body.contains("&Signature=") && !body.contains("AccessKeyId"),
        "{body}"
    );
    assert!(sent.headers.iter().all(|(name, _)| name != "authorization"));
}
