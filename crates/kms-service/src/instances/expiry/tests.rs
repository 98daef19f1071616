//! An instance that was paid for until 2025-02-03T16:00:00Z, which is midnight where periods are
//! counted.

use kms_types::ErrorCode;
use serde_json::{Value, json};

use crate::{
    Gateway,
    billing::tests::ORDER,
    documents,
    events::Event,
    instances::tests::networks::{bind, connect, network, shown},
    stand::{Stand, account},
};

const END: &str = "2025-02-03T16:00:00Z";
const MONTH: &str = "2025-03-03T16:00:00Z";

/// What works in an instance that is paid for, and how it is asked.
struct Scene {
    stand: Stand,
    id: String,
    key: String,
    blob: String,
}

impl Scene {
    async fn new() -> Self {
        let stand = Stand::new().await;
        let mut order = ORDER;
        order[12] = ("Parameter.4.Value", "10");
        let bought = stand.call("CreateInstance", &order).await.unwrap();
        let id = bought["Data"]["InstanceId"].as_str().unwrap().to_owned();
        let (vpc, vswitch) = network(&stand, 1, "cn-hangzhou-k").await;
        connect(&stand, &id, &vpc, &vswitch).await.unwrap();
        let params = [("DKMSInstanceId", id.as_str())];
        let key = stand.call("CreateKey", &params).await.unwrap();
        let key = key["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
        let params = [("KeyId", key.as_str()), ("Plaintext", "aGVsbG8=")];
        let sealed = stand.call("Encrypt", &params).await.unwrap();
        let blob = sealed["CiphertextBlob"].as_str().unwrap().to_owned();
        let secret = [
            ("SecretName", "app/db"),
            ("VersionId", "v1"),
            ("SecretData", "one"),
            ("DKMSInstanceId", &id),
        ];
        stand.call("CreateSecret", &secret).await.unwrap();
        Self {
            stand,
            id,
            key,
            blob,
        }
    }

    fn jump(&self, moment: &str) {
        self.stand.clock.jump_to(moment.parse().unwrap());
    }

    /// What comes of using what lives in the instance, in either way.
    async fn uses(&self, number: u32) -> Vec<(String, Option<ErrorCode>)> {
        let Self { stand, id, .. } = self;
        let (version, name) = (format!("v{number}"), format!("app/{number}"));
        let read = vec![("SecretName", "app/db")];
        let put = vec![
            ("SecretName", "app/db"),
            ("VersionId", version.as_str()),
            ("SecretData", "two"),
        ];
        let create = vec![
            ("SecretName", name.as_str()),
            ("VersionId", "v1"),
            ("SecretData", "one"),
            ("DKMSInstanceId", id),
        ];
        let encrypt = vec![("KeyId", self.key.as_str()), ("Plaintext", "aGVsbG8=")];
        let decrypt = vec![("CiphertextBlob", self.blob.as_str())];
        let mut codes = Vec::new();
        for (action, params) in [
            ("GetSecretValue", &read),
            ("PutSecretValue", &put),
            ("CreateSecret", &create),
            ("CreateKey", &vec![("DKMSInstanceId", id.as_str())]),
            ("Encrypt", &encrypt),
            ("Decrypt", &decrypt),
        ] {
            let answer = stand.call(action, params).await;
            codes.push((action.to_owned(), answer.err()));
        }
        let inside = crate::Caller {
            gateway: Gateway::Instance(id.parse().unwrap()),
            source: "10.1.1.9".parse().unwrap(),
            ..stand.caller.clone()
        };
        for (action, params) in [("GetSecretValue", &read), ("Encrypt", &encrypt)] {
            let answer = stand.call_as(&inside, action, params).await;
            codes.push((format!("{action} inside"), answer.err()));
        }
        codes
    }

    async fn assert_uses(&self, number: u32, expected: Option<ErrorCode>) {
        for (action, code) in self.uses(number).await {
            assert_eq!(code, expected, "{action} {number}");
        }
    }

    async fn renew(&self, months: &str, token: &str) -> Result<Value, ErrorCode> {
        let params = [
            ("ProductCode", "kms"),
            ("ProductType", "kms_ddi_public_cn"),
            ("InstanceId", self.id.as_str()),
            ("RenewPeriod", months),
            ("ClientToken", token),
        ];
        self.stand.call("RenewInstance", &params).await
    }

    async fn set_renewal(&self, renewal: &str) {
        let params = [
            ("ProductCode", "kms"),
            ("InstanceIDs", self.id.as_str()),
            ("RenewalStatus", renewal),
            ("RenewalPeriod", "1"),
            ("RenewalPeriodUnit", "M"),
        ];
        self.stand.call("SetRenewal", &params).await.unwrap();
    }

    async fn end(&self) -> Value {
        shown(&self.stand, &self.id).await["EndDate"].clone()
    }

    async fn sale_status(&self) -> (Value, Value) {
        let params = [("InstanceIDs", self.id.as_str())];
        let sold = self.stand.call("QueryAvailableInstances", &params).await;
        let sold = sold.unwrap()["Data"]["InstanceList"][0]["Status"].clone();
        let shown = shown(&self.stand, &self.id).await["SaleStatus"].clone();
        (shown, sold)
    }

    /// What was said of the instance's end since somebody asked last, and how much.
    async fn told(&self) -> Vec<String> {
        self.stand.service.remind().await.unwrap();
        let account = &account();
        let mut events = self
            .stand
            .service
            .tx(kms_store::Mode::Read, |mut tx| {
                Box::pin(async move { documents::all::<Event>(&mut *tx, account).await })
            })
            .await
            .unwrap();
        events.retain(|event| event.name.contains("/expiration/"));
        events.sort_by_key(|event| event.created);
        let now = self.stand.service.now();
        events.retain(|event| event.created == now);
        events
            .into_iter()
            .map(|event| format!("{} {}", event.body.name, event.body.level.as_str()))
            .collect()
    }
}

#[tokio::test]
async fn what_lives_in_an_expired_instance_is_not_used_until_it_is_renewed() {
    let scene = Scene::new().await;
    let expired = Some(ErrorCode::InstanceState);
    assert_eq!(scene.end().await, END);
    scene.jump("2025-02-03T15:59:59Z");
    scene.assert_uses(2, None).await;
    assert_eq!(
        scene.sale_status().await,
        (json!("Normal"), json!("Normal"))
    );
    scene.jump(END);
    scene.assert_uses(3, expired).await;
    assert_eq!(
        scene.sale_status().await,
        (json!("Expired"), json!("Expired"))
    );
    // Nothing of it is lost, and what takes it down works.
    scene.jump("2025-06-01T00:00:00Z");
    scene.assert_uses(4, expired).await;
    let secret = [("SecretName", "app/db")];
    scene.stand.call("DescribeSecret", &secret).await.unwrap();
    let key = [("KeyId", scene.key.as_str())];
    scene.stand.call("DescribeKey", &key).await.unwrap();
    let delete = [("SecretName", "app/2")];
    scene.stand.call("DeleteSecret", &delete).await.unwrap();
    // From now on, not from then on.
    scene.renew("1", "one").await.unwrap();
    assert_eq!(scene.end().await, "2025-07-01T16:00:00Z");
    scene.assert_uses(5, None).await;
}

#[tokio::test]
async fn an_expired_instance_is_neither_connected_nor_bound_nor_shared() {
    let scene = Scene::new().await;
    let mut order = ORDER;
    order[4] = ("ClientToken", "another");
    let other = scene.stand.call("CreateInstance", &order).await.unwrap();
    let other = &other["Data"]["InstanceId"];
    let other = other.as_str().unwrap();
    let near = network(&scene.stand, 2, "cn-hangzhou-k").await;
    scene.jump(END);
    let refused = Err(ErrorCode::InstanceState);
    let connected = connect(&scene.stand, other, &near.0, &near.1).await;
    assert_eq!(connected, refused);
    assert_eq!(bind(&scene.stand, &scene.id, &[&near]).await, refused);
    scene.stand.directory().await;
    let share = [
        ("ResourceShareName", "late"),
        ("Resources.1.ResourceType", "KMSInstance"),
        ("Resources.1.ResourceId", scene.id.as_str()),
    ];
    let shared = scene.stand.call("CreateResourceShare", &share).await;
    assert_eq!(shared, refused);
    // Its name, its protection and its size are its owner's to change still.
    let rename = [("KmsInstanceId", other), ("InstanceName", "late")];
    scene
        .stand
        .call("UpdateKmsInstance", &rename)
        .await
        .unwrap();
    scene.renew("1", "one").await.unwrap();
    bind(&scene.stand, &scene.id, &[&near]).await.unwrap();
}

#[tokio::test]
async fn a_renewal_adds_months_once_for_each_token() {
    let scene = Scene::new().await;
    let first = scene.renew("1", "one").await.unwrap();
    assert_eq!(scene.end().await, MONTH);
    assert_eq!(scene.renew("1", "one").await, Ok(first.clone()));
    assert_eq!(scene.end().await, MONTH);
    let other = scene.renew("2", "one").await;
    assert_eq!(other, Err(ErrorCode::TokenMismatch));
    let second = scene.renew("12", "two").await.unwrap();
    assert_ne!(second["Data"]["OrderId"], first["Data"]["OrderId"]);
    assert_eq!(scene.end().await, "2026-03-03T16:00:00Z");
    for wrong in ["0", "10", "13", "48", "many"] {
        let refused = scene.renew(wrong, "three").await;
        assert_eq!(refused, Err(ErrorCode::InvalidParameter), "{wrong}");
    }
    let long = "a".repeat(129);
    let refused = scene.renew("1", &long).await;
    assert_eq!(refused, Err(ErrorCode::InvalidParameter));
    // What is paid as it is used has no end, and no other account's is one's own.
    let order = [
        ("ProductCode", "kms"),
        ("ProductType", "kms_ppi_public_cn"),
        ("SubscriptionType", "PayAsYouGo"),
    ];
    let paid = scene.stand.call("CreateInstance", &order).await.unwrap();
    let params = [
        ("ProductCode", "kms"),
        ("InstanceId", paid["Data"]["InstanceId"].as_str().unwrap()),
        ("RenewPeriod", "1"),
    ];
    let refused = scene.stand.call("RenewInstance", &params).await;
    assert_eq!(refused, Err(ErrorCode::InvalidParameter));
    let stranger = scene.stand.stranger("99", "eve").await;
    let params = [
        ("ProductCode", "kms"),
        ("InstanceId", scene.id.as_str()),
        ("RenewPeriod", "1"),
    ];
    let refused = scene.stand.call_as(&stranger, "RenewInstance", &params);
    assert_eq!(refused.await, Err(ErrorCode::OrderNotFound));
}

#[tokio::test]
async fn what_renews_itself_goes_on_and_keeps_what_it_had_when_it_no_longer_does() {
    let scene = Scene::new().await;
    scene.set_renewal("AutoRenewal").await;
    scene.jump("2025-04-20T00:00:00Z");
    scene.assert_uses(2, None).await;
    assert_eq!(scene.end().await, "2025-05-03T16:00:00Z");
    scene.set_renewal("ManualRenewal").await;
    assert_eq!(scene.end().await, "2025-05-03T16:00:00Z");
    scene.assert_uses(3, None).await;
    scene.jump("2025-05-03T16:00:00Z");
    scene.assert_uses(4, Some(ErrorCode::InstanceState)).await;
    // Whoever lets it renew itself then, has it renewed then.
    scene.jump("2025-05-10T00:00:00Z");
    scene.set_renewal("AutoRenewal").await;
    assert_eq!(scene.end().await, "2025-06-10T16:00:00Z");
    scene.assert_uses(5, None).await;
}

#[tokio::test]
async fn people_hear_of_the_end_seven_three_and_one_day_before_and_then() {
    let scene = Scene::new().await;
    for (moment, expected) in [
        ("2025-01-27T15:59:59Z", vec![]),
        (
            "2025-01-27T16:00:00Z",
            vec!["Instance:Expiration:7Days WARN"],
        ),
        ("2025-01-27T16:00:01Z", vec![]),
        (
            "2025-01-31T16:00:00Z",
            vec!["Instance:Expiration:3Days WARN"],
        ),
        (
            "2025-02-02T16:00:00Z",
            vec!["Instance:Expiration:1Days CRITICAL"],
        ),
        ("2025-02-03T15:59:59Z", vec![]),
        (END, vec!["Instance:Expired CRITICAL"]),
        ("2025-02-04T16:00:00Z", vec![]),
    ] {
        scene.jump(moment);
        assert_eq!(scene.told().await, expected, "{moment}");
    }
    // Of the next end they hear again; of one that is long past no more.
    scene.renew("1", "one").await.unwrap();
    assert_eq!(scene.told().await, [""; 0]);
    scene.jump("2025-02-26T16:00:00Z");
    assert_eq!(scene.told().await, ["Instance:Expiration:7Days WARN"]);
    scene.jump("2025-05-15T00:00:00Z");
    assert_eq!(scene.told().await, [""; 0]);
}

#[tokio::test]
async fn nobody_is_reminded_of_what_renews_itself_or_is_not_to_be_renewed() {
    let scene = Scene::new().await;
    scene.set_renewal("AutoRenewal").await;
    scene.jump("2025-02-03T00:00:00Z");
    assert_eq!(scene.told().await, [""; 0]);
    scene.set_renewal("NotRenewal").await;
    assert_eq!(scene.told().await, [""; 0]);
    scene.jump(END);
    assert_eq!(scene.told().await, ["Instance:Expired CRITICAL"]);
}
