use super::*;

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
