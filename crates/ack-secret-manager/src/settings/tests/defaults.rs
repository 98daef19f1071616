//! What holds when nothing is said (reference k8s-sync §1.6).

use super::*;

#[test]
fn nothing_said_is_version_0_6_7_with_the_worker_role() {
    let settings = parse(&[]).unwrap();
    let remote = &settings.remote;
    assert_eq!(remote.region, None);
    assert_eq!(remote.kms_endpoint, None);
    assert_eq!(remote.polling.unwrap().get(), Duration::from_mins(2));
    assert_eq!(remote.kms_per_second.get(), 10);
    assert_eq!(remote.oos_per_second.get(), 10);
    assert!(remote.worker_role, "seed 004 relies on it");
    let scope = &settings.scope;
    assert!(!scope.namespaces.are_limited());
    assert!(scope.cluster_secret_stores && scope.cluster_external_secrets);
    assert!(!scope.foreign_stores && !scope.foreign_auth);
    assert_eq!((scope.shard.index, scope.shard.count.get()), (0, 1));
    let secrets = &settings.secrets;
    assert_eq!(secrets.compat, Compat::V06);
    assert!(!secrets.cleanup_on_failure);
    assert_eq!(secrets.deletion, DeletionPolicy::Delete);
    assert!(secrets.adopt);
    assert!(!secrets.whole_document && !secrets.replace_in_values);
    let process = &settings.process;
    assert_eq!(process.workers.get(), 1);
    assert_eq!(process.retry_after, Duration::from_secs(5));
    assert!(!process.leader_elect, "no pod, nobody to elect");
    assert_eq!(settings.notices, Vec::<String>::new());
}

#[test]
fn every_address_is_both_families() {
    let settings = parse(&[]).unwrap();
    let at = |listen: Option<Listen>| {
        let addresses = listen.unwrap().candidates();
        addresses.map(|at| at.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(at(settings.process.metrics), ["[::]:8080", "0.0.0.0:8080"]);
    assert_eq!(at(settings.process.health), ["[::]:8081", "0.0.0.0:8081"]);
    let settings = parse(&["--metrics-addr=127.0.0.1:0", "--health-addr=0"]).unwrap();
    assert_eq!(at(settings.process.metrics), ["127.0.0.1:0"]);
    assert_eq!(settings.process.health, None);
}

#[test]
fn the_environment_says_who_and_where() {
    let settings = parse_in(
        &[],
        &[
            ("POD_NAME", "ack-secret-manager-0"),
            ("POD_NAMESPACE", "kube-system"),
            ("ACCESS_KEY_ID", "LTAI-CANARY"),
            ("SECRET_ACCESS_KEY", "CANARY"),
            ("ALICLOUD_ROLE_ARN", "acs:ram::1:role/r"),
            ("ALICLOUD_OIDC_TOKEN_FILE", "/var/run/token"),
            ("ALICLOUD_REMOTE_ROLE_ARN", ""),
        ],
    )
    .unwrap();
    assert!(settings.process.leader_elect);
    assert_eq!(
        settings.process.pod_namespace.as_deref(),
        Some("kube-system")
    );
    assert_eq!(settings.own.role_arn.as_deref(), Some("acs:ram::1:role/r"));
    assert_eq!(settings.own.oidc_token_file, Some("/var/run/token".into()));
    assert_eq!(settings.own.remote_role_arn, None);
    assert!(
        settings
            .own
            .secret_access_key
            .as_ref()
            .unwrap()
            .matches(b"CANARY")
    );
    let shown = format!("{settings:?}");
    assert!(!shown.contains("CANARY"), "{shown}");
}

#[test]
fn the_version_before_had_a_region() {
    let region = |arguments: &[&str]| {
        let region = parse(arguments).unwrap().remote.region;
        region.map(|region| region.to_string())
    };
    assert_eq!(region(&["--compat=0.5"]).as_deref(), Some("cn-hangzhou"));
    assert_eq!(
        region(&["--region=cn-beijing", "--compat=0.5"]).as_deref(),
        Some("cn-beijing")
    );
    assert_eq!(region(&["--compat=0.6"]), None);
}

#[test]
fn help_shows_every_flag_with_what_holds_without_it() {
    assert_eq!(help(), include_str!("../../../tests/settings/help.txt"));
}
