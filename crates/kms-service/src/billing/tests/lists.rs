//! What was bought, in lists, and how much may be.

use super::*;

/// The ids of that page, and how many there are on all.
async fn page(stand: &Stand, params: &[(&str, &str)]) -> Result<(Vec<String>, Value), ErrorCode> {
    let answer = stand.call("QueryAvailableInstances", params).await?;
    let data = &answer["Data"];
    let ids = data["InstanceList"].as_array().unwrap().iter();
    let ids = ids.map(|own| own["InstanceID"].as_str().unwrap().to_owned());
    Ok((ids.collect(), data["TotalCount"].clone()))
}

#[tokio::test]
async fn what_was_bought_is_listed_in_pages() {
    let stand = Stand::new().await;
    let mut bought = Vec::new();
    for _ in 0..3 {
        bought.push(buy(&stand, &[("ClientToken", "")]).await.unwrap());
    }
    bought.sort();
    let mut seen = Vec::new();
    for (number, count) in [("1", 2), ("2", 1), ("3", 0)] {
        let params = [("PageNum", number), ("PageSize", "2")];
        let (ids, total) = page(&stand, &params).await.unwrap();
        assert_eq!((ids.len(), total), (count, json!(3)), "{number}");
        seen.extend(ids);
    }
    seen.sort();
    assert_eq!(seen, bought);
    let named = format!("{}, {}", bought[0], bought[2]);
    let (mut ids, _) = page(&stand, &[("InstanceIDs", &named)]).await.unwrap();
    ids.sort();
    assert_eq!(ids, [bought[0].clone(), bought[2].clone()]);
    for elsewhere in [("Region", "cn-beijing"), ("SubscriptionType", "PayAsYouGo")] {
        let none = page(&stand, &[elsewhere]).await.unwrap();
        assert_eq!(none, (vec![], json!(0)), "{elsewhere:?}");
    }
    // Of a hundred at most.
    let many = vec![bought[0].clone(); 100].join(",");
    let (ids, _) = page(&stand, &[("InstanceIDs", &many)]).await.unwrap();
    assert_eq!(ids.len(), 1);
    let more = format!("{many},{}", bought[0]);
    let refused = page(&stand, &[("InstanceIDs", &more)]).await;
    assert_eq!(refused, Err(ErrorCode::InvalidParameter));
}

#[tokio::test]
async fn an_account_has_a_hundred_instances_at_most() {
    let stand = Stand::new().await;
    buy(&stand, &[]).await.unwrap();
    for _ in 1..100 {
        buy(&stand, &[("ClientToken", "")]).await.unwrap();
    }
    let more = buy(&stand, &[("ClientToken", "")]).await;
    assert_eq!(more, Err(ErrorCode::LimitExceeded));
    // Who asks again for what was bought is answered.
    buy(&stand, &[]).await.unwrap();
}
