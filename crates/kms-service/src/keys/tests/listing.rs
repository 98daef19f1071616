use super::*;

async fn listed(stand: &Stand, filters: &str) -> Vec<String> {
    let params = [("Filters", filters), ("PageSize", "100")];
    let answer = stand.call("ListKeys", &params).await.unwrap();
    let keys = answer["Keys"]["Key"].as_array().unwrap();
    let ids: Vec<String> = keys.iter().map(|key| text(&key["KeyId"])).collect();
    assert_eq!(answer["TotalCount"], ids.len());
    ids
}

#[tokio::test]
async fn keys_are_listed_by_page_oldest_first() {
    let stand = Stand::new().await;
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(stand.key_id(&[]).await);
        stand.pass(1);
    }
    let params = [("PageNumber", "2"), ("PageSize", "2")];
    let page = stand.call("ListKeys", &params).await.unwrap();
    assert_eq!(page["TotalCount"], 3);
    assert_eq!(page["PageNumber"], 2);
    assert_eq!(page["PageSize"], 2);
    let keys = page["Keys"]["Key"].as_array().unwrap();
    assert_eq!(keys.len(), 1);
    assert_eq!(keys[0]["KeyId"], made[2].as_str());
    let arn = format!("acs:kms:cn-hangzhou:1234567890123456:key/{}", made[2]);
    assert_eq!(keys[0]["KeyArn"], arn.as_str());
}

#[tokio::test]
async fn filters_choose_and_all_must_hold() {
    let stand = Stand::new().await;
    stand.instance("kst-one").await;
    let tags = r#"[{"TagKey":"team","TagValue":"shop"}]"#;
    let aes = stand.key_id(&[("Tags", tags)]).await;
    let params = [("AliasName", "alias/a"), ("KeyId", aes.as_str())];
    stand.call("CreateAlias", &params).await.unwrap();
    stand.pass(1);
    let sm4 = stand.key_id(&[("KeySpec", "Aliyun_SM4")]).await;
    stand.pass(1);
    let ec = stand
        .key_id(&[("KeySpec", "EC_P256"), ("DKMSInstanceId", "kst-one")])
        .await;
    stand.on("DisableKey", &sm4).await.unwrap();
    for (filters, wanted) in [
        ("[]", vec![&aes, &sm4, &ec]),
        (
            r#"[{"Key":"KeySpec","Values":["Aliyun_SM4","EC_P256"]}]"#,
            vec![&sm4, &ec],
        ),
        (
            r#"[{"Key":"KeyState","Values":["Enabled"]}]"#,
            vec![&aes, &ec],
        ),
        (
            r#"[{"Key":"KeyUsage","Values":["SIGN/VERIFY"]}]"#,
            vec![&ec],
        ),
        (
            r#"[{"Key":"DKMSInstanceId","Values":["kst-one"]}]"#,
            vec![&ec],
        ),
        (
            r#"[{"Key":"KeyState","Values":["Enabled"]},{"Key":"KeySpec","Values":["Aliyun_SM4"]}]"#,
            vec![],
        ),
        (r#"[{"Key":"AliasName","Values":["alias/a"]}]"#, vec![&aes]),
        (r#"[{"Key":"TagKey","Values":["team"]}]"#, vec![&aes]),
        (r#"[{"Key":"TagValue","Values":["shop"]}]"#, vec![&aes]),
        (r#"[{"Key":"TagValue","Values":["team"]}]"#, vec![]),
        (
            &format!(r#"[{{"Key":"keyId","Values":["{ec}"]}}]"#),
            vec![&ec],
        ),
        (r#"[{"Key":"CreatorType","Values":["Service"]}]"#, vec![]),
        (
            r#"[{"Key":"CreatorType","Values":["User"]}]"#,
            vec![&aes, &sm4, &ec],
        ),
        (r#"[{"Key":"ProtectionLevel","Values":["HSM"]}]"#, vec![]),
        (
            r#"[{"Key":"Creator","Values":["1234567890123456"]}]"#,
            vec![&aes, &sm4, &ec],
        ),
    ] {
        let found = listed(&stand, filters).await;
        let wanted: Vec<String> = wanted.into_iter().cloned().collect();
        assert_eq!(found, wanted, "{filters}");
    }
    let params = [("Filters", r#"[{"Key":"Colour","Values":["red"]}]"#)];
    let refused = stand.call("ListKeys", &params).await;
    assert_eq!(refused, Err(ErrorCode::InvalidParameter));
}
