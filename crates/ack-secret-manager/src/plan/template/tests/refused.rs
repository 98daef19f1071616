//! What is left out, and that no error tells a value.

use super::{
    CANARY, Data, SourceKind, Sources, Template, TemplateError, TemplateFrom, TemplateItem,
    TemplateSource, Value, data, failure, now, one, render, rendered, seed, template,
};

/// Reference k8s-sync §2 item 19.
#[test]
fn the_environment_and_names_are_out_of_reach() {
    for (source, wanted) in [
        (r#"{{ env "HOME" }}"#, "operator's environment"),
        (r#"{{ expandenv "$HOME" }}"#, "operator's environment"),
        (r#"{{ getHostByName "localhost" }}"#, "resolves no names"),
        (
            r#"{{ if false }}{{ env "HOME" }}{{ end }}"#,
            "operator's environment",
        ),
        (r#"{{ genCA "x" 1 }}"#, "cert-manager"),
        (r#"{{ genPrivateKey "rsa" }}"#, "cert-manager"),
        ("{{ nonsense }}", "not defined"),
    ] {
        let error = rendered(&template([("key", source)]), &Data::new());
        let error = error.expect_err("no template").to_string();
        assert!(
            error.contains(wanted) && error.contains("data \"key\""),
            "{error}"
        );
        assert!(error.contains("line 1"), "{error}");
    }
}

/// Each of them fails with the canary at hand (`failure` looks for it).
#[test]
fn errors_tell_no_value() {
    for source in [
        "{{ .secret.field }}",
        "{{ index .secret 100 }}",
        "{{ index (list 1) .secret }}",
        "{{ index (dict .secret 1) 1 }}",
        "{{ fail .secret }}",
        r#"{{ fail (printf "no: %s" .secret) }}"#,
        "{{ mustFromJson .secret }}",
        "{{ .secret | b64dec }}",
        "{{ .secret | b32dec }}",
        "{{ div .secret 0 }}",
        "{{ until .secret }}",
        "{{ range .secret }}{{ end }}",
        "{{ lt .secret 1 }}",
        "{{ eq .secret 1 }}",
        "{{ len 1 | index .secret }}",
        "{{ template \"nothing\" .secret }}",
        "{{ mustRegexMatch (print \"(\" .secret) \"x\" }}",
        "{{ regexFind (print \"(\" .secret) \"x\" }}",
        "{{ semver .secret }}",
        "{{ semverCompare .secret \"1.0.0\" }}",
        "{{ mustToDate .secret .secret }}",
        "{{ mustDateModify .secret now }}",
        "{{ dateInZone \"2006\" now .secret }}",
        "{{ urlParse (print \"http://a b\" .secret) }}",
        "{{ urlJoin (dict \"userinfo\" (print \"/\" .secret)) }}",
        "{{ derivePassword 1 .secret \"a\" \"b\" \"c\" }}",
        "{{ decryptAES .secret .secret }}",
        "{{ htpasswd (print .secret \":\") \"x\" }}",
        "{{ bcrypt (repeat 9 .secret) }}",
        "{{ dig .secret \"a\" \"b\" (dict .secret 1) }}",
        "{{ first .secret }}",
        "{{ slice (list .secret) 9 }}",
        "{{ set .secret \"a\" 1 }}",
        "{{ .secret | upper 1 }}",
        "{{ ternary .secret .secret .secret }}",
        "{{ call .secret }}",
        "{{ repeat -1 .secret }}",
        "{{ substr 100 200 .secret }}",
        "{{ printf 1 .secret }}",
        "{{ toJson (divf 1 0) .secret }}",
        "{{ randInt 1 0 }}{{ .secret }}",
    ] {
        let what = failure(source);
        assert!(what.contains("line 1"), "{source}: {what}");
    }
}

#[test]
fn a_fault_says_its_line_and_function() {
    let what = failure("a\nb\n{{ .x | upper }} {{ .x\n | atoi | upper }}");
    assert!(what.starts_with("data \"out\": line "), "{what}");
    assert!(
        what.contains("upper: argument 1 is int, not string"),
        "{what}"
    );
}

/// A template in a Secret may hold what nobody else is to see; its text is not quoted.
#[test]
fn texts_of_secrets_are_not_quoted() {
    let from = |kind| {
        let source = Some(TemplateSource {
            name: "texts".to_owned(),
            items: vec![TemplateItem {
                key: "a".to_owned(),
                template_as: None,
            }],
        });
        let from = match kind {
            SourceKind::Secret => TemplateFrom {
                secret: source,
                ..TemplateFrom::default()
            },
            SourceKind::ConfigMap => TemplateFrom {
                config_map: source,
                ..TemplateFrom::default()
            },
        };
        let template = Template {
            template_from: vec![from],
            ..Template::default()
        };
        let mut sources = Sources::default();
        let text = format!("{{{{ {} \"", CANARY.replace('-', ""));
        sources.insert(kind, "texts", "a", Value::new(text.into_bytes()));
        let error = render(&template, &Data::new(), &sources, &seed(), now());
        error.expect_err("no template").to_string()
    };
    let told = from(SourceKind::Secret);
    assert!(
        !told.contains("canary") && told.contains("line 1"),
        "{told}"
    );
    assert!(told.contains("Secret \"texts\", key \"a\""), "{told}");
    assert!(from(SourceKind::ConfigMap).contains("line 1"));
}

#[test]
fn debug_shows_no_value() {
    let templated = rendered(
        &template([("a", "{{ .secret }}")]),
        &data([("secret", CANARY)]),
    );
    let shown = format!("{templated:?} {:?}", seed());
    assert!(
        !shown.contains(CANARY) && !shown.contains("7, 7"),
        "{shown}"
    );
    let error = TemplateError::Missing {
        kind: SourceKind::ConfigMap,
        name: "texts".to_owned(),
        key: "a".to_owned(),
    };
    assert!(
        error
            .to_string()
            .contains("there is no ConfigMap \"texts\" with a key \"a\"")
    );
    assert!(one("{{ .secret }}", &data([("secret", CANARY)])).is_ok());
}
