//! I23 of reference accesskey §4.3: networks and principals are never more than were bought,
//! however many bind at once.

use proptest::prelude::*;

use super::networks::{bind, connected, network};
use crate::stand::{Stand, servers};

/// Binds so many different lists at once, through each of the servers in turn.
async fn storm(servers: &[Stand], limit: usize, lists: &[Vec<usize>]) {
    let first = &servers[0];
    let id = connected(first, &limit.to_string(), "5").await;
    let mut networks = Vec::new();
    for number in 20..28 {
        networks.push(network(first, number, "cn-hangzhou-k").await);
    }
    let calls = lists.iter().enumerate().map(|(at, list)| {
        let chosen: Vec<_> = list.iter().map(|own| &networks[*own]).collect();
        let (server, id) = (&servers[at % servers.len()], &id);
        async move { bind(server, id, &chosen).await.is_ok() }
    });
    let done = futures_util::future::join_all(calls).await;
    // Its own VPC is one of them.
    for (list, done) in lists.iter().zip(&done) {
        assert_eq!(*done, list.len() < limit, "{list:?} of {limit}");
    }
    let params = [("KmsInstanceId", id.as_str()), ("ResourceType", "vpc")];
    let quota = first.call("GetKmsInstanceQuotaInfos", &params).await;
    let quota = &quota.unwrap()["KmsInstanceQuotaInfos"][0];
    let used = quota["UsedQuantity"].as_u64().unwrap();
    assert!(used <= quota["ResourceQuota"].as_u64().unwrap(), "{quota}");
    // What is told is one whole list of those that were taken.
    let shown = first.call("GetKmsInstance", &params[..1]).await.unwrap();
    let bound = shown["KmsInstance"]["BindVpcs"]["BindVpc"].as_array();
    let bound: Vec<_> = bound
        .unwrap()
        .iter()
        .map(|own| own["VSwitchId"].as_str().unwrap().to_owned())
        .collect();
    let is_whole = lists.iter().zip(&done).any(|(list, done)| {
        let list: Vec<_> = list.iter().map(|own| networks[*own].1.clone()).collect();
        *done && list == bound
    });
    assert!(is_whole || (bound.is_empty() && !done.contains(&true)));
    // And each bound vSwitch has lost one address, the others none.
    for (_, vswitch) in &networks {
        let ask = [("VSwitchId", vswitch.as_str())];
        let told = first.call("DescribeVSwitchAttributes", &ask).await;
        let free = told.unwrap()["AvailableIpAddressCount"].as_u64().unwrap();
        assert_eq!(free, 252 - u64::from(bound.contains(vswitch)), "{vswitch}");
    }
}

/// What both databases are asked to hold.
fn lists() -> Vec<Vec<usize>> {
    (0..16).map(|at| (0..=at % 8).collect()).collect()
}

#[tokio::test]
async fn binding_at_once_never_uses_more_than_there_is() {
    let stand = Stand::new().await;
    storm(&[stand], 4, &lists()).await;
}

#[tokio::test]
async fn nor_by_two_servers_of_one_database() {
    storm(&servers().await, 4, &lists()).await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn nor_whatever_is_bound(
        limit in 1_usize..9,
        lists in prop::collection::vec(
            prop::sample::subsequence((0..8).collect::<Vec<_>>(), 0..=8),
            1..8,
        ),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            storm(&[Stand::new().await], limit, &lists).await;
        });
    }
}
