//! Calls that are known by name only, and the two ways out.

use std::sync::Arc;

use kms_testkit::MockClock;
use kms_wire::{
    Params,
    request::{GetCallerIdentity, Product},
};

use super::{Answer, Counted, Keys, Script, Stage, value};
use crate::{CallError, Client};

#[tokio::test(start_paused = true)]
async fn a_call_by_name_is_signed_tried_again_and_answered_as_it_came() {
    let stage = Stage::new(vec![
        Answer::Http(503, vec![], r#"{"Code":"ServiceUnavailableTemporary"}"#),
        Answer::Http(200, vec![], r#"{"Later":["1"],"RequestId":"r"}"#),
    ]);
    let mut params = Params::default();
    params.push("SecretName", "app/db");
    let call = stage
        .client
        .call_by_name(Product::Kms, "ActionOfTomorrow", params);
    let answer = call.await.unwrap();
    assert_eq!(
        String::from_utf8_lossy(answer.expose()),
        r#"{"Later":["1"],"RequestId":"r"}"#
    );
    assert_eq!(stage.times(), [0, 200]);
    assert_eq!(stage.header(1, "x-acs-action"), "ActionOfTomorrow");
    assert_eq!(stage.header(1, "x-acs-version"), "2016-01-20");
    assert!(stage.header(1, "authorization").contains("LTAI1"));
}

#[tokio::test(start_paused = true)]
async fn a_call_by_name_is_refused_as_others_are_and_shows_no_value() {
    let stage = Stage::new(vec![Answer::Http(
        404,
        vec![],
        r#"{"Code":"InvalidAction.NotFound","Message":"m","RequestId":"r"}"#,
    )]);
    let mut params = Params::default();
    params.push("SecretData", "canary-value");
    let call = stage
        .client
        .call_by_name(Product::Kms, "ActionOfTomorrow", params);
    let error = call.await.unwrap_err();
    assert!(matches!(&error, CallError::Service { status: 404, .. }));
    assert!(!format!("{error:?} {error}").contains("canary"));
}

/// At an instance a private CA is believed and no other, so what is not KMS goes another way.
#[tokio::test(start_paused = true)]
async fn products_around_an_instance_have_a_way_of_their_own() {
    let identity = r#"{"IdentityType":"RAMUser","AccountId":"1","PrincipalId":"2","UserId":"2","Arn":"a","RequestId":"r"}"#;
    let to_kms = Arc::new(Script::new(vec![value()]));
    let to_others = Arc::new(Script::new(vec![Answer::Http(200, vec![], identity)]));
    let endpoint = "kst-1.cryptoservice.kms.aliyuncs.com".parse().unwrap();
    let client = Client::builder(endpoint, Arc::new(Keys::new(&["LTAI1"])), to_kms.clone())
        .way_to_other_products(to_others.clone())
        .clock(Arc::new(MockClock::at(
            "2026-11-25T10:00:00Z".parse().unwrap(),
        )))
        .chance(Arc::new(Counted::default()))
        .build();
    let who = client.call(&GetCallerIdentity::default()).await.unwrap();
    assert_eq!(who.arn, "a");
    let stage = Stage {
        client,
        script: to_kms,
    };
    assert_eq!(stage.read().await.unwrap(), "v3");
    assert_eq!(
        to_others.asked.lock().unwrap()[0].1.url,
        "https://sts.aliyuncs.com/"
    );
    assert!(
        stage.script.asked.lock().unwrap()[0]
            .1
            .url
            .starts_with("https://kst-1.cryptoservice.kms.aliyuncs.com/")
    );
}
