//! What becomes of what templates give (reference k8s-sync §4 cases 27 and 28, asm's guide).

use std::collections::BTreeMap;

use super::{
    Data, MergePolicy, ObjectLabels, SourceKind, Sources, Template, TemplateAs, TemplateError,
    TemplateFrom, TemplateItem, TemplateSource, TemplateTarget, Value, data, now, render, rendered,
    seed, template, texts, wanted,
};

const URL: &str = "u:{{ .user }}@{{ .pass | b64enc }}";

fn account() -> Data {
    data([("user", "tom"), ("pass", "secret")])
}

fn from_config_map(
    key: &str,
    template_as: Option<TemplateAs>,
    target: Option<TemplateTarget>,
) -> TemplateFrom {
    TemplateFrom {
        config_map: Some(TemplateSource {
            name: "texts".to_owned(),
            items: vec![TemplateItem {
                key: key.to_owned(),
                template_as,
            }],
        }),
        target,
        ..TemplateFrom::default()
    }
}

fn sources(key: &str, text: &str) -> Sources {
    let mut sources = Sources::default();
    sources.insert(SourceKind::ConfigMap, "texts", key, Value::new(text.into()));
    sources
}

fn map<const N: usize>(entries: [(&str, &str); N]) -> BTreeMap<String, String> {
    let entries = entries.into_iter();
    entries
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn replace_keeps_only_what_templates_make() {
    let templated = rendered(&template([("url", URL)]), &account()).expect("a result");
    assert_eq!(
        texts(&templated.data),
        [("url", "u:tom@c2VjcmV0".to_owned())]
    );
    assert_eq!(templated.managed_keys, ["url"]);
    assert_eq!(templated.secret_type, None);
    assert!(templated.warnings.is_empty() && templated.annotations.is_empty());
}

#[test]
fn merge_keeps_the_raw_keys_and_writes_over_them() {
    let template = Template {
        merge_policy: Some(MergePolicy::Merge),
        secret_type: "kubernetes.io/basic-auth".to_owned(),
        ..template([("url", URL), ("user", "{{ .user | upper }}")])
    };
    let templated = rendered(&template, &account()).expect("a result");
    let expected = [
        ("pass", "secret"),
        ("url", "u:tom@c2VjcmV0"),
        ("user", "TOM"),
    ];
    assert_eq!(
        texts(&templated.data),
        expected.map(|(key, text)| (key, text.to_owned()))
    );
    assert_eq!(templated.managed_keys, ["url", "user"]);
    assert_eq!(
        templated.secret_type.as_deref(),
        Some("kubernetes.io/basic-auth")
    );
}

#[test]
fn lines_become_keys() {
    let template = Template {
        template_from: vec![from_config_map(
            "app.env",
            Some(TemplateAs::KeysAndValues),
            None,
        )],
        ..Template::default()
    };
    let sources = sources("app.env", "A={{ .user }}\nB=2\n\nno pair\n C = a=b \r\n=x");
    let templated = render(&template, &account(), &sources, &seed(), now()).expect("a result");
    let expected = [("A", "tom"), ("B", "2"), ("C", "a=b")];
    assert_eq!(
        texts(&templated.data),
        expected.map(|(key, text)| (key, text.to_owned()))
    );
    assert_eq!(templated.managed_keys, ["A", "B", "C"]);
}

#[test]
fn values_lie_under_their_own_key_and_literals_under_theirs() {
    let literal = TemplateFrom {
        literal: "{{ .user }}!".to_owned(),
        ..TemplateFrom::default()
    };
    let template = Template {
        template_from: vec![from_config_map("file.conf", None, None), literal],
        ..template([("file.conf", "is written over"), ("z", "1")])
    };
    let sources = sources("file.conf", "user={{ .user }}\n");
    let templated = render(&template, &account(), &sources, &seed(), now()).expect("a result");
    let expected = [("file.conf", "user=tom\n"), ("literal", "tom!"), ("z", "1")];
    assert_eq!(
        texts(&templated.data),
        expected.map(|(key, text)| (key, text.to_owned()))
    );
    assert_eq!(templated.managed_keys, ["file.conf", "literal", "z"]);
}

#[test]
fn templates_for_metadata_alone_leave_the_data() {
    for target in [TemplateTarget::Labels, TemplateTarget::Annotations] {
        let template = Template {
            template_from: vec![from_config_map(
                "m",
                Some(TemplateAs::KeysAndValues),
                Some(target),
            )],
            ..Template::default()
        };
        let sources = sources("m", "team={{ .user }}");
        let templated = render(&template, &account(), &sources, &seed(), now()).expect("a result");
        assert_eq!(templated.data.len(), 2);
        assert!(templated.managed_keys.is_empty());
        let (labels, annotations) = (templated.labels.len(), templated.annotations.len());
        let expected = if target == TemplateTarget::Labels {
            (1, 0)
        } else {
            (0, 1)
        };
        assert_eq!((labels, annotations), expected);
    }
}

#[test]
fn a_template_without_templates_changes_nothing() {
    let templated = rendered(&Template::default(), &account()).expect("a result");
    assert_eq!(templated.data.len(), 2);
    assert!(templated.managed_keys.is_empty());
}

/// Reference k8s-sync §2 item 19: the original drops the first four.
#[test]
fn metadata_has_all_keys_that_kubernetes_takes() {
    let long = "x".repeat(64);
    let labels = map([
        ("Team", "{{ .user }}"),
        ("app.kubernetes.io/Name_x.y", "a"),
        ("a_b", ""),
        ("UPPER.example", "1"),
        ("-a", "1"),
        ("a b", "1"),
        ("Bad.Domain/x", "1"),
        ("/x", "1"),
        ("value", "no value of a label"),
    ]);
    let annotations = map([
        ("Upper.Domain/x", "any text: ü\n"),
        (&long, "1"),
        ("a/b/c", "1"),
    ]);
    let template = Template {
        metadata: Some(ObjectLabels {
            labels,
            annotations,
        }),
        ..Template::default()
    };
    let templated = rendered(&template, &account()).expect("a result");
    let expected = map([
        ("Team", "tom"),
        ("UPPER.example", "1"),
        ("a_b", ""),
        ("app.kubernetes.io/Name_x.y", "a"),
    ]);
    assert_eq!(templated.labels, expected);
    assert_eq!(
        templated.annotations,
        map([("Upper.Domain/x", "any text: ü\n")])
    );
    assert_eq!(templated.warnings.len(), 7, "{:#?}", templated.warnings);
    assert_eq!(templated.data.len(), 2);
}

#[test]
fn what_fails_is_left_out_and_named() {
    let template = Template {
        metadata: Some(ObjectLabels {
            labels: map([("l", "{{ fail .pass }}")]),
            annotations: map([("a", "{{ .pass.x }}")]),
        }),
        ..template([
            ("bad", "{{ .pass | atoi | upper }}"),
            ("bad/key", "x"),
            ("..", "x"),
            ("good", "1"),
        ])
    };
    let templated = rendered(&template, &account()).expect("a result");
    assert_eq!(texts(&templated.data), [("good", "1".to_owned())]);
    assert_eq!(templated.managed_keys, ["good"]);
    let told = templated.warnings.join("\n");
    for name in [
        "data \"bad\"",
        "data \"bad/key\"",
        "data \"..\"",
        "label \"l\"",
        "annotation \"a\"",
    ] {
        assert!(told.contains(name), "{told}");
    }
    assert_eq!(templated.warnings.len(), 5);
    assert!(!told.contains("secret"), "{told}");
}

/// Keys that came out of a template may be pieces of values.
#[test]
fn keys_that_a_template_gave_are_not_quoted() {
    let template = Template {
        template_from: vec![from_config_map("m", Some(TemplateAs::KeysAndValues), None)],
        ..Template::default()
    };
    let sources = sources("m", "{{ .pass }} x={{ .pass }}\ngood=1");
    let templated = render(&template, &account(), &sources, &seed(), now()).expect("a result");
    assert_eq!(texts(&templated.data), [("good", "1".to_owned())]);
    let told = templated.warnings.join("\n");
    assert!(
        told.contains("ConfigMap \"texts\", key \"m\"") && !told.contains("secret"),
        "{told}"
    );
}

#[test]
fn sources_are_named_once_and_missed_by_name() {
    let secret = TemplateFrom {
        secret: from_config_map("k", None, None).config_map,
        ..TemplateFrom::default()
    };
    let template = Template {
        template_from: vec![
            secret,
            from_config_map("a", None, None),
            from_config_map("b", None, None),
            TemplateFrom::default(),
        ],
        ..Template::default()
    };
    let names = [
        (SourceKind::ConfigMap, "texts".to_owned()),
        (SourceKind::Secret, "texts".to_owned()),
    ];
    assert_eq!(wanted(&template), names);
    let error = rendered(&template, &account()).expect_err("no source");
    let expected = TemplateError::Missing {
        kind: SourceKind::Secret,
        name: "texts".to_owned(),
        key: "k".to_owned(),
    };
    assert_eq!(error, expected);
}

/// Of a failed source nobody knows which keys are missing now, so nothing is written.
#[test]
fn a_failed_source_is_fatal() {
    let template = Template {
        template_from: vec![from_config_map("m", None, None)],
        ..Template::default()
    };
    let error = render(
        &template,
        &account(),
        &sources("m", "{{ fail .pass }}"),
        &seed(),
        now(),
    );
    let error = error.expect_err("a failure");
    assert!(matches!(error, TemplateError::Failed { .. }), "{error:?}");
    assert!(!error.to_string().contains("secret"));
}

/// What one template sets in its data no other sees.
#[test]
fn templates_do_not_see_one_another() {
    let template = template([
        ("a", r#"{{ $_ := set . "user" "x" }}{{ .user }}"#),
        ("b", "{{ .user }}"),
    ]);
    let templated = rendered(&template, &account()).expect("a result");
    assert_eq!(
        texts(&templated.data),
        [("a", "x".to_owned()), ("b", "tom".to_owned())]
    );
}

#[test]
fn bytes_pass_unchanged() {
    let all: Vec<u8> = (0..=255).collect();
    let data = Data::from([("bytes".to_owned(), Value::new(all.clone()))]);
    let template = template([
        ("a", "{{ .bytes }}"),
        ("b", "{{ .bytes | b64enc | b64dec }}"),
    ]);
    let templated = rendered(&template, &data).expect("a result");
    assert_eq!(templated.data["a"].expose(), &all);
    assert_eq!(templated.data["b"].expose(), &all);
}
