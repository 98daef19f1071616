//! The Secret that is written, and its templates.

use std::collections::BTreeMap;

use super::Fields;
use crate::api::{
    MergePolicy, ObjectLabels, Target, Template, TemplateAs, TemplateFrom, TemplateItem,
    TemplateSource, TemplateTarget,
};

/// Functions of external-secrets.io's templates that ours do not have.
const MISSING: [&str; 12] = [
    "pkcs12key",
    "pkcs12cert",
    "pemToPkcs12",
    "fullPemToPkcs12",
    "pemTruststoreToPKCS12",
    "filterPEM",
    "filterCertChain",
    "jwkPublicKeyPem",
    "jwkPrivateKeyPem",
    "rsaDecrypt",
    "certSANs",
    "getSecretKey",
];

/// What a target comes to.
pub(super) struct Converted {
    pub(super) target: Option<Target>,
    /// The Secret's type.
    pub(super) secret_type: String,
}

/// `spec.target`.
pub(super) fn convert(fields: &mut Fields<'_>) -> Converted {
    let converted = fields.within("target", |fields| {
        fields.only("creationPolicy", &["Owner"], "the Secret is written as with Owner");
        fields.only(
            "deletionPolicy",
            &["Retain"],
            "the Secret keeps its last good values; --cleanup-secret-on-failure deletes it when all entries fail",
        );
        if fields.take("immutable").is_some_and(|value| value == true) {
            fields.lose_field("immutable", "is not carried over; the Secret stays changeable");
        }
        let name = fields.text("name").unwrap_or_default();
        let (template, secret_type) = fields.within("template", template).unwrap_or_default();
        let target = Target { name, template };
        Converted {
            target: Some(target).filter(|target| *target != Target::default()),
            secret_type,
        }
    });
    converted.unwrap_or(Converted {
        target: None,
        secret_type: String::new(),
    })
}

fn template(fields: &mut Fields<'_>) -> (Option<Template>, String) {
    fields.only("engineVersion", &["v2"], "templates are read as v2's");
    let secret_type = fields.text("type").unwrap_or_default();
    let metadata = fields.within("metadata", |fields| ObjectLabels {
        labels: fields.map("labels"),
        annotations: fields.map("annotations"),
    });
    let data = fields.map("data");
    for (key, text) in &data {
        check(fields, &format!("data.{key}"), text);
    }
    let merge_policy = match fields.text("mergePolicy").as_deref() {
        Some("Merge") => Some(MergePolicy::Merge),
        _ => None,
    };
    let template = Template {
        data,
        merge_policy,
        metadata: metadata.filter(|metadata| *metadata != ObjectLabels::default()),
        secret_type: String::new(),
        template_from: fields.each("templateFrom", template_from),
    };
    let says_something = template != Template::default();
    (says_something.then_some(template), secret_type)
}

fn template_from(fields: &mut Fields<'_>) -> Option<TemplateFrom> {
    let target = match fields.text("target").as_deref() {
        None | Some("Data") => None,
        Some("Annotations") => Some(TemplateTarget::Annotations),
        Some("Labels") => Some(TemplateTarget::Labels),
        Some(_) => {
            fields.lose("is left out: its target is neither Data, Annotations nor Labels");
            fields.discard();
            return None;
        }
    };
    let literal = fields.text("literal").unwrap_or_default();
    check(fields, "literal", &literal);
    if !literal.is_empty() && target.is_none() {
        fields.note(
            "literal",
            "gave keys and values; here its result is one value, under the key literal",
        );
    }
    Some(TemplateFrom {
        config_map: fields.within("configMap", source),
        secret: fields.within("secret", source),
        literal,
        target,
    })
}

fn source(fields: &mut Fields<'_>) -> TemplateSource {
    TemplateSource {
        name: fields.text("name").unwrap_or_default(),
        items: fields.each("items", |fields| {
            Some(TemplateItem {
                key: fields.text("key").unwrap_or_default(),
                template_as: match fields.text("templateAs").as_deref() {
                    Some("KeysAndValues") => Some(TemplateAs::KeysAndValues),
                    _ => None,
                },
            })
        }),
    }
}

/// Tells of functions that ours do not have.
fn check(fields: &mut Fields<'_>, name: &str, text: &str) {
    for function in MISSING {
        if text.contains(function) {
            fields.lose_field(
                name,
                &format!("uses {function}, which templates here do not have"),
            );
        }
    }
}

/// Labels or annotations without what tools wrote there for themselves.
pub(super) fn kept(mut labels: BTreeMap<String, String>) -> BTreeMap<String, String> {
    labels.remove("kubectl.kubernetes.io/last-applied-configuration");
    labels
}
