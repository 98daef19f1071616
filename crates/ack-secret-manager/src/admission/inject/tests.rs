use std::{collections::BTreeSet, fs, path::Path};

use serde::Deserialize;

use super::*;

/// `settings.yaml` of a case.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Said {
    image: Option<String>,
    allow_image: bool,
    pull_secrets: Vec<String>,
    region: Option<String>,
    endpoint: Option<String>,
    ca_config_map: Option<String>,
    uid: Option<String>,
    cluster_id: Option<String>,
    oidc_provider: Option<String>,
}

/// Of cases that have none.
const USUAL: &str = "{image: registry.example.com/kms-agent:1.0, region: cn-hangzhou}";

fn settings(case: &Path) -> Settings {
    let text = fs::read_to_string(case.join("settings.yaml")).unwrap_or_else(|_| USUAL.to_owned());
    let said: Said = serde_saphyr::from_str(&text).unwrap();
    let names = said.pull_secrets.iter();
    Settings {
        image: said.image.map(|text| text.parse().unwrap()),
        allow_image: said.allow_image,
        pull_secrets: names.map(|text| text.parse().unwrap()).collect(),
        region: said.region.map(|text| text.parse().unwrap()),
        endpoint: said.endpoint.map(|text| text.parse().unwrap()),
        ca_config_map: said.ca_config_map.map(|text| text.parse().unwrap()),
        uid: said.uid.map(|text| text.parse().unwrap()),
        cluster_id: said.cluster_id.map(|text| text.parse().unwrap()),
        oidc_provider: said.oidc_provider.map(|text| text.parse().unwrap()),
        resources: Resources::default(),
    }
}

fn yaml(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap();
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn cases() -> Vec<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inject");
    let mut cases: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    cases
}

/// Each folder of tests/inject: a pod, and the pod that it becomes, why it is refused, or why it is left
/// alone.
#[test]
fn pods_come_out_as_they_should() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for case in cases() {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        seen += 1;
        let file = |name: &str| fs::read_to_string(case.join(name)).ok();
        let pod = yaml(&case.join("pod.yaml"));
        match inject(&pod, "shop", &settings(&case)) {
            Ok(None) if file("left-alone.txt").is_some() => {}
            Ok(Some(injected)) if case.join("injected.yaml").exists() => {
                let expected = yaml(&case.join("injected.yaml"));
                if let Some(place) = difference("", &injected.pod, &expected) {
                    wrong.push(format!("{name}: {place}"));
                }
                let expected = file("warnings.txt").unwrap_or_default();
                if !injected.warnings.iter().eq(expected.lines()) {
                    wrong.push(format!("{name}: {:#?}", injected.warnings));
                }
            }
            Err(error) if file("refused.txt").is_some() => {
                let expected = file("refused.txt").unwrap();
                if error.to_string() != expected.trim_end() {
                    wrong.push(format!("{name}: {error}"));
                }
            }
            other => wrong.push(format!("{name}: {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen >= 40, "{seen} cases");
}

/// The first place where two values differ.
fn difference(at: &str, made: &Value, expected: &Value) -> Option<String> {
    match (made, expected) {
        (Value::Object(made), Value::Object(expected)) => {
            let names: BTreeSet<_> = made.keys().chain(expected.keys()).collect();
            names.into_iter().find_map(|name| {
                let of = |map: &serde_json::Map<String, Value>| map.get(name).cloned();
                let null = || Value::String("(nothing)".to_owned());
                difference(
                    &format!("{at}/{name}"),
                    &of(made).unwrap_or_else(null),
                    &of(expected).unwrap_or_else(null),
                )
            })
        }
        (Value::Array(made), Value::Array(expected)) if made.len() == expected.len() => made
            .iter()
            .zip(expected)
            .zip(0..)
            .find_map(|((made, expected), number)| {
                difference(&format!("{at}/{number}"), made, expected)
            }),
        _ => (made != expected).then(|| format!("{at} is {made}, not {expected}")),
    }
}

#[test]
fn a_second_time_changes_nothing() {
    let mut seen = 0;
    for case in cases() {
        let injected = case.join("injected.yaml");
        if injected.exists() {
            let again = inject(&yaml(&injected), "shop", &settings(&case));
            assert_eq!(again, Ok(None), "{}", case.display());
            seen += 1;
        }
    }
    assert!(seen >= 8, "{seen} cases");
}

#[test]
fn no_text_holds_a_value_and_no_warning_is_cut() {
    for known in KNOWN.iter().filter(|known| known.for_people) {
        let canary = "CANARY value!/";
        let pod = serde_json::json!({
            "metadata": { "annotations": {
                format!("{PREFIX}/inject"): "true", format!("{PREFIX}/{}", known.name): canary,
            }},
            "spec": { "containers": [{ "name": "app" }] },
        });
        let mut settings = settings(Path::new("none"));
        settings.allow_image = true;
        match inject(&pod, "shop", &settings) {
            Err(error) if known.name == "containers" => {
                // A name of the pod's own; there is none such.
                assert!(error.to_string().contains("no container"), "{error}");
            }
            Err(error) => assert!(!error.to_string().contains("CANARY"), "{error}"),
            Ok(made) => assert_eq!(known.name, "config", "{made:?}"),
        }
    }
    for case in cases() {
        let warnings = fs::read_to_string(case.join("warnings.txt")).unwrap_or_default();
        for warning in warnings.lines() {
            assert!(warning.len() < 120, "{warning}");
        }
    }
}

/// docs/sidecar-injector.md has a row for each annotation, and no other.
#[test]
fn the_page_knows_all_annotations() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sidecar-injector.md");
    let page = fs::read_to_string(page).unwrap();
    let rows = |from: &str| {
        let (_, rest) = page.split_once(from).unwrap();
        let (table, _) = rest.split_once("\n## ").unwrap();
        table
            .lines()
            .filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned()))
            .collect::<Vec<_>>()
    };
    let names: Vec<_> = KNOWN.iter().map(|known| known.name).collect();
    assert_eq!(rows("\n## Annotations\n"), names);
}

/// The page's example becomes what the page shows of it.
#[test]
fn the_pages_example_is_taken() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sidecar-injector.md");
    let page = fs::read_to_string(page).unwrap();
    let (_, rest) = page.split_once("```yaml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let objects: Vec<Value> = serde_saphyr::from_multiple(example).unwrap();
    let deployment = objects
        .iter()
        .find(|object| object["kind"] == "Deployment")
        .unwrap();
    let mut settings = settings(Path::new("none"));
    settings.uid = Some("1234567890123456".parse().unwrap());
    settings.cluster_id = Some("c0123456789abcdef".parse().unwrap());
    let injected = inject(&deployment["spec"]["template"], "shop", &settings);
    let injected = injected.unwrap().unwrap();
    assert!(injected.warnings.is_empty(), "{:?}", injected.warnings);
    let agent = &injected.pod["spec"]["initContainers"][0];
    assert_eq!(
        agent["env"][1]["value"],
        "acs:ram::1234567890123456:role/shop-api"
    );
}
