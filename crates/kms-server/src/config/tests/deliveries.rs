use kms_client::delivery::Addressing;

use super::*;
use crate::settings::{DeliveryService, DeliverySettings};

const OSS: &str = "[[delivery]]\ntarget = 'acs:oss:cn-hangzhou:1:audit'\n";
const SLS: &str = "[[delivery]]\ntarget = 'acs:log:cn-hangzhou:1:project/p/logstore/l'\n";

fn one(text: &str) -> DeliverySettings {
    let config = read(text);
    config.settings.deliveries.into_iter().next().unwrap()
}

#[test]
fn a_target_says_what_is_not_said() {
    let oss = one(&format!("{OSS}service = 'oss'"));
    assert_eq!(
        oss.service,
        DeliveryService::Oss {
            region: "cn-hangzhou".parse().unwrap(),
            bucket: "audit".to_owned(),
            prefix: "AliyunLogs/Config".to_owned(),
            encryption: None,
        }
    );
    assert_eq!(oss.addressing, Addressing::Host);
    assert_eq!(oss.endpoint, None);
    let sls = one(&format!("{SLS}service = 'sls'\nregion = 'cn-beijing'"));
    assert_eq!(
        sls.service,
        DeliveryService::Sls {
            region: "cn-beijing".parse().unwrap(),
            project: "p".to_owned(),
            logstore: "l".to_owned(),
        }
    );
    let s3 = one(&format!(
        "{SLS}service = 's3'\nbucket = 'a.b'\nendpoint = 'https://s3.internal'\npath_style = true"
    ));
    assert_eq!(
        s3.service,
        DeliveryService::S3 {
            endpoint: "https://s3.internal".parse().unwrap(),
            region: "us-east-1".to_owned(),
            bucket: "a.b".to_owned(),
            prefix: "AliyunLogs/Config".to_owned(),
            encryption: None,
        }
    );
    assert_eq!(s3.addressing, Addressing::Path);
}

#[test]
fn deliveries_that_mean_nothing_are_refused() {
    for (text, said) in [
        (
            format!("{OSS}service = 'gcs'"),
            "k.toml:1:1: service must be oss, s3 or sls",
        ),
        (
            "[[delivery]]\nservice = 'oss'".to_owned(),
            "k.toml:1:1: [[delivery]] needs target, the ARN that channels name",
        ),
        (
            "[[delivery]]\ntarget = 'acs:oss:cn-hangzhou:1:*'\nservice = 'oss'".to_owned(),
            "k.toml:2:10: target: must be acs:oss:<region>:<account>:<bucket>",
        ),
        (
            format!("{OSS}service = 's3'"),
            "k.toml:1:1: service = s3 needs endpoint, where it is",
        ),
        (
            format!("{OSS}service = 'sls'"),
            "k.toml:1:1: service = sls is for a target that begins with acs:log:",
        ),
        (
            format!("{SLS}service = 'oss'"),
            "k.toml:1:1: the target names no bucket; bucket does",
        ),
        (
            format!("{SLS}service = 'sls'\nprefix = 'x'"),
            "k.toml:1:1: prefix is for oss and s3",
        ),
        (
            format!("{OSS}service = 'oss'\nprefix = '../x'"),
            "k.toml:4:10: prefix: must be names between slashes, of letters, digits and -_.=, \
             without a slash at either end",
        ),
        (
            format!("{OSS}service = 'oss'\nbucket = 'A'"),
            "k.toml:4:10: bucket: must be 3 to 63 lower-case letters, digits, hyphens and dots, a \
             letter or digit at both ends",
        ),
        (
            format!("{OSS}service = 'oss'\nendpoint = 'http://oss.internal'"),
            "k.toml:4:12: endpoint: http:// would send secrets unprotected over the network; use \
             https://",
        ),
        (
            format!("{OSS}service = 'oss'\nrole_arn = 'acs:ram::1:role/r'"),
            "k.toml:1:1: role_arn needs one who asks for it: access_key_file, cli_profile or \
             ecs_role",
        ),
        (
            format!("{OSS}service = 'oss'\nsts_endpoint = 'sts.internal'"),
            "k.toml:1:1: sts_endpoint is for a role_arn",
        ),
        (
            format!("{OSS}service = 'oss'\n{OSS}service = 'oss'"),
            "k.toml: [[delivery]] and [[event_webhook]] name the target \
             acs:oss:cn-hangzhou:1:audit twice",
        ),
    ] {
        assert_eq!(refused(&text), said, "{text}");
    }
}
