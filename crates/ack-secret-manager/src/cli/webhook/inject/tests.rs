use clap::{Args as _, Command, FromArgMatches as _};

use super::*;

const PAGE: &str = include_str!("../../../../../../docs/sidecar-injector.md");

fn settings(line: &[&str]) -> Settings {
    let command = Arguments::augment_args(Command::new("inject").no_binary_name(true));
    let matches = command.try_get_matches_from(line).unwrap();
    Arguments::from_arg_matches(&matches).unwrap().into()
}

#[test]
fn without_flags_it_is_what_the_library_has() {
    assert_eq!(settings(&[]), Settings::default());
}

#[test]
fn each_flag_says_its_own() {
    let said = settings(&[
        "--agent-image=agent:1.0",
        "--allow-image-annotation",
        "--agent-pull-secret=one",
        "--agent-pull-secret=two",
        "--agent-region=cn-beijing",
        "--agent-endpoint=kms.example.com",
        "--agent-ca-config-map=ca",
        "--uid=1234567890123456",
        "--cluster-id=c1",
        "--oidc-provider-arn=acs:ram::1234567890123456:oidc-provider/own",
        "--agent-cpu-request=1m",
        "--agent-cpu-limit=2m",
        "--agent-memory-request=3Mi",
        "--agent-memory-limit=4Mi",
    ]);
    let expected = Settings {
        image: Some("agent:1.0".parse().unwrap()),
        allow_image: true,
        pull_secrets: vec!["one".parse().unwrap(), "two".parse().unwrap()],
        region: Some("cn-beijing".parse().unwrap()),
        endpoint: Some("kms.example.com".parse().unwrap()),
        ca_config_map: Some("ca".parse().unwrap()),
        uid: Some("1234567890123456".parse().unwrap()),
        cluster_id: Some("c1".parse().unwrap()),
        oidc_provider: Some(
            "acs:ram::1234567890123456:oidc-provider/own"
                .parse()
                .unwrap(),
        ),
        resources: Resources {
            cpu_request: "1m".parse().unwrap(),
            cpu_limit: Some("2m".parse().unwrap()),
            memory_request: "3Mi".parse().unwrap(),
            memory_limit: "4Mi".parse().unwrap(),
        },
    };
    assert_eq!(said, expected);
}

/// The page has a row for each flag, in their order, and no other.
#[test]
fn the_page_knows_all_flags() {
    let rows: Vec<_> = PAGE
        .lines()
        .filter_map(|line| line.strip_prefix("| `--")?.split(['`', ' ']).next())
        .collect();
    let command = Arguments::augment_args(Command::new("inject"));
    let flags: Vec<_> = command
        .get_arguments()
        .filter_map(clap::Arg::get_long)
        .collect();
    assert_eq!(rows, flags);
}
