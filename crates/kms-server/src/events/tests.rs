//! A service with events, and receivers that answer or do not.

use std::{
    fs,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use kms_service::{Level, Notice};
use kms_wire::{Action, Params, Request};
use serde_json::{Value, json};

use super::{Deliveries, Receiver, Receivers, body};
use crate::dev::stand::{Stand, caller};

/// Writes down what it is told, and fails as often as it is to.
#[derive(Clone, Default)]
struct Fake {
    told: Arc<Mutex<Vec<String>>>,
    fails: Arc<Mutex<u32>>,
}

#[async_trait]
impl Receiver for Fake {
    fn name(&self) -> String {
        "fake".to_owned()
    }

    fn wants(&self, notice: &Notice) -> bool {
        notice.level >= Level::Warn
    }

    async fn tell(&self, notice: &Notice) -> Result<(), String> {
        let mut fails = self.fails.lock().unwrap();
        if *fails > 0 {
            *fails -= 1;
            return Err("no answer".to_owned());
        }
        self.told.lock().unwrap().push(notice.name.clone());
        Ok(())
    }
}

fn notice() -> Notice {
    Notice {
        account: "1234567890123456".parse().unwrap(),
        id: "finding/cr-1/1234567890123456/2001/1".to_owned(),
        name: "Config:NonCompliantNotification".to_owned(),
        level: Level::Warn,
        resource: "acs:ram::1234567890123456:user/app".to_owned(),
        content: json!({"annotation": {"configuration": "91"}, "riskLevel": "Warning"}),
        time: "2026-11-29T00:00:00Z".parse().unwrap(),
    }
}

#[test]
fn annotations_are_an_object_for_logs_and_text_for_messages() {
    let object = body::finding(&notice(), false);
    assert_eq!(object["annotation"], json!({"configuration": "91"}));
    let text = body::finding(&notice(), true);
    assert_eq!(text["annotation"], r#"{"configuration":"91"}"#);
    assert_eq!(text["riskLevel"], "Warning");
}

#[test]
fn a_program_gets_a_notice_with_an_id_of_its_own() {
    assert_eq!(
        body::of(&notice()),
        json!({
            "eventId": "1234567890123456/finding/cr-1/1234567890123456/2001/1",
            "product": "CONFIG",
            "accountId": "1234567890123456",
            "name": "Config:NonCompliantNotification",
            "level": "WARN",
            "resourceId": "acs:ram::1234567890123456:user/app",
            "time": "2026-11-29T00:00:00Z",
            "content": {"annotation": {"configuration": "91"}, "riskLevel": "Warning"},
        })
    );
}

#[tokio::test]
async fn findings_reach_the_file_of_their_channel_and_each_receiver_once_whatever_fails() {
    let stand = Stand::new();
    let kms = stand.open().await;
    let caller = caller(&kms).await;
    let service = &kms.backend.service;
    let call = async |action: Action, said: &[(&str, &str)]| -> Value {
        let mut params = Params::default();
        for (name, value) in said {
            params.push(*name, *value);
        }
        let request = Request::parse(action, &params).unwrap();
        serde_json::to_value(service.call(&caller, request).await.unwrap()).unwrap()
    };
    let arn = "acs:mns:cn-hangzhou:1:/topics/findings";
    let channel = [
        ("DeliveryChannelType", "MNS"),
        ("DeliveryChannelTargetArn", arn),
        (
            "DeliveryChannelCondition",
            r#"[{"filterType":"RuleRiskLevel","value":"2","multiple":false}]"#,
        ),
    ];
    let made = call(Action::CreateConfigDeliveryChannel, &channel).await;
    let id = made["DeliveryChannelId"].as_str().unwrap();
    let rule = [
        ("ConfigRuleName", "rule"),
        ("SourceOwner", "ALIYUN"),
        (
            "SourceIdentifier",
            "ram-user-access-key-rotated-in-specific-time",
        ),
        ("InputParameters", r#"{"days":1}"#),
        ("RiskLevel", "2"),
    ];
    call(Action::CreateConfigRule, &rule).await;
    stand.clock.advance(Duration::from_hours(49));
    service.evaluate_rules("one").await.unwrap();

    let fake = Fake::default();
    *fake.fails.lock().unwrap() = 2;
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("deliveries");
    let receivers = Receivers {
        all: vec![Arc::new(fake.clone())],
        deliveries: Deliveries {
            folder: folder.clone(),
            hooks: std::collections::BTreeMap::new(),
        },
    };
    let mut rounds = 0;
    while rounds < 5 {
        for pending in service.pending_notices("one").await.unwrap() {
            receivers.tell(service, &kms.backend.audit, &pending).await;
        }
        stand.clock.advance(Duration::from_mins(10));
        rounds += 1;
    }
    let lines = fs::read_to_string(folder.join(format!("{id}.jsonl"))).unwrap();
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(!lines.is_empty());
    assert_eq!(fake.told.lock().unwrap().len(), lines.len());
    for line in &lines {
        assert_eq!(line["eventName"], "NonCompliant");
        assert_eq!(line["riskLevel"], "Warning");
        assert!(line["annotation"].is_string());
        let of = &line["evaluationResultIdentifier"]["evaluationResultQualifier"];
        assert_eq!(of["resourceType"], "ACS::RAM::User");
        assert_eq!(
            of["sourceIdentifier"],
            "ram-user-access-key-rotated-in-specific-time"
        );
    }
    kms.backend.close().await;
}
