use super::*;
use crate::stand::ACCOUNT;

async fn alias(stand: &Stand, action: &str, name: &str, key: &str) -> Result<(), ErrorCode> {
    let params = [("AliasName", name), ("KeyId", key)];
    stand.call(action, &params).await.map(|_empty| ())
}

#[tokio::test]
async fn a_key_is_used_by_its_other_name() {
    let stand = Stand::new().await;
    let (one, two) = (stand.key_id(&[]).await, stand.key_id(&[]).await);
    alias(&stand, "CreateAlias", "alias/shop/db", &one)
        .await
        .unwrap();
    let arn = format!("acs:kms:cn-hangzhou:{ACCOUNT}:alias/shop/db");
    for name in ["alias/shop/db", arn.as_str()] {
        assert_eq!(stand.described(name).await["KeyId"], one.as_str());
    }
    let blob = stand.encrypt("alias/shop/db", "hello").await.unwrap();
    alias(&stand, "UpdateAlias", "alias/shop/db", &two)
        .await
        .unwrap();
    assert_eq!(
        stand.described("alias/shop/db").await["KeyId"],
        two.as_str()
    );
    // What was encrypted names its key by itself.
    assert_eq!(stand.decrypt(&blob).await.as_deref(), Ok("hello"));
    stand
        .call("DeleteAlias", &[("AliasName", "alias/shop/db")])
        .await
        .unwrap();
    let gone = stand.encrypt("alias/shop/db", "hello").await;
    assert_eq!(gone, Err(ErrorCode::AliasNotFound));
}

#[tokio::test]
async fn an_alias_is_refused_with_the_clouds_codes() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    alias(&stand, "CreateAlias", "alias/a", &key).await.unwrap();
    for (action, name, key, code) in [
        (
            "CreateAlias",
            "alias/a",
            key.as_str(),
            ErrorCode::AliasExists,
        ),
        ("CreateAlias", "alias/b", "no-such", ErrorCode::KeyNotFound),
        (
            "CreateAlias",
            "alias/acs/oss",
            &key,
            ErrorCode::InvalidParameter,
        ),
        ("CreateAlias", "shop", &key, ErrorCode::InvalidParameter),
        ("CreateAlias", "alias/", &key, ErrorCode::InvalidParameter),
        ("UpdateAlias", "alias/b", &key, ErrorCode::AliasNotFound),
        (
            "UpdateAlias",
            "alias/acs/oss",
            &key,
            ErrorCode::InvalidParameter,
        ),
        ("DeleteAlias", "alias/b", &key, ErrorCode::AliasNotFound),
    ] {
        let refused = alias(&stand, action, name, key).await;
        assert_eq!(refused, Err(code), "{action} {name}");
    }
}

#[tokio::test]
async fn aliases_are_listed_of_all_keys_and_of_one() {
    let stand = Stand::new().await;
    let (one, two) = (stand.key_id(&[]).await, stand.key_id(&[]).await);
    for (name, key) in [("alias/b", &one), ("alias/a", &one), ("alias/c", &two)] {
        alias(&stand, "CreateAlias", name, key).await.unwrap();
    }
    let names = |answer: &Value| -> Vec<String> {
        let listed = answer["Aliases"]["Alias"].as_array().unwrap();
        listed
            .iter()
            .map(|alias| text(&alias["AliasName"]))
            .collect()
    };
    let all = stand.call("ListAliases", &[]).await.unwrap();
    assert_eq!(names(&all), ["alias/a", "alias/b", "alias/c"]);
    assert_eq!(all["TotalCount"], 3);
    assert_eq!(all["Aliases"]["Alias"][2]["KeyId"], two.as_str());
    let arn = format!("acs:kms:cn-hangzhou:{ACCOUNT}:alias/c");
    assert_eq!(all["Aliases"]["Alias"][2]["AliasArn"], arn.as_str());
    let page = [("PageNumber", "2"), ("PageSize", "2")];
    let page = stand.call("ListAliases", &page).await.unwrap();
    assert_eq!(names(&page), ["alias/c"]);
    let of_one = stand.on("ListAliasesByKeyId", &one).await.unwrap();
    assert_eq!(names(&of_one), ["alias/a", "alias/b"]);
    assert_eq!(of_one["TotalCount"], 2);
}

#[tokio::test]
async fn there_are_three_hundred_at_most() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    for number in 0..300 {
        let name = format!("alias/{number}");
        alias(&stand, "CreateAlias", &name, &key).await.unwrap();
    }
    let refused = alias(&stand, "CreateAlias", "alias/more", &key).await;
    assert_eq!(refused, Err(ErrorCode::LimitExceeded));
}
