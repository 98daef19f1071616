//! Templates of Go's `text/template` over the values of a Secret, as 0.6.7 renders them (reference
//! k8s-sync §1.1 spec.target.template, §1.5 templates), without what makes the original's dangerous
//! or restless (§2 item 19): no function reads the operator's environment, chance and time come
//! from the caller, no template takes more than its share, and no text of an error holds a value.
//! What users may write is told in docs/templates.md.
//!
//! A text is taken apart by gotmpl's parser; the rest is here, for the reasons that `exec` and
//! `value` give. That both do as Go does is shown by the cases of `tests/templates`, which the suite
//! runs through Go and Sprig themselves.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use thiserror::Error;

use self::{
    budget::Budget,
    exec::Run,
    functions::{Context, Patterns},
    names::{is_annotation_key, is_label_key, is_label_value, is_secret_key},
    origin::Origin,
    program::Program,
    seed::Random,
};
use super::{Data, Value};
use crate::api;

mod budget;
mod check;
mod comments;
mod duration;
mod exec;
mod fault;
mod functions;
mod json;
mod key_values;
mod layout;
mod methods;
pub(crate) mod names;
mod num;
mod origin;
mod print;
mod printf;
mod program;
mod seed;
mod sources;
mod value;
mod version;

pub use check::{NoTemplate, check};
pub use seed::Seed;
pub use sources::{SourceKind, Sources, wanted};

/// What a template made.
#[derive(Clone, Debug, Default)]
pub struct Templated {
    /// What the Secret is to hold.
    pub data: Data,
    /// Labels to add.
    pub labels: BTreeMap<String, String>,
    /// Annotations to add.
    pub annotations: BTreeMap<String, String>,
    /// The Secret's type, if the template says one.
    pub secret_type: Option<String>,
    /// Keys of `data` that templates made, sorted: the annotation
    /// `ack-alibabacloud.com/managed-keys` lists them.
    pub managed_keys: Vec<String>,
    /// What was left out and why, for the status key `template_processing_warnings`. No value is in
    /// it.
    pub warnings: Vec<String>,
}

/// Why nothing may be written. No value is in its text.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum TemplateError {
    /// A text is no template.
    #[error("the template of {origin} cannot be read: {what}")]
    Unreadable {
        /// Whose template it is.
        origin: String,
        /// What is wrong and where; of a Secret's template only where.
        what: String,
    },
    /// What a template is to be read from is not there.
    #[error(
        "there is no {kind} {name:?} with a key {key:?}; create it or correct spec.target.template.templateFrom"
    )]
    Missing {
        /// Its kind.
        kind: SourceKind,
        /// Its name, in the object's namespace.
        name: String,
        /// The key that was looked for.
        key: String,
    },
    /// A template of templateFrom failed, of which nobody knows the keys that are missing now.
    #[error("the template of {origin} failed: {what}")]
    Failed {
        /// Whose template it is.
        origin: String,
        /// What is wrong and where.
        what: String,
    },
}

/// Renders what a template says. The seed stands for everything that the caller has put in: the
/// same seed, data and moment give the same bytes. Templates that hash passwords may take seconds:
/// not for a thread that serves others meanwhile.
///
/// # Errors
///
/// A text is no template, a source is missing, or a template of templateFrom fails. A template of
/// `data`, a label or an annotation that fails is left out and named in the warnings.
pub fn render(
    template: &api::Template,
    data: &Data,
    sources: &Sources,
    seed: &Seed,
    now: Timestamp,
) -> Result<Templated, TemplateError> {
    let mut rendering = Rendering {
        context: context_of(data),
        budget: Budget::new(),
        seed,
        now,
        managed: BTreeSet::new(),
        templated: Templated {
            data: data.clone(),
            secret_type: Some(template.secret_type.clone()).filter(|name| !name.is_empty()),
            ..Templated::default()
        },
    };
    if replaces_data(template) {
        rendering.templated.data.clear();
    }
    rendering.data(template)?;
    rendering.from(template, sources)?;
    rendering.metadata(template)?;
    rendering.templated.managed_keys = rendering.managed.into_iter().collect();
    Ok(rendering.templated)
}

/// Whether what the entries gave is not stored as it is: templates for data stand in its place.
pub(crate) fn replaces_data(template: &api::Template) -> bool {
    template.merge_policy.unwrap_or_default() == api::MergePolicy::Replace && makes_data(template)
}

/// Whether any of its templates is for data. Those for labels and annotations alone leave the data
/// as it is.
fn makes_data(template: &api::Template) -> bool {
    let is_data = |from: &api::TemplateFrom| {
        let has_source =
            from.config_map.is_some() || from.secret.is_some() || !from.literal.is_empty();
        has_source && from.target.unwrap_or_default() == api::TemplateTarget::Data
    };
    !template.data.is_empty() || template.template_from.iter().any(is_data)
}

/// A dict of strings.
fn context_of(data: &Data) -> value::Value {
    let entries = data.iter().map(|(key, value)| {
        // EXPOSE: into the templates of the object that asked for the values.
        (
            value::Text::from(key.as_bytes()),
            value::Value::text(value.expose()),
        )
    });
    value::Value::map(entries.collect())
}

/// A template while it is rendered.
struct Rendering<'a> {
    context: value::Value,
    budget: Budget,
    seed: &'a Seed,
    now: Timestamp,
    managed: BTreeSet<String>,
    templated: Templated,
}

// === impl Rendering ===

impl Rendering<'_> {
    /// What one template writes, or why it failed.
    fn execute(
        &self,
        origin: &Origin<'_>,
        source: &str,
    ) -> Result<Result<Vec<u8>, String>, TemplateError> {
        let program = Program::parse(source).map_err(|error| TemplateError::Unreadable {
            origin: origin.to_string(),
            what: origin.complaint(&error),
        })?;
        let random = Random::new(self.seed, &origin.id());
        let context = Context {
            budget: &self.budget,
            random: &random,
            now: self.now,
            patterns: Patterns::default(),
        };
        // A dict of its own, so that what one template sets no other sees.
        let data = self.context.deep_copy();
        Ok(Run::over(&program, &context, &data).map_err(|fault| fault.to_string()))
    }

    fn data(&mut self, template: &api::Template) -> Result<(), TemplateError> {
        for (key, source) in &template.data {
            let origin = Origin::Data(key);
            match self.execute(&origin, source)? {
                Ok(value) => self.put(&origin, key, value),
                Err(what) => self.warn(&origin, &what),
            }
        }
        Ok(())
    }

    fn from(&mut self, template: &api::Template, sources: &Sources) -> Result<(), TemplateError> {
        for from in &template.template_from {
            let target = from.target.unwrap_or_default();
            let source = match (&from.config_map, &from.secret) {
                (Some(source), _) => Some((SourceKind::ConfigMap, source)),
                (None, Some(source)) => Some((SourceKind::Secret, source)),
                (None, None) => None,
            };
            if let Some((kind, source)) = source {
                for item in &source.items {
                    self.item(kind, &source.name, item, target, sources)?;
                }
            } else if !from.literal.is_empty() {
                let origin = Origin::Literal;
                let value = self.whole(&origin, &from.literal)?;
                self.target(&origin, target, "literal", value);
            }
        }
        Ok(())
    }

    fn item(
        &mut self,
        kind: SourceKind,
        name: &str,
        item: &api::TemplateItem,
        target: api::TemplateTarget,
        sources: &Sources,
    ) -> Result<(), TemplateError> {
        let origin = Origin::Item {
            kind,
            name,
            key: &item.key,
        };
        let source = sources
            .get(kind, name, &item.key)
            .ok_or_else(|| TemplateError::Missing {
                kind,
                name: name.to_owned(),
                key: item.key.clone(),
            })?;
        // EXPOSE: a template that lies in a Secret, to be parsed.
        let source =
            str::from_utf8(source.expose()).map_err(|_no_text| TemplateError::Unreadable {
                origin: origin.to_string(),
                what: "it is no UTF-8".to_owned(),
            })?;
        let value = self.whole(&origin, source)?;
        match item.template_as.unwrap_or_default() {
            api::TemplateAs::Values => self.target(&origin, target, &item.key, value),
            api::TemplateAs::KeysAndValues => {
                let pairs = key_values::parse(&value, key_values::Comments::Kept);
                let pairs = pairs.filter(|(key, _)| !key.is_empty());
                for (key, value) in pairs {
                    let key = value::lossy(key);
                    self.target(&Origin::Line(&origin), target, &key, value.to_vec());
                }
            }
        }
        Ok(())
    }

    /// A template that may not fail.
    fn whole(&self, origin: &Origin<'_>, source: &str) -> Result<Vec<u8>, TemplateError> {
        self.execute(origin, source)?
            .map_err(|what| TemplateError::Failed {
                origin: origin.to_string(),
                what,
            })
    }

    fn metadata(&mut self, template: &api::Template) -> Result<(), TemplateError> {
        let Some(metadata) = &template.metadata else {
            return Ok(());
        };
        let labels = metadata
            .labels
            .iter()
            .map(|label| (api::TemplateTarget::Labels, label));
        let annotations = metadata.annotations.iter();
        let annotations = annotations.map(|each| (api::TemplateTarget::Annotations, each));
        for (target, (key, source)) in labels.chain(annotations) {
            let origin = match target {
                api::TemplateTarget::Labels => Origin::Label(key),
                _ => Origin::Annotation(key),
            };
            match self.execute(&origin, source)? {
                Ok(value) => self.target(&origin, target, key, value),
                Err(what) => self.warn(&origin, &what),
            }
        }
        Ok(())
    }

    fn target(
        &mut self,
        origin: &Origin<'_>,
        target: api::TemplateTarget,
        key: &str,
        value: Vec<u8>,
    ) {
        let is_label = match target {
            api::TemplateTarget::Data => return self.put(origin, key, value),
            api::TemplateTarget::Labels => true,
            api::TemplateTarget::Annotations => false,
        };
        let is_key = if is_label {
            is_label_key(key)
        } else {
            is_annotation_key(key)
        };
        if !is_key {
            return self.warn(origin, "Kubernetes takes no such key");
        }
        let Ok(value) = String::from_utf8(value) else {
            return self.warn(origin, "the value is no UTF-8");
        };
        if is_label && !is_label_value(&value) {
            return self.warn(origin, "Kubernetes takes no such value of a label");
        }
        let target = if is_label {
            &mut self.templated.labels
        } else {
            &mut self.templated.annotations
        };
        target.insert(key.to_owned(), value);
    }

    fn put(&mut self, origin: &Origin<'_>, key: &str, value: Vec<u8>) {
        if !is_secret_key(key) {
            return self.warn(origin, "a Secret takes no such key");
        }
        self.templated
            .data
            .insert(key.to_owned(), Value::new(value));
        self.managed.insert(key.to_owned());
    }

    fn warn(&mut self, origin: &Origin<'_>, what: &str) {
        self.templated.warnings.push(format!("{origin}: {what}"));
    }
}

#[cfg(test)]
mod tests;
