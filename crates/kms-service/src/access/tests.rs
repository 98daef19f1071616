//! The whole way: signed, known, authorised, read. What is expected is written down by
//! hand.

use kms_types::ErrorCode;
use kms_wire::sign::RsaSigningKey;

use crate::{Gateway, stand::Stand};

mod concurrency;
mod leaks;

const HERE: &str = "kst-here";

const SECRET: &str = "RbacPermission/Template/SecretUser";
const INSIDE: &str = "RbacPermission/Template/CryptoServiceSecretUser";
const KEYS: &str = "RbacPermission/Template/CryptoServiceKeyUser";

const OFFICE: &str = "203.0.113.7";
const VPC: &str = "10.1.2.3";

/// Secrets `app/db` and `app/dbx` in the instance, `app/out` outside of any; rules
/// `office` and `vpc`; instances `kst-here` and `kst-there`.
async fn world() -> Stand {
    let stand = Stand::new().await;
    for id in [HERE, "kst-there"] {
        stand.instance(id).await;
    }
    for (name, instance) in [("app/db", HERE), ("app/dbx", HERE), ("app/out", "")] {
        let params = [
            ("SecretName", name),
            ("VersionId", "v1"),
            ("SecretData", name),
            ("DKMSInstanceId", instance),
        ];
        stand.call("CreateSecret", &params).await.unwrap();
    }
    for (name, kind, sources) in [
        ("office", "Public", r#"["203.0.113.0/28"]"#),
        ("vpc", "Private", r#"["10.1.0.0/16","10.2.0.5"]"#),
        ("nowhere", "Private", "[]"),
    ] {
        let params = [("Name", name), ("Type", kind), ("SourcePrivateIp", sources)];
        stand.call("CreateNetworkRule", &params).await.unwrap();
    }
    stand
}

/// Scope, permissions, resources, network rules.
type Policy = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);

/// Gateway, source, secret, what comes of it.
type Call = (&'static str, &'static str, &'static str, &'static str);

async fn create_policy(stand: &Stand, name: &str, policy: Policy) {
    let (scope, permissions, resources, rules) = policy;
    let list = |items: &[&str]| serde_json::to_string(items).unwrap();
    let (permissions, resources) = (list(permissions), list(resources));
    let rules = format!(r#"{{"NetworkRules":{}}}"#, list(rules));
    let params = [
        ("Name", name),
        ("KmsInstance", scope),
        ("Permissions", permissions.as_str()),
        ("Resources", resources.as_str()),
        ("AccessControlRules", rules.as_str()),
    ];
    stand.call("CreatePolicy", &params).await.unwrap();
}

/// A client key of a new access point with these policies.
async fn client(stand: &Stand, name: &str, policies: &[Policy]) -> RsaSigningKey {
    let mut names = Vec::new();
    for (number, policy) in policies.iter().enumerate() {
        let policy_name = format!("{name}.{number}");
        create_policy(stand, &policy_name, *policy).await;
        names.push(policy_name);
    }
    let names = serde_json::to_string(&names).unwrap();
    let point = [("Name", name), ("Policies", names.as_str())];
    stand
        .call("CreateApplicationAccessPoint", &point)
        .await
        .unwrap();
    stand.client_key(name).await
}

/// What comes of reading a secret from an address, through `shared` or an instance.
async fn read(
    stand: &Stand,
    key: &RsaSigningKey,
    through: &str,
    source: &str,
    secret: &str,
) -> &'static str {
    let gateway = match through {
        "shared" => Gateway::Shared,
        id => Gateway::Instance(id.parse().unwrap()),
    };
    let mut caller = stand.client(key, &gateway).await.unwrap();
    caller.source = source.parse().unwrap();
    let answer = stand
        .call_as(&caller, "GetSecretValue", &[("SecretName", secret)])
        .await;
    match answer {
        Ok(_) => "read",
        Err(ErrorCode::NoPermission) => "forbidden",
        Err(ErrorCode::ResourceNotFound) => "not found",
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_policy_allows_what_fits_it_as_a_whole() {
    const ALL: &[&str] = &["secret/*", "key/*"];
    let stand = world().await;
    let cases: &[(Policy, &[Call])] = &[
        (
            ("shared", &[SECRET], ALL, &[]),
            &[
                ("shared", OFFICE, "app/db", "read"),
                ("shared", "2001:db8::1", "app/out", "read"),
                ("shared", OFFICE, "app/gone", "not found"),
                (HERE, OFFICE, "app/db", "forbidden"),
            ],
        ),
        (
            (HERE, &[KEYS, INSIDE], ALL, &[]),
            &[
                (HERE, VPC, "app/db", "read"),
                (HERE, VPC, "app/out", "not found"),
                (HERE, VPC, "app/gone", "not found"),
                ("kst-there", VPC, "app/db", "forbidden"),
                ("shared", VPC, "app/db", "forbidden"),
            ],
        ),
        // A key's user reads no secrets, whatever the resources say.
        (
            ("shared", &[KEYS], ALL, &[]),
            &[
                ("shared", OFFICE, "app/db", "forbidden"),
                ("shared", OFFICE, "app/gone", "forbidden"),
            ],
        ),
        (
            (HERE, &[KEYS], ALL, &[]),
            &[(HERE, VPC, "app/db", "forbidden")],
        ),
        // Either of the secret users reads where the policy's scope is.
        (
            ("shared", &[INSIDE], ALL, &[]),
            &[
                ("shared", OFFICE, "app/db", "read"),
                (HERE, OFFICE, "app/db", "forbidden"),
            ],
        ),
        (
            (HERE, &[SECRET], ALL, &[]),
            &[
                (HERE, VPC, "app/db", "read"),
                ("shared", VPC, "app/db", "forbidden"),
            ],
        ),
        // Resources: names are whole unless a star says otherwise.
        (
            ("shared", &[SECRET], &["secret/app/db"], &[]),
            &[
                ("shared", OFFICE, "app/db", "read"),
                ("shared", OFFICE, "app/dbx", "forbidden"),
                ("shared", OFFICE, "app/out", "forbidden"),
            ],
        ),
        (
            ("shared", &[SECRET], &["secret/app/db*"], &[]),
            &[
                ("shared", OFFICE, "app/db", "read"),
                ("shared", OFFICE, "app/dbx", "read"),
                ("shared", OFFICE, "app/out", "forbidden"),
            ],
        ),
        (
            ("shared", &[SECRET], &["key/*", "secret/other/*"], &[]),
            &[("shared", OFFICE, "app/db", "forbidden")],
        ),
        // Addresses: one of the rules has to have it.
        (
            ("shared", &[SECRET], ALL, &["office"]),
            &[
                ("shared", OFFICE, "app/db", "read"),
                ("shared", "::ffff:203.0.113.7", "app/db", "read"),
                ("shared", "203.0.113.15", "app/db", "read"),
                ("shared", "203.0.113.16", "app/db", "forbidden"),
                ("shared", VPC, "app/db", "forbidden"),
                ("shared", "2001:db8::1", "app/db", "forbidden"),
                ("shared", "127.0.0.1", "app/gone", "forbidden"),
            ],
        ),
        (
            (HERE, &[INSIDE], ALL, &["office", "vpc"]),
            &[
                (HERE, VPC, "app/db", "read"),
                (HERE, OFFICE, "app/db", "read"),
                (HERE, "10.2.0.5", "app/db", "read"),
                (HERE, "10.2.0.6", "app/db", "forbidden"),
            ],
        ),
        // A rule without addresses admits none; that is not a policy without rules.
        (
            ("shared", &[SECRET], ALL, &["nowhere"]),
            &[("shared", OFFICE, "app/db", "forbidden")],
        ),
    ];
    let key = client(&stand, "app", &[("shared", &[KEYS], ALL, &[])]).await;
    for (number, (policy, calls)) in cases.iter().enumerate() {
        let name = format!("case-{number}");
        create_policy(&stand, &name, *policy).await;
        let policies = format!(r#"["{name}"]"#);
        let change = [("Name", "app"), ("Policies", policies.as_str())];
        stand
            .call("UpdateApplicationAccessPoint", &change)
            .await
            .unwrap();
        for (gateway, source, secret, expected) in *calls {
            let outcome = read(&stand, &key, gateway, source, secret).await;
            assert_eq!(
                outcome, *expected,
                "{policy:?}: {gateway} {source} {secret}"
            );
        }
    }
}

#[tokio::test]
async fn two_policies_add_up_whole_by_whole() {
    let stand = world().await;
    let policies: [Policy; 3] = [
        ("shared", &[SECRET], &["secret/app/db"], &["office"]),
        (HERE, &[INSIDE], &["secret/app/dbx"], &["vpc"]),
        ("shared", &[KEYS], &["secret/app/out"], &[]),
    ];
    let key = client(&stand, "app", &policies).await;
    for (gateway, source, secret, expected) in [
        ("shared", OFFICE, "app/db", "read"),
        (HERE, VPC, "app/dbx", "read"),
        // One half of one, the other of another.
        ("shared", VPC, "app/db", "forbidden"),
        (HERE, OFFICE, "app/dbx", "forbidden"),
        (HERE, VPC, "app/db", "forbidden"),
        ("shared", OFFICE, "app/dbx", "forbidden"),
        ("shared", OFFICE, "app/out", "forbidden"),
    ] {
        let outcome = read(&stand, &key, gateway, source, secret).await;
        assert_eq!(outcome, expected, "{gateway} {source} {secret}");
    }
}

#[tokio::test]
async fn a_change_counts_from_the_next_call() {
    let stand = world().await;
    let policy: Policy = ("shared", &[SECRET], &["secret/*"], &["office"]);
    let key = client(&stand, "app", &[policy]).await;
    let office = async || read(&stand, &key, "shared", OFFICE, "app/db").await;
    assert_eq!(office().await, "read");
    for (action, change, expected) in [
        (
            "UpdateNetworkRule",
            [
                ("Name", "office"),
                ("SourcePrivateIp", r#"["203.0.113.8"]"#),
            ],
            "forbidden",
        ),
        (
            "UpdateNetworkRule",
            [
                ("Name", "office"),
                ("SourcePrivateIp", r#"["203.0.113.7"]"#),
            ],
            "read",
        ),
        (
            "UpdatePolicy",
            [("Name", "app.0"), ("Resources", r#"["secret/other"]"#)],
            "forbidden",
        ),
        (
            "UpdatePolicy",
            [("Name", "app.0"), ("Resources", r#"["secret/app/db"]"#)],
            "read",
        ),
    ] {
        stand.call(action, &change).await.unwrap();
        assert_eq!(office().await, expected, "{action} {change:?}");
    }
}

#[tokio::test]
async fn a_client_may_say_the_full_name_of_its_own_accounts_secret() {
    let stand = world().await;
    let policy: Policy = ("shared", &[SECRET], &["secret/*"], &[]);
    let key = client(&stand, "app", &[policy]).await;
    for (account, expected) in [
        ("1234567890123456", "read"),
        ("9999999999999999", "forbidden"),
    ] {
        let arn = format!("acs:kms:cn-hangzhou:{account}:secret/app/db");
        let outcome = read(&stand, &key, "shared", OFFICE, &arn).await;
        assert_eq!(outcome, expected, "{account}");
    }
}
