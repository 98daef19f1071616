use kms_store::KeyStatus;
use kms_types::Secret;
use serde_json::Value;

use super::*;
use crate::{
    rotation::delegation::{POLICY, POLICY_DOCUMENT, TRUST_DOCUMENT},
    stand::{ACCOUNT, NOW, Stand, account, document},
};

/// What is said of a key that was never made.
const NO_KEY: &str = "LTAI5tNobodysKey";

/// With the user `bob` and the role that KMS may assume, which may do nothing.
async fn without_rights() -> Stand {
    let stand = Stand::new().await;
    stand
        .call("CreateUser", &[("UserName", "bob")])
        .await
        .unwrap();
    role(&stand, TRUST_DOCUMENT).await;
    stand
}

/// With the user `bob` and the delegation, as an account gives it.
async fn delegated() -> (Stand, Arc<dyn Ram>) {
    let stand = without_rights().await;
    let role = ("Role", ROLE);
    stand
        .grant(&stand.caller, role, POLICY, POLICY_DOCUMENT)
        .await;
    let ram = stand.service.ram(&account());
    (stand, ram)
}

async fn role(stand: &Stand, trust: &str) {
    let made = [("RoleName", ROLE), ("AssumeRolePolicyDocument", trust)];
    stand.call("CreateRole", &made).await.unwrap();
}

fn bob() -> RamUser {
    RamUser {
        account: account(),
        name: "bob".parse().unwrap(),
    }
}

fn no_key() -> AccessKeyId {
    NO_KEY.parse().unwrap()
}

/// What each of KMS's calls comes to.
async fn all(ram: &dyn Ram, user: &RamUser) -> Vec<RamError> {
    let off = KeyStatus::Inactive;
    vec![
        ram.keys(user).await.unwrap_err(),
        ram.create_key(user).await.unwrap_err(),
        ram.set_status(user, &no_key(), off).await.unwrap_err(),
        ram.delete_key(user, &no_key()).await.unwrap_err(),
    ]
}

#[tokio::test]
async fn keys_are_made_listed_switched_and_ended() {
    let (stand, ram) = delegated().await;
    assert_eq!(ram.keys(&bob()).await, Ok(vec![]));
    let one = ram.create_key(&bob()).await.unwrap();
    stand.pass(60);
    let two = ram.create_key(&bob()).await.unwrap();
    assert_eq!(ram.create_key(&bob()).await.err(), Some(RamError::KeyLimit));
    ram.set_status(&bob(), &one.id, KeyStatus::Inactive)
        .await
        .unwrap();
    let key = |id: &AccessKeyId, status, created: &str| RamKey {
        id: id.clone(),
        status,
        created: created.parse().unwrap(),
    };
    let listed = ram.keys(&bob()).await.unwrap();
    assert_eq!(
        listed,
        [
            key(&one.id, KeyStatus::Inactive, NOW),
            key(&two.id, KeyStatus::Active, "2025-01-03T08:00:17Z"),
        ]
    );
    ram.delete_key(&bob(), &one.id).await.unwrap();
    let again = ram.delete_key(&bob(), &one.id).await;
    assert_eq!(again, Err(RamError::NoKey));
    assert_eq!(ram.keys(&bob()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_not_there_is_named() {
    let (_stand, ram) = delegated().await;
    let nobody = RamUser {
        name: "nobody".parse().unwrap(),
        ..bob()
    };
    assert_eq!(all(&*ram, &nobody).await, vec![RamError::NoUser; 4]);
    let off = KeyStatus::Inactive;
    let done = ram.set_status(&bob(), &no_key(), off).await;
    assert_eq!(done, Err(RamError::NoKey));
}

#[tokio::test]
async fn nothing_is_done_without_the_role() {
    let (stand, ram) = delegated().await;
    let detach = [
        ("RoleName", ROLE),
        ("PolicyType", "Custom"),
        ("PolicyName", POLICY),
    ];
    stand.call("DetachPolicyFromRole", &detach).await.unwrap();
    let name = [("RoleName", ROLE)];
    stand.call("DeleteRole", &name).await.unwrap();
    let none = RamError::NoRole("the account has no such role");
    assert_eq!(all(&*ram, &bob()).await, vec![none; 4]);
}

#[tokio::test]
async fn nothing_is_done_by_a_role_that_lets_others_in() {
    let (stand, ram) = delegated().await;
    for principal in [
        format!(r#"{{"RAM":["acs:ram::{ACCOUNT}:root"]}}"#),
        r#"{"Service":["ecs.aliyuncs.com"]}"#.to_owned(),
    ] {
        let trust = format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{principal}}}]}}"#
        );
        let params = [
            ("RoleName", ROLE),
            ("NewAssumeRolePolicyDocument", trust.as_str()),
        ];
        stand.call("UpdateRole", &params).await.unwrap();
        let closed = RamError::NoRole("its trust policy does not name kms.aliyuncs.com");
        assert_eq!(all(&*ram, &bob()).await, vec![closed; 4], "{principal}");
    }
}

#[tokio::test]
async fn the_roles_policies_decide_each_call() {
    let stand = without_rights().await;
    let ram = stand.service.ram(&account());
    let denied = |action: &str| RamError::Denied(format!("NoPermission for ram:{action}"));
    let names = [
        "ListAccessKeys",
        "CreateAccessKey",
        "UpdateAccessKey",
        "DeleteAccessKey",
    ];
    assert_eq!(all(&*ram, &bob()).await, names.map(denied));

    let user = format!("acs:ram::{ACCOUNT}:user/bob");
    let reads = document("Allow", "ram:ListAccessKeys", &user);
    let role = ("Role", ROLE);
    stand.grant(&stand.caller, role, "reads", &reads).await;
    assert_eq!(ram.keys(&bob()).await, Ok(vec![]));
    let made = ram.create_key(&bob()).await.err();
    assert_eq!(made, Some(denied("CreateAccessKey")));

    // A denial wins, whatever is allowed besides.
    let others = document("Deny", "ram:*", &user);
    stand.grant(&stand.caller, role, "denies", &others).await;
    assert_eq!(ram.keys(&bob()).await, Err(denied("ListAccessKeys")));
}

#[tokio::test]
async fn the_published_policy_does_not_tell_the_last_use() {
    let (stand, ram) = delegated().await;
    let key = ram.create_key(&bob()).await.unwrap();
    let told = ram.last_used(&bob(), &key.id).await;
    let denied = "NoPermission for ram:GetAccessKeyLastUsed";
    assert_eq!(told, Err(RamError::Denied(denied.into())));

    let more = document("Allow", "ram:GetAccessKeyLastUsed", "*");
    let role = ("Role", ROLE);
    stand.grant(&stand.caller, role, "uses", &more).await;
    assert_eq!(ram.last_used(&bob(), &key.id).await, Ok(None));
    // That KMS asks whose it is does not count.
    ram.owner(&key).await.unwrap();
    assert_eq!(ram.last_used(&bob(), &key.id).await, Ok(None));
    let signing = kms_wire::sign::SigningKey {
        access_key_id: key.id.clone(),
        access_key_secret: key.secret.clone(),
        security_token: None,
    };
    stand.come_in(&signing).await;
    let told = ram.last_used(&bob(), &key.id).await;
    assert_eq!(told, Ok(Some(NOW.parse().unwrap())));
}

#[tokio::test]
async fn a_keys_owner_is_told_to_who_has_its_secret() {
    let (stand, ram) = delegated().await;
    let key = ram.create_key(&bob()).await.unwrap();
    assert_eq!(ram.owner(&key).await, Ok(KeyOwner::User(bob())));

    let wrong = NewAccessKey {
        secret: Secret::from("not its secret"),
        ..key.clone()
    };
    let refused = |code: &str| Err(RamError::KeyRefused(code.to_owned()));
    assert_eq!(ram.owner(&wrong).await, refused("SignatureDoesNotMatch"));
    let unknown = NewAccessKey {
        id: no_key(),
        ..key.clone()
    };
    let not_found = refused("InvalidAccessKeyId.NotFound");
    assert_eq!(ram.owner(&unknown).await, not_found);

    ram.set_status(&bob(), &key.id, KeyStatus::Inactive)
        .await
        .unwrap();
    let inactive = refused("InvalidAccessKeyId.Inactive");
    assert_eq!(ram.owner(&key).await, inactive);
    // Whether it is active is not for those to know who do not have it.
    assert_eq!(ram.owner(&wrong).await, refused("SignatureDoesNotMatch"));

    let stranger = stand.stranger("9999", "mallory").await;
    let id = stranger.principal.access_key_id().unwrap().clone();
    let foreign = NewAccessKey { id, ..key };
    assert_eq!(ram.owner(&foreign).await, refused("SignatureDoesNotMatch"));
}

#[tokio::test]
async fn accounts_are_told_apart() {
    let (stand, _ram) = delegated().await;
    let other = RamUser {
        account: "9999".parse().unwrap(),
        ..bob()
    };
    let ram = stand.service.ram(&other.account);
    let none = RamError::NoRole("the account has no such role");
    assert_eq!(all(&*ram, &other).await, vec![none; 4]);
}

#[test]
fn the_delegation_is_what_seed_003_prints() {
    for (ours, file, kind) in [
        (POLICY_DOCUMENT, "seed-003-delegation", "Identity"),
        (TRUST_DOCUMENT, "seed-003-kms-role", "Trust"),
    ] {
        let path = format!(
            "{}/tests/policy/documents/{file}.json",
            env!("CARGO_MANIFEST_DIR")
        );
        let case: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert_eq!(case["kind"], kind);
        let ours: Value = serde_json::from_str(ours).unwrap();
        assert_eq!(ours, case["document"], "{file}");
    }
    // Five letters of it are another way round than one would write them.
    assert_eq!(ROLE, "AliyunKMSManagedRAMCrendentialsRole");
    assert_eq!(POLICY, "AliyunKMSManagedRAMCrendentialsRolePolicy");
}
