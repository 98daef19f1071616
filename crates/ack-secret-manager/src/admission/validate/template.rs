//! Templates: those that an object holds itself. What lies in ConfigMaps and Secrets is read when it is
//! rendered.

use super::{
    findings::{Findings, said},
    schema::field,
};
use crate::{
    api,
    plan::template::{
        check,
        names::{is_annotation_key, is_domain, is_label_key, is_secret_key},
    },
};

pub(super) fn look(at: &str, template: &api::Template, findings: &mut Findings) {
    let data = format!("{at}.data");
    for (key, source) in &template.data {
        let at = field(&data, key);
        source_of(&at, source, findings);
        if !is_secret_key(key) {
            findings.warn(at, "a Secret takes no such key; this template is left out");
        }
    }
    let metadata = template.metadata.as_ref();
    let labels = metadata.map(|metadata| ("labels", &metadata.labels));
    let annotations = metadata.map(|metadata| ("annotations", &metadata.annotations));
    for (name, templates) in labels.into_iter().chain(annotations) {
        for (key, source) in templates {
            let at = field(&format!("{at}.metadata.{name}"), key);
            source_of(&at, source, findings);
            let is_key = match name {
                "labels" => is_label_key(key),
                _ => is_annotation_key(key),
            };
            if !is_key {
                findings.warn(
                    at,
                    "Kubernetes takes no such key; this template is left out",
                );
            }
        }
    }
    for (index, from) in template.template_from.iter().enumerate() {
        self::from(&format!("{at}.templateFrom[{index}]"), from, findings);
    }
}

fn from(at: &str, from: &api::TemplateFrom, findings: &mut Findings) {
    // The first of these counts, as in the original.
    let mut taken = None;
    for (name, source) in [("configMap", &from.config_map), ("secret", &from.secret)] {
        let Some(source) = source else {
            continue;
        };
        let at = format!("{at}.{name}");
        if let Some(other) = taken {
            findings.warn(at, format!("is of no effect beside {other}"));
        } else {
            taken = Some(name);
            lying(&at, source, findings);
        }
    }
    match taken {
        Some(other) if !from.literal.is_empty() => {
            let text = format!("is of no effect beside {other}");
            findings.warn(format!("{at}.literal"), text);
        }
        Some(_) => {}
        None if from.literal.is_empty() => {
            findings.warn(at, "says nothing; fill in configMap, secret or literal");
        }
        None => source_of(&format!("{at}.literal"), &from.literal, findings),
    }
}

/// In a ConfigMap or a Secret: nothing at all is written without it.
fn lying(at: &str, source: &api::TemplateSource, findings: &mut Findings) {
    if !is_domain(&source.name) {
        findings.mistake(format!("{at}.name"), "nothing can be called so");
    }
    if source.items.is_empty() {
        findings.warn(
            format!("{at}.items"),
            "is empty, and no template is taken from there",
        );
    }
    for (index, item) in source.items.iter().enumerate() {
        if !is_secret_key(&item.key) {
            findings.mistake(
                format!("{at}.items[{index}].key"),
                "no key can be called so",
            );
        }
    }
}

fn source_of(at: &str, source: &str, findings: &mut Findings) {
    if let Err(error) = check(source) {
        let text = said(&error.what);
        if error.left_out {
            // The original has it, and its objects are to be taken.
            findings.warn(at, format!("nothing is written: {text}"));
        } else {
            findings.mistake(at, format!("is no template: {text}"));
        }
    }
}
