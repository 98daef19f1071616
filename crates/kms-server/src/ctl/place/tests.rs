use std::path::Path;

use kms_types::Env;

use super::Place;

fn env(pairs: &[(&str, &str)]) -> Env {
    pairs.iter().copied().collect()
}

/// Where it goes, and with which CA.
fn place(endpoint: Option<&str>, region: Option<&str>, vars: &[(&str, &str)]) -> String {
    match Place::of(endpoint, region, &env(vars)) {
        Ok(place) => {
            let ca = place.ca_file.as_deref().map(Path::display);
            let ca = ca.map(|ca| format!(" {ca}")).unwrap_or_default();
            format!("{}{ca}", place.endpoint)
        }
        Err(error) => error.to_string(),
    }
}

const OWN: &[(&str, &str)] = &[
    ("KMS_ENDPOINT", "127.0.0.1:9470"),
    ("KMS_TLS_ENDPOINT", "127.0.0.1:9471"),
    ("KMS_CA_FILE", "/kms/ca.pem"),
    ("ALIBABA_CLOUD_REGION_ID", "cn-beijing"),
];

#[test]
fn an_env_file_leads_to_its_server_over_tls() {
    assert_eq!(place(None, None, OWN), "https://127.0.0.1:9471 /kms/ca.pem");
    assert_eq!(place(None, None, &OWN[..1]), "http://127.0.0.1:9470");
}

#[test]
fn what_is_said_goes_before_the_environment_and_the_clouds_certificates_are_public() {
    assert_eq!(
        place(Some("kms.example.com:9471"), None, OWN),
        "https://kms.example.com:9471 /kms/ca.pem"
    );
    assert_eq!(
        place(None, Some("cn-shanghai"), OWN),
        "https://kms.cn-shanghai.aliyuncs.com"
    );
    assert_eq!(
        place(Some("http://localhost:1"), Some("cn-shanghai"), &[]),
        "http://localhost:1"
    );
    assert_eq!(
        place(None, None, &OWN[3..]),
        "https://kms.cn-beijing.aliyuncs.com"
    );
}

#[test]
fn nothing_said_is_no_call_and_no_secret_goes_unprotected_over_a_network() {
    assert!(place(None, None, &[]).starts_with("where to? "));
    let other = [("KMS_ENDPOINT", "kms.example.com:9470")];
    assert_eq!(place(None, None, &other), "https://kms.example.com:9470");
    assert_eq!(
        place(Some("http://kms.example.com"), None, &[]),
        "--endpoint http:// would send secrets unprotected over the network; use https://"
    );
}
