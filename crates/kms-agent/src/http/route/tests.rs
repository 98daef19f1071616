use super::*;

fn router(response_type: ResponseType, mounts: &[(&str, u8)]) -> Router {
    let mut settings = Settings::default();
    settings.server.response_type = response_type;
    settings.server.vault_mounts = mounts
        .iter()
        .map(|(name, version)| ((*name).to_owned(), *version))
        .collect();
    Router::new(&settings, &[])
}

fn secret(router: &Router, target: &str) -> Result<(String, Option<String>, Shape), RouteError> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    match router.route(path, query)? {
        Route::Secret(read) => Ok((
            read.request.secret.to_string(),
            read.request.version_id.map(|id| id.as_str().to_owned()),
            read.shape,
        )),
        Route::Vault(local) => panic!("{local:?}"),
    }
}

#[test]
fn both_routes_name_the_same_secret() {
    let router = router(ResponseType::Kms, &[]);
    for target in [
        "/v1/app/db+1",
        "/v1/app%2Fdb+1",
        "/v1/app%2fdb%2B1?x=1",
        "/secretsmanager/get?secretId=app/db+1",
        "/secretsmanager/get?secretId=app%2Fdb%2B1&versionId=&unknown=a&unknown=b",
    ] {
        let (name, version, shape) = secret(&router, target).unwrap();
        assert_eq!(
            (name.as_str(), version, shape),
            ("app/db+1", None, Shape::Plain),
            "{target}"
        );
    }
    let arn = "acs:kms:cn-hangzhou:1234567890123456:secret/app/db";
    assert_eq!(secret(&router, &format!("/v1/{arn}")).unwrap().0, arn);
}

#[test]
fn both_version_parameters_work_on_both_routes() {
    let router = router(ResponseType::Aws, &[]);
    for target in ["/v1/a?", "/secretsmanager/get?secretId=a&"] {
        let target = format!("{target}versionId=v1&versionStage=ACSPrevious");
        let (path, query) = target.split_once('?').unwrap();
        let Route::Secret(read) = router.route(path, query).unwrap() else {
            panic!("no secret")
        };
        assert_eq!(read.request.version_id.unwrap().as_str(), "v1");
        assert_eq!(read.request.version_stage.unwrap().as_str(), "ACSPrevious");
    }
}

#[test]
fn refuses_what_names_no_secret() {
    let router = router(ResponseType::Kms, &[]);
    for target in ["/v1", "//v1/foo", "/", "/secretsmanager/get/", "/metrics"] {
        assert_eq!(
            secret(&router, target),
            Err(RouteError::NotFound),
            "{target}"
        );
    }
    for target in [
        "/v1/",
        "/secretsmanager/get",
        "/secretsmanager/get?secretId=",
        "/secretsmanager/get?SecretId=a",
    ] {
        assert_eq!(
            secret(&router, target),
            Err(RouteError::Missing),
            "{target}"
        );
    }
    for target in [
        "/v1/a/../b",
        "/v1/a/%2e%2e/b",
        "/v1/../ping",
        "/v1//foo",
        "/v1/foo/",
        "/v1/a%252Fb",
        "/v1/a\\b",
        "/v1/a%00",
        "/v1/a%0d%0ab",
        "/v1/密码",
        "/v1/%E5%AF%86",
        "/v1/a%20b",
        "/v1/a?versionId=a%20b",
        "/v1/a;b",
        "/secretsmanager/get?secretId=a;versionId=b",
    ] {
        assert!(
            matches!(secret(&router, target), Err(RouteError::Name(_))),
            "{target}"
        );
    }
    let long = format!("/v1/{}", "a".repeat(193));
    assert!(matches!(secret(&router, &long), Err(RouteError::Name(_))));
    for target in [
        "/secretsmanager/get?secretId=a&secretId=b",
        "/v1/a?versionStage=x&versionStage=x",
        "/v1/a?versionId=&versionId=v1",
    ] {
        assert_eq!(
            secret(&router, target),
            Err(RouteError::Repeated),
            "{target}"
        );
    }
}

#[test]
fn vault_mounts_are_stripped_and_choose_the_shape() {
    let router = router(ResponseType::Vault, &[("secret", 2), ("kv", 1), ("a/b", 2)]);
    for (target, name, version, shape) in [
        ("/v1/secret/data/app/db", "app/db", None, Shape::Kv2),
        (
            "/v1/secret/data/app?version=3",
            "app",
            Some("v3"),
            Shape::Kv2,
        ),
        ("/v1/secret/data/app?version=0", "app", None, Shape::Kv2),
        ("/v1/secret/app", "app", None, Shape::Plain),
        ("/v1/kv/data/app", "data/app", None, Shape::Plain),
        ("/v1/a/b/data/c", "c", None, Shape::Kv2),
        ("/v1/secretive/app", "secretive/app", None, Shape::Plain),
        ("/v1/agent-test", "agent-test", None, Shape::Plain),
    ] {
        let version = version.map(str::to_owned);
        assert_eq!(
            secret(&router, target),
            Ok((name.to_owned(), version, shape)),
            "{target}"
        );
    }
    assert_eq!(
        secret(&router, "/v1/secret/data/a?version=x"),
        Err(RouteError::Version)
    );
    assert_eq!(
        secret(&router, "/v1/secret/metadata/a?list=true"),
        Err(RouteError::List)
    );
}

#[test]
fn without_mounts_a_path_is_a_name() {
    let router = router(ResponseType::Vault, &[]);
    assert_eq!(
        secret(&router, "/v1/secret/data/a").unwrap().0,
        "secret/data/a"
    );
}
