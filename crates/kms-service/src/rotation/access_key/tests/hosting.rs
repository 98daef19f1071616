//! Which AccessKeys are hosted, and which are not.

use super::*;

fn data(keys: &[(&str, &str)]) -> Value {
    let key = |(id, secret): &(&str, &str)| json!({"AccessKeyId": id, "AccessKeySecret": secret});
    json!({"AccessKeys": keys.iter().map(key).collect::<Vec<_>>()})
}

fn of(key: &(String, String)) -> (&str, &str) {
    (&key.0, &key.1)
}

#[tokio::test]
async fn a_secret_is_named_after_the_user_and_holds_both_keys() {
    let world = World::empty(|_rotation| {}).await;
    let (one, two) = (world.ram.give("app"), world.ram.give("app"));
    let made = world
        .host(CONFIG, &data(&[of(&one), of(&two)]), &[])
        .await
        .unwrap();
    assert_eq!(made["SecretName"], NAME);
    let value = world.stand.read(NAME, "ACSCurrent").await.unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&value).unwrap(),
        json!({"AccessKeyId": one.0, "AccessKeySecret": one.1, "GenerateTimestamp": "2025-01-03T07:59:17Z"})
    );
    assert_eq!(world.key_at("ACSPrevious").await.unwrap(), two.0);
    // Once for each user.
    let again = world.host(CONFIG, &data(&[of(&one), of(&two)]), &[]).await;
    assert_eq!(again, Err(ErrorCode::ResourceExist));
}

/// I15: neither an account's own key nor another user's.
#[tokio::test]
async fn i15_foreign_keys_are_refused() {
    let world = World::empty(|_rotation| {}).await;
    let mine = world.ram.give("app");
    let other = world.ram.give("other");
    let main = world.ram.give("root");
    world.ram.change("root", |keys| keys[0].is_main = true);
    let bad = Err(ErrorCode::InvalidParameter);
    let wrong = (mine.0.as_str(), "wrong");
    for (keys, why) in [
        (vec![of(&other)], "another user's"),
        (vec![of(&main)], "the account's own"),
        (vec![of(&mine), of(&other)], "another user's, too"),
        (vec![wrong], "a wrong secret"),
        (vec![of(&mine), of(&mine)], "one twice"),
        (vec![("LTAI5tNobodyNobodyNobody", "x")], "nobody's"),
        (vec![("no id", "x")], "no id"),
    ] {
        assert_eq!(world.host(CONFIG, &data(&keys), &[]).await, bad, "{why}");
    }
    let nobody = CONFIG.replace("app", "nobody");
    let refused = world.host(&nobody, &data(&[of(&mine)]), &[]).await;
    assert_eq!(refused, bad);
    // A main key that RAM lists as the user's, which it never does, is one still.
    world.ram.change("app", |keys| keys[0].is_main = true);
    assert_eq!(world.host(CONFIG, &data(&[of(&mine)]), &[]).await, bad);
    world.ram.change("app", |keys| keys[0].is_main = false);
    // Nor is one taken of which STS says that it is another user's.
    let signs_as = |who: Option<&str>| {
        let who = who.map(str::to_owned);
        world.ram.change("app", |keys| keys[0].signs_as = who);
    };
    signs_as(Some("other"));
    assert_eq!(world.host(CONFIG, &data(&[of(&mine)]), &[]).await, bad);
    signs_as(None);
    // All of the user's keys have to be there.
    let second = world.ram.give("app");
    assert_eq!(world.host(CONFIG, &data(&[of(&mine)]), &[]).await, bad);
    world
        .ram
        .change("app", |keys| keys[1].status = KeyStatus::Inactive);
    let both = data(&[of(&mine), of(&second)]);
    assert_eq!(world.host(CONFIG, &both, &[]).await, bad, "one signs not");
    world
        .ram
        .change("app", |keys| keys[1].status = KeyStatus::Active);
    world.host(CONFIG, &both, &[]).await.unwrap();
}

#[tokio::test]
async fn without_ram_nothing_is_hosted_yet() {
    let world = World::empty(|_rotation| {}).await;
    let mine = world.ram.give("app");
    let mine = data(&[of(&mine)]);
    for op in [Op::Keys, Op::Owner] {
        world
            .ram
            .next(op, Fault::Fail(RamError::Unreachable("test")));
        assert_eq!(
            world.host(CONFIG, &mine, &[]).await,
            Err(ErrorCode::ServiceUnavailable)
        );
    }
    let no_role = RamError::NoRole("the account has no such role");
    world.ram.next(Op::Keys, Fault::Fail(no_role));
    assert_eq!(
        world.host(CONFIG, &mine, &[]).await,
        Err(ErrorCode::InvalidRequest)
    );
    world.host(CONFIG, &mine, &[]).await.unwrap();
}

/// By this server's own RAM, which is the one that is asked unless another is named.
#[tokio::test]
async fn this_servers_own_users_are_hosted() {
    use crate::delegation;
    let stand = Stand::new().await;
    let kms = r#"{"Service":["kms.aliyuncs.com"]}"#;
    stand.role(delegation::ROLE, kms, &[]).await;
    let user = [("UserName", "app")];
    stand.call("CreateUser", &user).await.unwrap();
    let key = stand.call("CreateAccessKey", &user).await.unwrap();
    let key = &key["AccessKey"];
    let data = json!({"AccessKeys": [{
        "AccessKeyId": key["AccessKeyId"], "AccessKeySecret": key["AccessKeySecret"]}]});
    let data = data.to_string();
    let secret = [
        ("SecretName", "$Auto"),
        ("SecretType", "RAMCredentials"),
        ("VersionId", "v1"),
        ("ExtendedConfig", CONFIG),
        ("SecretData", &data),
    ];
    stand.call("CreateSecret", &secret).await.unwrap();
    // RAM lists the older one first.
    stand.pass(60);
    let rotate = [("SecretName", NAME), ("VersionId", "v2")];
    stand.call("RotateSecret", &rotate).await.unwrap();
    while stand.service.rotate("worker-1").await.unwrap() {}
    let keys = stand.call("ListAccessKeys", &user).await.unwrap();
    let keys = keys["AccessKeys"]["AccessKey"].as_array().unwrap().clone();
    assert_eq!(keys.len(), 2);
    stand.pass(48 * 3600);
    while stand.service.rotate("worker-1").await.unwrap() {}
    let left = stand.call("ListAccessKeys", &user).await.unwrap();
    let left = left["AccessKeys"]["AccessKey"].as_array().unwrap().clone();
    assert_eq!(left, keys[1..]);
    let value = stand.read(NAME, "ACSCurrent").await.unwrap();
    let value: Value = serde_json::from_str(&value).unwrap();
    assert_eq!(value["AccessKeyId"], left[0]["AccessKeyId"]);
}
