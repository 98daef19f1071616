//! What docs/templates.md shows works as it stands there.

use std::{fs, path::Path};

use serde::Deserialize;

use super::{Data, SourceKind, Sources, Template, Value, data, now, render, seed, texts};
use crate::plan::template::functions;

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/templates.md");
    fs::read_to_string(path).expect("the page")
}

/// An example is an ExternalSecret, or a template alone.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Example {
    Whole { spec: Spec },
    Template(Template),
}

#[derive(Debug, Deserialize)]
struct Spec {
    target: crate::api::Target,
}

fn account() -> Data {
    data([
        (
            "db",
            r#"{"user":"tom","password":"p@ss/word","host":"db.example.com"}"#,
        ),
        ("registry", "registry.example.com"),
        ("user", "tom"),
        ("password", "secret"),
        ("tls", r#"{"cert":"CERT","key":"KEY"}"#),
        ("keystore", "/v8="),
    ])
}

#[test]
fn examples_give_what_they_are_for() {
    let mut sources = Sources::default();
    let lines = "DB_HOST={{ jsonPath .db \"host\" }}";
    sources.insert(
        SourceKind::ConfigMap,
        "app-env",
        "app.env",
        Value::new(lines.into()),
    );
    let page = page();
    let mut blocks = page.split("```yaml\n").skip(1);
    let mut made = Vec::new();
    for block in blocks.by_ref() {
        let (block, _) = block.split_once("```").expect("an end");
        let example: Example = serde_saphyr::from_str(block).expect(block);
        let template = match example {
            Example::Whole { spec } => spec.target.template.expect("a template"),
            Example::Template(template) => template,
        };
        let templated = render(&template, &account(), &sources, &seed(), now()).expect(block);
        assert!(templated.warnings.is_empty(), "{:?}", templated.warnings);
        made.push(templated);
    }
    assert_eq!(made.len(), 6);
    let url = "postgresql://tom:p%40ss%2Fword@db.example.com:5432/app".to_owned();
    assert_eq!(texts(&made[0].data), [("url", url)]);
    assert_eq!(made[0].labels["team"], "payments");
    assert_eq!(made[0].annotations["example.com/host"], "db.example.com");
    let login = r#"{"auths":{"registry.example.com":{"auth":"dG9tOnNlY3JldA==","password":"secret","username":"tom"}}}"#;
    assert_eq!(
        texts(&made[1].data),
        [(".dockerconfigjson", login.to_owned())]
    );
    assert_eq!(
        made[1].secret_type.as_deref(),
        Some("kubernetes.io/dockerconfigjson")
    );
    let pair = [
        ("tls.crt", "CERT".to_owned()),
        ("tls.key", "KEY".to_owned()),
    ];
    assert_eq!(texts(&made[2].data), pair);
    assert_eq!(made[3].data["keystore.p12"].expose(), b"\xfe\xff");
    assert!(made[4].data["auth"].expose().starts_with(b"tom:$2a$10$"));
    assert_eq!(
        texts(&made[5].data),
        [("DB_HOST", "db.example.com".to_owned())]
    );
}

#[test]
fn every_function_is_named() {
    let page = page();
    let is_named =
        |name: &&str| page.contains(&format!("`{name}`")) || page.contains(&format!("`{name} "));
    // `must` forms are told of by group.
    let missing: Vec<_> = functions::names()
        .into_iter()
        .filter(|name| !name.starts_with("must") && !is_named(name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
