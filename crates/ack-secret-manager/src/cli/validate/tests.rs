use super::*;

const MANIFESTS: &str = "
apiVersion: v1
kind: ConfigMap
---
# nothing
---
apiVersion: alibabacloud.com/v1alpha1
kind: ExternalSecret
metadata: {name: shop}
spec:
  provider: vault
  data:
    - {key: a, name: a}
    - {key: b, name: a}
---
apiVersion: v1
kind: List
items:
  - apiVersion: alibabacloud.com/v1alpha1
    kind: SecretStore
    spec: {}
  - apiVersion: alibabacloud.com/v1
    kind: SecretStore
  - {apiVersion: alibabacloud.com/v1alpha1, kind: ExternalSecrets}
  - {apiVersion: alibabacloud.com.example/v1, kind: ExternalSecret}
";

fn report(text: &str) -> Report {
    let mut report = Report::default();
    report.file(Path::new("a.yaml"), text);
    report
}

#[test]
fn a_line_names_file_document_and_field() {
    let report = report(MANIFESTS);
    let lines = [
        "a.yaml:2: spec.provider: is \"vault\": it is kms (also if left out) or oos",
        "a.yaml:2: warning: spec.data[1].name: gives the same key as spec.data[0].name, and wins",
        "a.yaml:3: items[0]: spec: is empty; give one of KMS and OOS",
        "a.yaml:3: items[1]: apiVersion: is not alibabacloud.com/v1alpha1",
        "a.yaml:3: items[2]: kind: is none of ExternalSecret, SecretStore, ClusterSecretStore and \
         ClusterExternalSecret",
    ];
    assert_eq!(report.lines, lines);
    let summary = "4 objects, 2 of other kinds passed over: 4 mistakes, 1 warning";
    assert_eq!(report.summary(), summary);
}

#[test]
fn what_is_no_yaml_is_said_with_its_place() {
    let report = report("a: 1\nb: [CANARY");
    assert_eq!(report.mistakes, 1);
    let line = report.lines.first().unwrap();
    assert!(
        line.starts_with("a.yaml: is no YAML that can be read: line "),
        "{line}"
    );
    assert!(!line.contains("CANARY"), "{line}");
}

#[test]
fn warnings_are_whole_and_all() {
    let entries = "    - {key: k, name: a}\n".repeat(9);
    let text = format!(
        "apiVersion: alibabacloud.com/v1alpha1\nkind: ExternalSecret\nspec:\n  data:\n{entries}"
    );
    assert_eq!(report(&text).lines.len(), 8);
}
