use kms_store::Mode;

use super::*;
use crate::{
    Caller, Gateway,
    documents::{self, Named},
    failure::Failure,
    instances::{Attachment, Instance},
};

const KST: &str = "kst-here";

/// Puts the instance into these VPCs and no others.
pub(super) async fn bind(stand: &Stand, instance: &str, vpcs: &[&str]) {
    let networks: Vec<Attachment> = vpcs
        .iter()
        .map(|vpc| {
            let network =
                json!({"vpc": vpc, "vswitch": "", "region": "cn-hangzhou", "owner": ACCOUNT});
            serde_json::from_value(network).unwrap()
        })
        .collect();
    let (account, networks) = (&account(), &networks);
    stand
        .service
        .tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut found: Named<Instance> = documents::find(tx, account, instance).await?;
                found.body.networks.clone_from(networks);
                documents::update(tx, account, &found).await?;
                Ok::<_, Failure>(())
            })
        })
        .await
        .unwrap();
}

/// What comes of reading a secret that is not there through the instance's gateway: nothing
/// for who is let in.
pub(super) async fn read(
    stand: &Stand,
    caller: &Caller,
    instance: &str,
    source: &str,
) -> ErrorCode {
    let caller = Caller {
        gateway: Gateway::Instance(instance.parse().unwrap()),
        source: source.parse().unwrap(),
        ..caller.clone()
    };
    let params = [("SecretName", "app/none")];
    let answer = stand.call_as(&caller, "GetSecretValue", &params).await;
    answer.unwrap_err()
}

#[tokio::test]
async fn an_instance_that_was_configured_lets_everybody_in_who_has_it() {
    let stand = Stand::new().await;
    stand.instance(KST).await;
    let other = stand.stranger("9999999999999999", "mallory").await;
    for source in ["127.0.0.1", "203.0.113.7", "2001:db8::1"] {
        let in_it = read(&stand, &stand.caller, KST, source).await;
        assert_eq!(in_it, ErrorCode::ResourceNotFound, "{source}");
        let out = read(&stand, &other, KST, source).await;
        assert_eq!(out, ErrorCode::InstanceNotFound, "{source}");
    }
    let none = read(&stand, &stand.caller, "kst-none", "127.0.0.1").await;
    assert_eq!(none, ErrorCode::InstanceNotFound);
}

#[tokio::test]
async fn only_bound_networks_reach_an_instance_and_unbinding_counts_at_once() {
    let stand = Stand::new().await;
    stand.instance(KST).await;
    let bound = vpc(&stand, "127.0.20.0/24").await;
    let other = vpc(&stand, "127.0.21.0/24").await;
    bind(&stand, KST, &[&bound]).await;
    for (source, expected) in [
        ("127.0.20.9", ErrorCode::ResourceNotFound),
        ("::ffff:127.0.20.9", ErrorCode::ResourceNotFound),
        ("127.0.21.9", ErrorCode::VpcNotBound),
        ("127.0.0.1", ErrorCode::VpcNotBound),
        ("::1", ErrorCode::VpcNotBound),
    ] {
        let code = read(&stand, &stand.caller, KST, source).await;
        assert_eq!(code, expected, "{source}");
    }
    bind(&stand, KST, &[&bound, &other]).await;
    for source in ["127.0.20.9", "127.0.21.9"] {
        let code = read(&stand, &stand.caller, KST, source).await;
        assert_eq!(code, ErrorCode::ResourceNotFound, "{source}");
    }
    bind(&stand, KST, &[&other]).await;
    let code = read(&stand, &stand.caller, KST, "127.0.20.9").await;
    assert_eq!(code, ErrorCode::VpcNotBound, "unbound");
    let code = read(&stand, &stand.caller, KST, "127.0.21.9").await;
    assert_eq!(code, ErrorCode::ResourceNotFound);
    // The shared gateway is nobody's network.
    let params = [("SecretName", "app/none")];
    let shared = stand.call("GetSecretValue", &params).await;
    assert_eq!(shared, Err(ErrorCode::ResourceNotFound));
}

#[tokio::test]
async fn the_refusal_says_which_address_came() {
    let stand = Stand::new().await;
    stand.instance(KST).await;
    let bound = vpc(&stand, "127.0.20.0/24").await;
    bind(&stand, KST, &[&bound]).await;
    let caller = Caller {
        gateway: Gateway::Instance(KST.parse().unwrap()),
        source: "127.0.21.9".parse().unwrap(),
        ..stand.caller.clone()
    };
    let refused = stand.service.admit(&caller).await.unwrap_err();
    assert_eq!(
        refused.into_api_error().message,
        "The instance kst-here cannot be reached from 127.0.21.9: the address lies in no VPC \
         that is bound to the instance or connected with one that is."
    );
}
