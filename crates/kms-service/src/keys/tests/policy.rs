use super::*;
use crate::stand::document;

#[tokio::test]
async fn a_key_without_a_policy_of_its_own_has_the_default() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    let answer = stand.on("GetKeyPolicy", &key).await.unwrap();
    let policy: Value = serde_json::from_str(answer["Policy"].as_str().unwrap()).unwrap();
    let statement = &policy["Statement"][0];
    assert_eq!(statement["Effect"], "Allow");
    assert_eq!(
        statement["Principal"]["RAM"][0],
        "acs:ram::1234567890123456:*"
    );
    let params = [("KeyId", key.as_str()), ("PolicyName", "other")];
    let refused = stand.call("GetKeyPolicy", &params).await;
    assert_eq!(refused, Err(ErrorCode::ResourceNotFound));
}

async fn set(stand: &Stand, key: &str, policy: &str) -> Result<Value, ErrorCode> {
    let params = [("KeyId", key), ("Policy", policy)];
    stand.call("SetKeyPolicy", &params).await
}

fn statement(effect: &str, principal: &str, action: &str) -> String {
    format!(
        r#"{{"Version":"1","Statement":[{{"Sid":"s","Effect":"{effect}","Principal":{{"RAM":["{principal}"]}},"Action":["{action}"],"Resource":["*"]}}]}}"#
    )
}

#[tokio::test]
async fn a_policy_is_read_back_as_it_was_set() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    let policy = statement("Allow", "acs:ram::9999999999999999:user/bob", "kms:Encrypt");
    set(&stand, &key, &policy).await.unwrap();
    let answer = stand.on("GetKeyPolicy", &key).await.unwrap();
    assert_eq!(answer["Policy"], policy.as_str());
    let made = stand.key_id(&[("Policy", &policy)]).await;
    let answer = stand.on("GetKeyPolicy", &made).await.unwrap();
    assert_eq!(answer["Policy"], policy.as_str());
    for rubbish in ["{}", "policy", &document("Allow", "kms:Encrypt", "*")] {
        let refused = set(&stand, &key, rubbish).await;
        assert_eq!(refused, Err(ErrorCode::InvalidParameter), "{rubbish}");
        let refused = stand.call("CreateKey", &[("Policy", rubbish)]).await;
        assert_eq!(refused, Err(ErrorCode::InvalidParameter), "{rubbish}");
    }
}

#[tokio::test]
async fn a_key_is_shared_with_a_user_of_another_account_who_may_use_it_there() {
    let stand = Stand::new().await;
    let key = stand.key(&[]).await;
    let (id, arn) = (text(&key["KeyId"]), text(&key["Arn"]));
    let bob = stand.stranger("9999999999999999", "bob").await;
    let encrypt = async || {
        let params = [("KeyId", arn.as_str()), ("Plaintext", "SGVsbG8=")];
        stand.call_as(&bob, "Encrypt", &params).await
    };
    assert_eq!(encrypt().await, Err(ErrorCode::NoPermission));
    let user = "acs:ram::9999999999999999:user/bob";
    set(&stand, &id, &statement("Allow", user, "kms:Encrypt"))
        .await
        .unwrap();
    let made = text(&encrypt().await.unwrap()["CiphertextBlob"]);
    // Not for decrypting: then it is as if there were no such key.
    let decrypt = async || {
        let params = [("CiphertextBlob", made.as_str())];
        stand.call_as(&bob, "Decrypt", &params).await
    };
    assert_eq!(decrypt().await, Err(ErrorCode::KeyNotFound));
    set(&stand, &id, &statement("Allow", user, "kms:*"))
        .await
        .unwrap();
    assert_eq!(decrypt().await.unwrap()["Plaintext"], "SGVsbG8=");
}

#[tokio::test]
async fn a_denial_on_the_key_goes_before_what_the_user_may() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    let user = "acs:ram::1234567890123456:user/alice";
    set(&stand, &key, &statement("Deny", user, "kms:Encrypt"))
        .await
        .unwrap();
    let refused = stand.encrypt(&key, "hello").await;
    assert_eq!(refused, Err(ErrorCode::NoPermission));
    assert_eq!(stand.described(&key).await["KeyState"], "Enabled");
}

#[tokio::test]
async fn a_user_may_what_its_policies_say_of_key_and_alias() {
    let stand = Stand::new().await;
    let (one, two) = (stand.key_id(&[]).await, stand.key_id(&[]).await);
    let params = [("AliasName", "alias/one"), ("KeyId", one.as_str())];
    stand.call("CreateAlias", &params).await.unwrap();
    let on_one = document("Allow", "kms:*", &format!("acs:kms:*:*:key/{one}"));
    let on_alias = document("Allow", "kms:*Alias", "acs:kms:*:*:alias/one");
    let carol = stand.person("carol", &[&on_one]).await;
    let carol = stand.come_in(&carol).await;
    let dave = stand.person("dave", &[&on_one, &on_alias]).await;
    let dave = stand.come_in(&dave).await;
    for (key, code) in [
        (one.as_str(), None),
        ("alias/one", None),
        (&two, Some(ErrorCode::NoPermission)),
        ("no-such-key", Some(ErrorCode::NoPermission)),
        ("alias/none", Some(ErrorCode::NoPermission)),
    ] {
        let params = [("KeyId", key), ("Plaintext", "AAAA")];
        let answer = stand.call_as(&carol, "Encrypt", &params).await;
        assert_eq!(answer.err(), code, "{key}");
    }
    // An alias is changed by those who may on it and on its key.
    let delete = [("AliasName", "alias/one")];
    let refused = stand.call_as(&carol, "DeleteAlias", &delete).await;
    assert_eq!(refused, Err(ErrorCode::NoPermission));
    let elsewhere = [("AliasName", "alias/one"), ("KeyId", two.as_str())];
    let refused = stand.call_as(&dave, "UpdateAlias", &elsewhere).await;
    assert_eq!(refused, Err(ErrorCode::NoPermission));
    stand.call_as(&dave, "DeleteAlias", &delete).await.unwrap();
}
