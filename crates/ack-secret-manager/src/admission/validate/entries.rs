//! Entries of `data` and `dataProcess`, each by itself.

use std::collections::BTreeMap;

use super::findings::{Finding, Findings, quoted, said};
use crate::{
    api::{DataProcess, DataSource, ExternalSecretSpec, JmesPath},
    backend::{NamedError, named},
    plan::{
        self, EntryError, EntryPolicy, Provider, Take, jmes, replace,
        template::{self, names::is_secret_key},
    },
    settings::is_kms_host,
};

/// What was found of an entry.
#[derive(Debug, Default)]
pub(super) struct Looked {
    /// Why it gives nothing, ever. Whether the object is refused for it, the others decide.
    pub(super) broken: Vec<Finding>,
    /// Whether version 0.6 passes it over as if it were not there.
    pub(super) is_skipped: bool,
}

/// Entries while they are looked at.
struct Entries<'a> {
    findings: &'a mut Findings,
    /// Which field gave a key of the Secret.
    keys: BTreeMap<String, String>,
    /// Whether keys are stored as they are given.
    are_stored: bool,
}

/// All entries, in their order; what is wrong with one and does not take all from it is told.
pub(super) fn look(
    at: &str,
    spec: &ExternalSecretSpec,
    home: Option<&str>,
    findings: &mut Findings,
) -> Vec<Looked> {
    let target = spec.target.as_ref();
    let template = target.and_then(|target| target.template.as_ref());
    let mut entries = Entries {
        findings,
        keys: BTreeMap::new(),
        are_stored: !template.is_some_and(template::replaces_data),
    };
    let policy = EntryPolicy {
        cross_namespace_stores: true,
    };
    let namespace = home.unwrap_or_default();
    let read = plan::entries(namespace, spec, policy);
    let strict = plan::entries(namespace, spec, EntryPolicy::default());
    let processes = spec.data_process.iter().enumerate();
    let places = (spec.data.iter().enumerate())
        .map(|(index, source)| (format!("{at}.data[{index}]"), Some(source), None))
        .chain(processes.map(|(index, process)| {
            let at = format!("{at}.dataProcess[{index}]");
            (at, process.extract.as_ref(), Some(process))
        }));
    let mut all = Vec::new();
    for ((place, source, process), (entry, strict)) in places.zip(read.iter().zip(&strict)) {
        let mut looked = Looked::default();
        let at = match process {
            Some(_) => format!("{place}.extract"),
            None => place.clone(),
        };
        if let Err(error) = &entry.remote {
            looked.is_skipped = matches!(error, EntryError::NoExtract(_));
            looked.broken.push(broken(&at, error));
        }
        if home.is_some() && matches!(strict.remote, Err(EntryError::CrossNamespace(_))) {
            let text = "is another one: needs --enable-cross-namespace-secret-store";
            let at = format!("{at}.secretStoreRef.namespace");
            entries.findings.warn(at, text);
        }
        if let Some(source) = source {
            let provider = entry.remote.as_ref().ok().map(|remote| remote.provider);
            entries.source(&at, source, provider, &mut looked);
            entries.take(&at, source, &entry.take, looked.broken.is_empty());
        }
        if let Some(process) = process {
            rules(&place, process, &mut looked);
        }
        all.push(looked);
    }
    all
}

/// Why an entry names nothing that could be read, at its field.
fn broken(at: &str, error: &EntryError) -> Finding {
    match error {
        EntryError::NoExtract(_) => {
            Finding::new(at, "is missing: it says which document is taken apart")
        }
        EntryError::NoKey(_) => Finding::new(
            format!("{at}.key"),
            "is empty: it names the secret in KMS or the parameter in OOS",
        ),
        EntryError::StoreName => Finding::new(
            format!("{at}.secretStoreRef.name"),
            "is empty: it names the store",
        ),
        EntryError::StoreKind(kind) => Finding::new(
            format!("{at}.secretStoreRef.kind"),
            format!(
                "is {}: it is SecretStore (also if left out) or ClusterSecretStore",
                quoted(kind)
            ),
        ),
        // Of the whole object, of the operator's flags, of another object: told elsewhere, or not
        // known here.
        EntryError::Provider(_) | EntryError::CrossNamespace(_) | EntryError::Denied { .. } => {
            Finding::new(at, said(error))
        }
    }
}

/// Rules of which one is none give no keys at all.
fn rules(at: &str, process: &DataProcess, looked: &mut Looked) {
    for (index, rule) in process.replace_rule.iter().enumerate() {
        if let Err(error) = replace::check(rule) {
            let text = format!(
                "{} is no regular expression: {}",
                quoted(&error.rule),
                error.reason
            );
            let at = format!("{at}.replaceRule[{index}].source");
            looked.broken.push(Finding::new(at, text));
        }
    }
}

// === impl Entries ===

impl Entries<'_> {
    /// Where it is read.
    fn source(
        &mut self,
        at: &str,
        source: &DataSource,
        provider: Option<Provider>,
        looked: &mut Looked,
    ) {
        let is_cluster = |kind: &str| kind == "ClusterSecretStore";
        let reference = source.secret_store_ref.as_ref();
        if reference.is_some_and(|one| is_cluster(&one.kind) && !one.namespace.is_empty()) {
            let text = "is of no effect: a ClusterSecretStore is in none";
            self.findings
                .warn(format!("{at}.secretStoreRef.namespace"), text);
        }
        if provider == Some(Provider::Oos) {
            for (name, said) in [
                ("versionId", &source.version_id),
                ("versionStage", &source.version_stage),
                ("kmsEndpoint", &source.kms_endpoint),
            ] {
                if !said.is_empty() {
                    let text = "is of no effect: it is for secrets of KMS";
                    self.findings.warn(format!("{at}.{name}"), text);
                }
            }
        } else {
            let endpoint = source.kms_endpoint.trim();
            if !endpoint.is_empty() {
                self.endpoint(&format!("{at}.kmsEndpoint"), endpoint, looked);
            }
        }
    }

    fn endpoint(&mut self, at: &str, text: &str, looked: &mut Looked) {
        match named(text, None, |one| is_kms_host(one.host())) {
            Ok(_) => {}
            Err(NamedError::NotAllowed) => {
                let text = "is no host of KMS: needs --allowed-endpoint-suffix of the operator";
                self.findings.warn(at, text);
            }
            Err(NamedError::Syntax(why)) => {
                looked.broken.push(Finding::new(at, why.to_string()));
            }
        }
    }

    /// What becomes of it. `works` if something can.
    fn take(&mut self, at: &str, source: &DataSource, take: &Take, works: bool) {
        match take {
            Take::Whole(name) if works => {
                let field = if source.name.is_empty() {
                    "key"
                } else {
                    "name"
                };
                self.key(&format!("{at}.{field}"), name);
            }
            Take::Whole(_) => {}
            Take::Parts { paths, .. } => self.parts(at, source, paths, works),
            Take::Extract { renames, .. } => {
                if !source.name.is_empty() {
                    let text = "is of no effect: the document's own keys are taken";
                    self.findings.warn(format!("{at}.name"), text);
                }
                for (index, rename) in renames.iter().enumerate() {
                    if !rename.object_alias.is_empty() && !is_secret_key(&rename.object_alias) {
                        let at = format!("{at}.jmesPath[{index}].objectAlias");
                        self.findings.warn(at, "a Secret takes no such key");
                    }
                }
            }
        }
    }

    fn parts(&mut self, at: &str, source: &DataSource, paths: &[JmesPath], works: bool) {
        for (index, path) in paths.iter().enumerate() {
            let at = format!("{at}.jmesPath[{index}]");
            // The original passes over it, or stores the whole document.
            if let Err(error) = jmes::check(&path.path) {
                self.findings.warn(format!("{at}.path"), said(&error));
            } else if works {
                let alias = &path.object_alias;
                let key = if alias.is_empty() { &source.key } else { alias };
                self.key(&format!("{at}.objectAlias"), key);
            }
        }
    }

    /// A key of the Secret, which this field gives.
    fn key(&mut self, at: &str, key: &str) {
        if self.are_stored && !is_secret_key(key) {
            let text = format!(
                "a Secret takes no key {}: letters, digits, '-', '_' and '.' alone",
                quoted(key)
            );
            self.findings.mistake(at, text);
        }
        if let Some(earlier) = self.keys.insert(key.to_owned(), at.to_owned()) {
            let text = format!("gives the same key as {earlier}, and wins");
            self.findings.warn(at, text);
        }
    }
}
