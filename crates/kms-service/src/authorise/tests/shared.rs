//! The policy of a secret beside those of users and roles.

use kms_store::{Mode, NewSecret, SecretRotation};

use super::*;
use crate::{
    policy::{Document, Kind},
    stand::{account, document},
};

const OWN: &str = "1234567890123456";
const ALLOW: &str = r#"{"Effect":"Allow","Action":"kms:GetSecretValue","Resource":"*","Principal":{"RAM":["PRINCIPAL"]}}"#;
const DENY: &str = r#"{"Effect":"Deny","Action":"kms:GetSecretValue","Resource":"*","Principal":{"RAM":["PRINCIPAL"]}}"#;

fn policy(statement: &str, principal: &str) -> Document {
    let statement = statement.replace("PRINCIPAL", principal);
    let text = format!(r#"{{"Version":"1","Statement":[{statement}]}}"#);
    Document::parse(&text, Kind::Resource).unwrap()
}

/// Whether the caller may read the secret of the stand's account that has this policy.
fn may(stand: &Stand, caller: &Caller, policy: Option<&Document>) -> bool {
    let (account, name) = (OWN.parse().unwrap(), "app/db".parse().unwrap());
    let resource = Resource::Secret {
        account: &account,
        name: &name,
    };
    let facts = Facts {
        policy,
        ..Facts::default()
    };
    let action = Action::GetSecretValue;
    let done = stand.service.decide(caller, action, resource, &facts);
    done.is_ok()
}

/// Four users: with no policy, an allowing one, a denying one, and both.
async fn people(stand: &Stand, admin: &Caller) -> Vec<Caller> {
    let allow = document("Allow", "kms:*", "acs:kms:*:*:secret/*");
    let deny = document("Deny", "kms:*", "acs:kms:*:*:secret/app/*");
    let mut people = Vec::new();
    for (name, policies) in [
        ("silent", &[][..]),
        ("allowed", &[allow.as_str()]),
        ("denied", &[&deny]),
        ("torn", &[&allow, &deny]),
    ] {
        let key = stand.person_of(admin, name, policies).await;
        people.push(stand.come_in(&key).await);
    }
    people
}

#[tokio::test]
async fn in_the_own_account_either_lets_in_and_a_denial_wins() {
    let stand = Stand::new().await;
    let people = people(&stand, &stand.caller).await;
    for (statement, expected) in [
        (None, [false, true, false, false]),
        (Some(ALLOW), [true, true, false, false]),
        (Some(DENY), [false, false, false, false]),
    ] {
        for (caller, expected) in people.iter().zip(expected) {
            let arn = caller.principal.arn();
            let policy = statement.map(|statement| policy(statement, &arn));
            let got = may(&stand, caller, policy.as_ref());
            assert_eq!(got, expected, "{arn} {statement:?}");
        }
    }
}

#[tokio::test]
async fn from_another_account_it_takes_both() {
    let stand = Stand::new().await;
    let admin = stand.stranger("9999", "admin").await;
    let people = people(&stand, &admin).await;
    for (statement, expected) in [
        (None, [false, false, false, false]),
        (Some(ALLOW), [false, true, false, false]),
        (Some(DENY), [false, false, false, false]),
    ] {
        for (caller, expected) in people.iter().zip(expected) {
            let arn = caller.principal.arn();
            for principal in [&arn, "acs:ram::9999:*", "acs:ram::9999:root"] {
                let policy = statement.map(|statement| policy(statement, principal));
                let got = may(&stand, caller, policy.as_ref());
                assert_eq!(got, expected, "{arn} {statement:?} {principal}");
            }
            // Somebody else is named.
            for principal in ["acs:ram::9999:user/nobody", "acs:ram::99:root"] {
                let policy = policy(ALLOW, principal);
                assert!(!may(&stand, caller, Some(&policy)), "{arn} {principal}");
            }
        }
    }
}

/// The cloud writes such a policy for each secret that is given none.
#[tokio::test]
async fn a_policy_that_lets_in_its_own_account_leaves_it_to_that_accounts_policies() {
    let stand = Stand::new().await;
    let people = people(&stand, &stand.caller).await;
    for principal in [format!("acs:ram::{OWN}:*"), format!("acs:ram::{OWN}:root")] {
        let allow = policy(ALLOW, &principal);
        let deny = policy(DENY, &principal);
        for (caller, expected) in people.iter().zip([false, true, false, false]) {
            let arn = caller.principal.arn();
            assert_eq!(may(&stand, caller, Some(&allow)), expected, "{arn}");
            assert!(!may(&stand, caller, Some(&deny)), "{arn}");
        }
    }
}

#[tokio::test]
async fn a_session_is_let_in_by_its_role_and_narrowed_all_the_same() {
    let stand = Stand::new().await;
    let trust = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1234567890123456:root"]}}]}"#;
    let role = [("RoleName", "app"), ("AssumeRolePolicyDocument", trust)];
    stand.call("CreateRole", &role).await.unwrap();
    let policy = policy(ALLOW, &format!("acs:ram::{OWN}:role/app"));
    let narrow = document("Allow", "kms:GetSecretValue", "acs:kms:*:*:secret/other");
    for (more, expected) in [(&[][..], true), (&[("Policy", narrow.as_str())], false)] {
        let opened = stand.assume(&stand.caller, "app", more).await.unwrap();
        let session = stand.session(&opened).await;
        assert!(!may(&stand, &session, None));
        assert_eq!(may(&stand, &session, Some(&policy)), expected, "{more:?}");
    }
}

/// Makes a secret that has a policy.
async fn share(stand: &Stand, name: &str, policy: &str) {
    let secret = NewSecret {
        account: account(),
        name: name.parse().unwrap(),
        secret_type: "Generic".to_owned(),
        description: String::new(),
        encryption_key_id: String::new(),
        instance_id: String::new(),
        extended_config: String::new(),
        policy: policy.to_owned(),
        rotation: SecretRotation::default(),
        created: stand.service.now(),
    };
    let mut tx = stand.parts.store.begin(Mode::Write).await.unwrap();
    tx.secrets().insert(&secret).await.unwrap();
    tx.commit().await.unwrap();
    stand.put(name, "v1", "one").await.unwrap();
}

#[tokio::test]
async fn a_secret_of_another_account_is_read_by_its_arn_with_both_policies() {
    let stand = Stand::new().await;
    let open = ALLOW.replace("PRINCIPAL", "acs:ram::9999:root");
    let open = format!(r#"{{"Version":"1","Statement":[{open}]}}"#);
    share(&stand, "app/open", &open).await;
    stand.create("app/closed", "two").await;
    let admin = stand.stranger("9999", "admin").await;
    let everything = document("Allow", "kms:*", "*");
    let able = stand.person_of(&admin, "able", &[&everything]).await;
    let able = stand.come_in(&able).await;
    let unable = stand.person_of(&admin, "unable", &[]).await;
    let unable = stand.come_in(&unable).await;
    let no = Err(ErrorCode::NoPermission);
    for (caller, name, expected) in [
        (&able, "app/open", Ok("one".to_owned())),
        (&unable, "app/open", no.clone()),
        (&able, "app/closed", no.clone()),
        (&able, "app/none", no.clone()),
        (&unable, "app/none", no.clone()),
    ] {
        let arn = format!("acs:kms:cn-hangzhou:{OWN}:secret/{name}");
        let params = [("SecretName", arn.as_str())];
        let done = stand.call_as(caller, "GetSecretValue", &params).await;
        let got = done.map(|answer| answer["SecretData"].as_str().unwrap().to_owned());
        assert_eq!(got, expected, "{name}");
        // What the secret's policy does not speak of stays its owner's.
        let done = stand.call_as(caller, "DescribeSecret", &params).await;
        assert_eq!(done, Err(ErrorCode::NoPermission), "{name}");
    }
    // Its name alone is a name of their own.
    let params = [("SecretName", "app/open")];
    let done = stand.call_as(&able, "GetSecretValue", &params).await;
    assert_eq!(done, Err(ErrorCode::ResourceNotFound));
}

#[tokio::test]
async fn a_key_of_another_account_is_used_by_its_arn_with_both_policies() {
    let stand = Stand::new().await;
    let open = ALLOW
        .replace("PRINCIPAL", "acs:ram::9999:root")
        .replace("GetSecretValue", "Encrypt");
    let open = format!(r#"{{"Version":"1","Statement":[{open}]}}"#);
    let key = stand.call("CreateKey", &[("Policy", &open)]).await.unwrap();
    let arn = key["KeyMetadata"]["Arn"].as_str().unwrap();
    let admin = stand.stranger("9999", "admin").await;
    let everything = document("Allow", "kms:*", "*");
    let able = stand.person_of(&admin, "able", &[&everything]).await;
    let able = stand.come_in(&able).await;
    let unable = stand.person_of(&admin, "unable", &[]).await;
    let unable = stand.come_in(&unable).await;
    let encrypt = [("KeyId", arn), ("Plaintext", "AAAA")];
    let done = stand.call_as(&able, "Encrypt", &encrypt).await;
    assert!(done.is_ok());
    let done = stand.call_as(&unable, "Encrypt", &encrypt).await;
    assert_eq!(done, Err(ErrorCode::NoPermission));
    let done = stand.call_as(&able, "DescribeKey", &encrypt[..1]).await;
    assert_eq!(done, Err(ErrorCode::NoPermission));

    let odd = [("KeyId", arn), ("Policy", "{}")];
    let done = stand.call("SetKeyPolicy", &odd).await;
    assert_eq!(done, Err(ErrorCode::InvalidParameter));
    let closed = open.replace("Allow", "Deny");
    let closed = [("KeyId", arn), ("Policy", &closed)];
    stand.call("SetKeyPolicy", &closed).await.unwrap();
    let done = stand.call_as(&able, "Encrypt", &encrypt).await;
    assert_eq!(done, Err(ErrorCode::NoPermission));
}
