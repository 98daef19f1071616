//! Every manifest there is: those that the suite applies, those that documentation shows, and what
//! `convert` makes.

use super::*;

/// What is said of each: `tests/validate.txt` has a line for every object of which anything is.
#[test]
fn whatever_worked_is_taken() {
    let mut said = String::new();
    let mut seen = 0;
    for path in manifests() {
        let text = fs::read_to_string(&path).unwrap().replace("$NS", "ns");
        let is_page = path.extension().is_some_and(|name| name == "md");
        let texts = if is_page { fenced(&text) } else { vec![text] };
        let mut objects = Vec::new();
        for text in texts {
            let documents: Vec<Value> = serde_saphyr::from_multiple(&text).unwrap_or_default();
            for one in documents {
                collect(one, &mut objects);
            }
        }
        for object in objects {
            let verdict = validate(kind(&object).unwrap(), &object, None);
            let name = path
                .strip_prefix(folder("../..").canonicalize().unwrap())
                .unwrap();
            let object =
                format!("{} {}", object["kind"], object["metadata"]["name"]).replace('"', "");
            let mistakes = verdict.mistakes.iter().map(|text| ("refused", text));
            let warnings = verdict.warnings.iter().map(|text| ("warned", text));
            for (what, text) in mistakes.chain(warnings) {
                writeln!(said, "{what} {} {object}: {text}", name.display()).unwrap();
            }
            seen += 1;
        }
    }
    assert!(seen >= 100, "{seen} objects");
    let expected = fs::read_to_string(folder("tests/validate.txt")).unwrap();
    assert_eq!(said, expected);
}

fn manifests() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let root = folder("../..").canonicalize().unwrap();
    for name in [
        "crates/ack-secret-manager/tests/convert",
        "crates/ack-secret-manager/tests/manifests",
        "deploy",
        "docs",
        "suite/operator",
    ] {
        walk(&root.join(name), &mut found);
    }
    found.sort();
    found
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found);
        } else if path
            .extension()
            .is_some_and(|name| name == "yaml" || name == "md")
        {
            found.push(path);
        }
    }
}

/// What a page shows as YAML.
fn fenced(page: &str) -> Vec<String> {
    let blocks = page.split("```yaml\n").skip(1);
    blocks
        .filter_map(|block| Some(block.split_once("```")?.0.to_owned()))
        .collect()
}

/// Objects of ours, wherever they stand. Those of the suite lie in a namespace of their own.
fn collect(value: Value, into: &mut Vec<Value>) {
    if kind_is_ours(&value) {
        let mut object = value;
        let is_namespaced = !object["kind"].as_str().unwrap().starts_with("Cluster");
        if is_namespaced && object["metadata"]["namespace"].is_null() {
            object["metadata"]["namespace"] = json!("ns");
        }
        into.push(object);
        return;
    }
    match value {
        Value::Array(items) => items.into_iter().for_each(|item| collect(item, into)),
        Value::Object(fields) => fields
            .into_iter()
            .for_each(|(_, value)| collect(value, into)),
        _ => {}
    }
}

fn kind_is_ours(value: &Value) -> bool {
    value.is_object()
        && value["apiVersion"] == "alibabacloud.com/v1alpha1"
        && value["spec"].is_object()
}
