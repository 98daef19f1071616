//! What a pod's token comes to: seed 000's role for RRSA, with the trust policy and the policy
//! that it prints, filled in.

use super::*;
use crate::{Gateway, stand::document};

const KST: &str = "kst-here";

/// The secret of the seed and another, under one key of the instance.
async fn furnished(golden: &Golden) -> (Stand, String) {
    let stand = stand(golden).await;
    stand.instance(KST).await;
    let key = stand.call("CreateKey", &[("DKMSInstanceId", KST)]).await;
    let key = key.unwrap()["KeyMetadata"]["KeyId"]
        .as_str()
        .unwrap()
        .to_owned();
    for name in ["example-secret", "other"] {
        let secret = [
            ("SecretName", name),
            ("VersionId", "v1"),
            ("SecretData", "value"),
            ("EncryptionKeyId", key.as_str()),
            ("DKMSInstanceId", KST),
        ];
        stand.call("CreateSecret", &secret).await.unwrap();
    }
    (stand, key)
}

/// A role that the seed's trust policy opens to this subject, with this policy.
async fn rrsa(stand: &Stand, golden: &Golden, name: &str, subject: &str, policy: &str) {
    let trust = json!({
        "Statement": [{
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {
                "oidc:aud": [golden.clients[0]],
                "oidc:iss": [golden.issuer],
                "oidc:sub": [subject],
            }},
            "Effect": "Allow",
            "Principal": {"Federated": [PROVIDER]},
        }],
        "Version": "1",
    });
    let trust = trust.to_string();
    let made = [("RoleName", name), ("AssumeRolePolicyDocument", &trust)];
    stand.call("CreateRole", &made).await.unwrap();
    stand
        .grant(&stand.caller, ("Role", name), name, policy)
        .await;
}

/// What it gets to read of seed 000's secret and of the other, on this gateway.
async fn reads(stand: &Stand, session: &Caller, gateway: Gateway) -> [Option<ErrorCode>; 2] {
    let session = Caller {
        gateway,
        ..session.clone()
    };
    let mut refused = [None; 2];
    for (code, name) in refused.iter_mut().zip(["example-secret", "other"]) {
        let params = [("SecretName", name)];
        match stand.call_as(&session, "GetSecretValue", &params).await {
            Ok(read) => assert_eq!(read["SecretData"], "value"),
            Err(why) => *code = Some(why),
        }
    }
    refused
}

#[tokio::test]
async fn the_pod_reads_the_secret_of_its_policy_and_no_other() {
    let golden = golden();
    let (stand, key) = furnished(&golden).await;
    let secret = "acs:kms:*:*:secret/example-secret";
    let both = format!(
        r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"kms:GetSecretValue","Resource":"acs:kms:cn-hangzhou:{ACCOUNT}:secret/example-secret"}},{{"Effect":"Allow","Action":"kms:Decrypt","Resource":"acs:kms:cn-hangzhou:{ACCOUNT}:key/{key}"}}]}}"#
    );
    let without = document("Allow", "kms:GetSecretValue", secret);
    let denied = Some(ErrorCode::NoPermission);
    // Without kms:Decrypt the instance's gateway refuses, the shared one does not ask.
    for (name, policy, on_instance) in [("both", &both, None), ("without", &without, denied)] {
        rrsa(&stand, &golden, name, &golden.subject, policy).await;
        let arn = format!("acs:ram::{ACCOUNT}:role/{name}");
        let answer = exchange(&stand, wish(&arn, PROVIDER, good(&golden))).await;
        let session = stand.session(&answer.unwrap()).await;
        let shared = reads(&stand, &session, Gateway::Shared).await;
        assert_eq!(shared, [None, denied], "{name}");
        let instance = Gateway::Instance(KST.parse().unwrap());
        let instance = reads(&stand, &session, instance).await;
        assert_eq!(instance, [on_instance, denied], "{name}");
    }
}

#[tokio::test]
async fn another_pods_token_opens_nothing() {
    let golden = golden();
    let (stand, _) = furnished(&golden).await;
    let all = document("Allow", "kms:*", "*");
    let other = "system:serviceaccount:default:other";
    rrsa(&stand, &golden, "other", other, &all).await;
    let arn = format!("acs:ram::{ACCOUNT}:role/other");
    let answer = exchange(&stand, wish(&arn, PROVIDER, good(&golden))).await;
    let code = answer.unwrap_err().code.as_str();
    assert_eq!(code, "AuthenticationFail.NoPermission");
}
