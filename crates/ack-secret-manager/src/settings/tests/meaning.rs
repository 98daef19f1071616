//! What flags come to together.

use super::*;

const CHART_0_5: &[&str] = &[
    "--token-rotation-period=120s",
    "--reconcile-period=5s",
    "--reconcile-count=1",
    "--polling-interval=120s",
    "--disable-polling=false",
    "--region=cn-hangzhou",
    "--kms-endpoint=",
    "--max-concurrent-kms-secret-pulls=10",
    "--max-concurrent-oos-secret-pulls=10",
    "--enable-worker-role=true",
];

const CHART_0_3: &[&str] = &[
    "--backend=alicloud-kms",
    "--enable-leader-election=true",
    "--leader-election-namespace=kube-system",
    "--reconcile-period=5s",
    "--reconcile-count=1",
    "--token-rotation-period=120s",
    "--polling-interval=120s",
    "--disable-polling=false",
    "--region=",
];

#[test]
fn what_the_originals_charts_say_is_taken() {
    let settings = parse(CHART_0_5).unwrap();
    assert_eq!(settings.remote.region.unwrap().as_str(), "cn-hangzhou");
    assert_eq!(settings.remote.kms_endpoint, None);
    assert_eq!(
        settings.notices,
        ["--token-rotation-period: has no effect; credentials are renewed before they end"]
    );
    let settings = parse(CHART_0_3).unwrap();
    assert!(settings.process.leader_elect);
    assert_eq!(
        settings.process.pod_namespace.as_deref(),
        Some("kube-system")
    );
}

#[test]
fn the_older_name_of_the_limit_yields() {
    let limit = |arguments: &[&str]| parse(arguments).unwrap().remote.kms_per_second.get();
    assert_eq!(limit(&["--max-concurrent-secret-pulls=3"]), 3);
    let both = [
        "--max-concurrent-kms-secret-pulls=7",
        "--max-concurrent-secret-pulls=3",
    ];
    assert_eq!(limit(&both), 7);
    assert!(refused(&["--max-concurrent-oos-secret-pulls=0"]).contains("at least 1"));
}

#[test]
fn an_endpoint_is_kmss_ours_or_this_machines() {
    for endpoint in [
        "kms.cn-hangzhou.aliyuncs.com",
        "kms-vpc.cn-hangzhou.aliyuncs.com",
        "kst-1.cryptoservice.kms.aliyuncs.com",
        "127.0.0.1:9470",
        "[::1]:9470",
        "localhost:9470",
        "http://127.0.0.1:9470",
    ] {
        let settings = parse(&["--kms-endpoint", endpoint]).unwrap();
        assert!(settings.remote.kms_endpoint.is_some(), "{endpoint}");
    }
    for endpoint in [
        "kms.example.com",
        "10.0.0.1:443",
        "kms.oss-cn-hangzhou.evil.aliyuncs.com",
        "bucket.oss-cn-hangzhou.aliyuncs.com",
        "kms.cn-hangzhou.aliyuncs.com.example.com",
        "http://kms.cn-hangzhou.aliyuncs.com",
        "kms.cn-hangzhou.aliyuncs.com/path",
        "localhost.example.com",
    ] {
        assert!(parse(&["--kms-endpoint", endpoint]).is_err(), "{endpoint}");
    }
    let allowed = [
        "--kms-endpoint=kms.corp.internal:9471",
        "--allowed-endpoint-suffix=example.org,.corp.internal",
    ];
    assert!(parse(&allowed).is_ok());
}

#[test]
fn entries_may_name_less_than_the_flag() {
    let settings = parse(&["--allowed-endpoint-suffix=corp.internal"]).unwrap();
    let allows = |text: &str| settings.remote.allows(&text.parse().unwrap());
    assert!(allows("kms-vpc.cn-beijing.aliyuncs.com"));
    assert!(allows("KMS.Corp.Internal:9471"));
    assert!(allows("corp.internal"));
    assert!(!allows("evilcorp.internal"));
    assert!(!allows("127.0.0.1:6443"), "an entry is not the operator's");
    for text in ["", "internal", "a..b", "a.b:443", "-a.b", "a_b.c", "*.b.c"] {
        assert!(text.parse::<EndpointSuffix>().is_err(), "{text}");
    }
}

#[test]
fn namespaces_are_watched_or_excluded() {
    let namespaces = |arguments: &[&str]| parse(arguments).unwrap().scope.namespaces;
    let watched = namespaces(&["--watch-namespaces=\"a, b,\""]);
    assert!(watched.cover("a") && watched.cover("b") && !watched.cover("c"));
    assert_eq!(watched.watched().unwrap().len(), 2);
    let excluded = namespaces(&["--exclude-namespaces", "a"]);
    assert!(!excluded.cover("a") && excluded.cover("b"));
    assert_eq!(excluded.watched(), None);
    let both = namespaces(&["--watch-namespaces=a", "--exclude-namespaces=b"]);
    assert!(both.cover("a") && !both.cover("b") && !both.cover("c"));
    assert!(refused(&["--watch-namespaces=A"]).starts_with("--watch-namespaces is a list"));
}

#[test]
fn a_namespace_in_both_ends_the_program_with_1() {
    let error = parse(&["--watch-namespaces=a,b,c", "--exclude-namespaces=c , b"]).unwrap_err();
    assert_eq!(error.exit_code(), 1);
    assert_eq!(
        error.to_string(),
        "in --watch-namespaces and in --exclude-namespaces: b, c; say each namespace in one of them"
    );
}

#[test]
fn a_limit_turns_cluster_kinds_off() {
    for argument in ["--watch-namespaces=a", "--exclude-namespaces=a"] {
        let settings = parse(&[argument, "--process-cluster-secret-store=true"]).unwrap();
        assert!(!settings.scope.cluster_secret_stores, "{argument}");
        assert!(!settings.scope.cluster_external_secrets, "{argument}");
        assert_eq!(settings.notices.len(), 1, "{argument}");
    }
    let settings = parse(&["--watch-namespaces= , "]).unwrap();
    assert!(settings.scope.cluster_secret_stores);
    assert_eq!(
        settings.notices,
        ["--watch-namespaces names no namespace and is ignored; all are watched"]
    );
}

#[test]
fn a_replica_says_which_part_is_its_own() {
    let shard = |arguments: &[&str], pod: &str| {
        parse_in(arguments, &[("POD_NAME", pod)]).map(|settings| settings.scope.shard.index)
    };
    assert_eq!(shard(&["--shards=3", "--shard=2"], "x-7"), Ok(2));
    assert_eq!(shard(&["--shards=3"], "operator-1"), Ok(1));
    for (arguments, pod) in [
        (&["--shards=3"][..], "operator-5f7b9c-x2x4z"),
        (&["--shards=3", "--shard=3"], "x"),
        (&["--shards=3", "--shard=-1"], "x"),
        (&["--shard=1"], "x"),
        (&["--shards=0"], "x"),
    ] {
        assert!(shard(arguments, pod).is_err(), "{arguments:?}");
    }
}

#[test]
fn the_old_ways_come_back_one_by_one() {
    let settings = parse(&[
        "--store-whole-document-if-nothing-matches",
        "--replace-rule-in-values",
        "--adopt-foreign-secrets=false",
        "--deletion-policy=Retain",
        "--cleanup-secret-on-failure",
        "--enable-cross-namespace-secret-store",
        "--enable-cross-namespace-auth-ref",
    ])
    .unwrap();
    assert!(settings.secrets.whole_document && settings.secrets.replace_in_values);
    assert!(!settings.secrets.adopt && settings.secrets.cleanup_on_failure);
    assert_eq!(settings.secrets.deletion, DeletionPolicy::Retain);
    assert!(settings.scope.foreign_stores && settings.scope.foreign_auth);
    assert!(refused(&["--deletion-policy=retain"]).contains("Delete or Retain"));
}

#[test]
fn what_has_no_effect_is_told() {
    let settings = parse_in(&["--backend=vault"], &[("WATCH_NAMESPACE", "a")]).unwrap();
    assert_eq!(
        settings.notices,
        [
            "--backend: there is only alicloud-kms, and that is used",
            "WATCH_NAMESPACE is never read, by the original neither; say --watch-namespaces",
        ]
    );
}
