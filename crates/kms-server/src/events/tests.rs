//! A service with events, and receivers that answer or do not.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use kms_service::{Level, Notice};
use kms_wire::{Action, Params, Request};
use serde_json::json;

use super::{Receiver, Receivers, body};
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
async fn each_receiver_is_told_once_whatever_fails() {
    let stand = Stand::new();
    let kms = stand.open().await;
    let caller = caller(&kms).await;
    let service = &kms.backend.service;
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
    let mut params = Params::default();
    for (name, value) in rule {
        params.push(name, value);
    }
    let request = Request::parse(Action::CreateConfigRule, &params).unwrap();
    service.call(&caller, request).await.unwrap();
    stand.clock.advance(Duration::from_hours(49));
    service.evaluate_rules("one").await.unwrap();

    let fake = Fake::default();
    *fake.fails.lock().unwrap() = 2;
    let receivers = Receivers {
        all: vec![Arc::new(fake.clone())],
    };
    let mut found = 0;
    for _round in 0..5 {
        let pending = service.pending_notices("one").await.unwrap();
        found = found.max(pending.len());
        for pending in pending {
            receivers.tell(service, &kms.backend.audit, &pending).await;
        }
        stand.clock.advance(Duration::from_mins(10));
    }
    assert!(found > 0);
    assert_eq!(fake.told.lock().unwrap().len(), found);
    kms.backend.close().await;
}
