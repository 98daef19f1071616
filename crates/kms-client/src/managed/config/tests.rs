use std::{fs, path::Path};

use super::*;

fn parse(text: &str) -> Result<ManagedConfig, ManagedConfigError> {
    ManagedConfig::parse(&Secret::new(text.as_bytes().to_vec()))
}

fn golden(name: &str) -> ManagedConfig {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/properties");
    parse(&fs::read_to_string(Path::new(folder).join(name)).unwrap()).unwrap()
}

#[track_caller]
fn refused(text: &str) -> String {
    let said = parse(text).unwrap_err().to_string();
    assert!(!said.contains("hunter2"), "{said}");
    said
}

const REGION: &str = "cache_client_region_id=[{\"regionId\":\"cn-hangzhou\"}]\n";

#[test]
fn the_seeds_local_file() {
    let config = golden("local.properties");
    let [gateway] = &config.gateways[..] else {
        panic!("one gateway")
    };
    assert_eq!(gateway.endpoint.host(), "kms.cn-hangzhou.aliyuncs.com");
    let Caller::ClientKey {
        key: KeyText::File(key),
        password: Password::File(password),
    } = &gateway.caller
    else {
        panic!("{gateway:?}")
    };
    assert_eq!(key, Path::new("resources/clientKey.json"));
    assert_eq!(password, Path::new("resources/clientKey_Password.txt"));
    assert_eq!(config.pace, Pace::default());
    assert!(config.warnings.is_empty(), "{:?}", config.warnings);
}

#[test]
fn the_seeds_cloud_file() {
    let config = golden("cloud.properties");
    let [gateway] = &config.gateways[..] else {
        panic!("one gateway")
    };
    assert!(gateway.endpoint.is_instance());
    assert_eq!(
        gateway.ca_file.as_deref(),
        Some(Path::new("/root/resources/PrivateKmsCA.pem"))
    );
    assert!(matches!(
        &gateway.caller,
        Caller::ClientKey { key: KeyText::File(key), password: Password::File(_) }
            if key == Path::new("/root/resources/clientKey.json")
    ));
}

#[test]
fn who_calls_on_the_shared_gateway() {
    let key = "credentials_access_key_id=LTAI5tA\ncredentials_access_secret=hunter2\n";
    let role = "credentials_role_arn=acs:ram::1:role/r\ncredentials_role_session_name=s\n";
    for (kind, more, expected) in [
        ("ak", key, "AccessKey"),
        ("ram_role", &format!("{key}{role}"), "Role"),
        ("sts", &format!("{key}{role}"), "Role"),
        (
            "ecs_ram_role",
            "credentials_role_name=app\n",
            "EcsRole(Some(\"app\"))",
        ),
        ("ecs_ram_role", "", "EcsRole(None)"),
        (
            "oidc_role_arn",
            &format!(
                "{role}credentials_oidc_provider_arn=p\ncredentials_oidc_token_file_path=/t\n"
            ),
            "OidcRole",
        ),
    ] {
        let config = parse(&format!("{REGION}credentials_type={kind}\n{more}")).unwrap();
        let Caller::Source(source) = &config.gateways[0].caller else {
            panic!("{kind}")
        };
        let shown = format!("{source:?}");
        assert!(shown.starts_with(expected), "{kind}: {shown}");
        assert!(!shown.contains("hunter2"));
    }
}

#[test]
fn regions_endpoints_and_what_instances_take_over() {
    let regions = r#"cache_client_region_id=[{"regionId":"cn-hangzhou"},{"regionId":"cn-beijing","vpc":"true"},{"regionId":"cn-shanghai","vpc":false,"endpoint":"127.0.0.1:9471","caFilePath":"ca.pem"}]"#;
    let config = parse(&format!("{regions}\ncredentials_type=ecs_ram_role\n")).unwrap();
    let hosts: Vec<_> = config
        .gateways
        .iter()
        .map(|g| g.endpoint.authority())
        .collect();
    assert_eq!(
        hosts,
        [
            "kms.cn-hangzhou.aliyuncs.com",
            "kms-vpc.cn-beijing.aliyuncs.com",
            "127.0.0.1:9471"
        ]
    );
    assert_eq!(
        config.gateways[2].ca_file.as_deref(),
        Some(Path::new("ca.pem"))
    );
    // Instances come before all that; an empty list is none.
    let instance = r#"[{"regionId":"cn-hangzhou","endpoint":"kst-a.cryptoservice.kms.aliyuncs.com","clientKeyFile":"k","passwordFromFilePath":"p"}]"#;
    let config = parse(&format!(
        "credentials_type=nonsense\n{regions}\ncache_client_dkms_config_info={instance}\n"
    ));
    assert_eq!(config.unwrap().gateways.len(), 1);
    let config = parse(&format!(
        "{regions}\ncache_client_dkms_config_info=[]\ncredentials_type=ecs_ram_role\n"
    ));
    assert_eq!(config.unwrap().gateways.len(), 3);
}

#[test]
fn where_the_password_of_an_instances_key_is() {
    let instance = |fields: &str, more: &str| {
        let text = format!(
            "cache_client_dkms_config_info=[{{\"regionId\":\"cn-hangzhou\",\"endpoint\":\"kst-a.cryptoservice.kms.aliyuncs.com\",{fields}}}]\n{more}"
        );
        let config = parse(&text).unwrap();
        let Caller::ClientKey { key, password } = config.gateways[0].caller.clone() else {
            panic!("no key")
        };
        format!("{key:?} {password:?}")
    };
    let file = "\"clientKeyFile\":\"k\"";
    for (fields, more, expected) in [
        (
            format!("{file},\"passwordFromFilePath\":\"p\""),
            "",
            "File(\"k\") File(\"p\")",
        ),
        // The two others are names of what says where.
        (
            format!("{file},\"passwordFromFilePathName\":\"n\""),
            "n=path",
            "File(\"k\") File(\"path\")",
        ),
        (
            format!("{file},\"passwordFromFilePathName\":\"n\""),
            "",
            "File(\"k\") FileNamedBy(\"n\")",
        ),
        (
            format!("{file},\"passwordFromEnvVariable\":\"n\""),
            "n=PASSWORD",
            "File(\"k\") Variable(\"PASSWORD\")",
        ),
        (
            format!("{file},\"passwordFromEnvVariable\":\"n\""),
            "",
            "File(\"k\") VariableNamedBy(\"n\")",
        ),
        // What the file says for all of its keys.
        (
            file.to_owned(),
            "client_key_password_from_file_path=q",
            "File(\"k\") File(\"q\")",
        ),
        (
            file.to_owned(),
            "client_key_password_from_env_variable=V",
            "File(\"k\") Variable(\"V\")",
        ),
        (
            file.to_owned(),
            "client_key_password=hunter2",
            "File(\"k\") Value([redacted])",
        ),
        (
            file.to_owned(),
            "",
            "File(\"k\") Variable(\"client_key_password\")",
        ),
        (
            "\"clientKeyContent\":\"{}\",\"passwordFromFilePath\":\"p\"".to_owned(),
            "",
            "Content([redacted]) File(\"p\")",
        ),
        (
            "\"passwordFromFilePath\":\"p\"".to_owned(),
            "client_key_private_key_path=all",
            "File(\"all\") File(\"p\")",
        ),
    ] {
        assert_eq!(instance(&fields, more), expected, "{fields} {more}");
    }
}

#[test]
fn the_pace_and_the_names_and_what_is_passed_over() {
    let text = format!(
        "{REGION}credentials_type=ecs_ram_role\nrotation_interval=3600000\ndelay_interval=60000\nsecret_names= acs/ram/user/a , b,,\nmonitor_period_milliseconds=1\nhunter=2\n"
    );
    let config = parse(&text).unwrap();
    assert_eq!(config.pace.interval, Duration::from_hours(1));
    assert_eq!(config.pace.delay, Duration::from_mins(1));
    let names: Vec<_> = config
        .secret_names
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(names, ["acs/ram/user/a", "b"]);
    assert_eq!(
        config.warnings(),
        ["the key hunter is not known here and passed over"]
    );
    let older = parse(&format!(
        "{REGION}credentials_type=ecs_ram_role\nrefresh_secret_ttl=60000"
    ));
    assert_eq!(older.unwrap().pace.interval, Duration::from_mins(1));
    let odd = "cache_client_region_id=[{\"regionId\":\"cn-hangzhou\",\"weight\":1}]\ncredentials_type=ecs_ram_role";
    assert_eq!(
        parse(odd).unwrap().warnings(),
        ["cache_client_region_id[0]: weight is not known here and passed over"]
    );
}

#[test]
fn each_mistake_is_named_and_no_value_is_repeated() {
    let instance = |fields: &str| {
        format!(
            "cache_client_dkms_config_info=[{{\"regionId\":\"cn-hangzhou\",\"endpoint\":\"kst-a.cryptoservice.kms.aliyuncs.com\"{fields}}}]"
        )
    };
    for (text, said) in [
        (String::new(), "cache_client_region_id is missing"),
        ("a=\\u1".to_owned(), "line 1: \\u is not followed"),
        (REGION.to_owned(), "credentials_type is missing"),
        (format!("{REGION}credentials_type=hunter2"), "is none of client_key, ecs_ram_role"),
        (format!("{REGION}credentials_type=token"), "use ecs_ram_role or client_key"),
        (format!("{REGION}credentials_type=client_key"), "client_key_private_key_path is missing"),
        (format!("{REGION}credentials_type=ak"), "credentials_access_key_id is missing"),
        (
            format!("{REGION}credentials_type=ak\ncredentials_access_key_id=hunter2 hunter2\ncredentials_access_secret=b"),
            "credentials_access_key_id is not an AccessKey id",
        ),
        ("cache_client_region_id=hunter2".to_owned(), "is no JSON list of objects"),
        ("cache_client_region_id=[{\"regionId\":5}]".to_owned(), "is no JSON list of objects"),
        ("cache_client_region_id=[]".to_owned(), "names no region"),
        (
            "credentials_type=ecs_ram_role\ncache_client_region_id=[{\"regionId\":\"hunter2 \\u00fc\"}]".to_owned(),
            "cache_client_region_id[0] regionId is not a region id",
        ),
        (
            "credentials_type=ecs_ram_role\ncache_client_region_id=[{\"regionId\":\"a\",\"endpoint\":\"http://hunter2.com\"}]".to_owned(),
            "endpoint http:// would send secrets unprotected",
        ),
        (
            format!("{REGION}credentials_type=oidc_role_arn\ncredentials_role_arn=r\ncredentials_sts_endpoint=http://sts.hunter2.com"),
            "credentials_sts_endpoint http:// would send",
        ),
        (instance(""), "cache_client_dkms_config_info[0] clientKeyFile is missing"),
        (instance(",\"ignoreSslCerts\":true"), "certificates are always verified here"),
        (instance(",\"ignoreSslCerts\":\"True\""), "certificates are always verified here"),
        (instance(",\"protocol\":\"http\""), "protocol is not https"),
        (
            instance(",\"caCert\":\"-----BEGIN CERTIFICATE-----hunter2\""),
            "holds the certificate itself",
        ),
        (
            "cache_client_dkms_config_info=[{\"endpoint\":\"kst-a.cryptoservice.kms.aliyuncs.com\"}]".to_owned(),
            "cache_client_dkms_config_info[0] regionId is missing",
        ),
        (
            format!("{REGION}credentials_type=ecs_ram_role\nrotation_interval=0"),
            "rotation_interval is no number of milliseconds",
        ),
        (
            format!("{REGION}credentials_type=ecs_ram_role\ndelay_interval=hunter2"),
            "delay_interval is no number of milliseconds",
        ),
        (
            format!("{REGION}credentials_type=ecs_ram_role\nsecret_names=a b hunter2"),
            "secret_names holds a name that is none",
        ),
    ] {
        let refused = refused(&text);
        assert!(refused.contains(said), "{text}\n{refused}");
    }
}
