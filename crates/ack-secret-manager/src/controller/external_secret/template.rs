//! What templates make of the data.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use kms_types::Secret;
use kube::ResourceExt as _;
use sha2::{Digest as _, Sha256};

use super::One;
use crate::{
    api::{SyncStatus, Template},
    apply::Desired,
    plan::{
        Data, Outcome,
        template::{self, Seed, SourceKind, Sources, Templated},
    },
    triggers::{Dependant, ObjectName},
};

/// When the inputs of each template were first as they are: what a template writes of the time is
/// that moment, and not another one each time it is rendered (reference k8s-sync §2.19).
#[derive(Debug, Default)]
pub(crate) struct Moments(std::sync::Mutex<HashMap<ObjectName, ([u8; 32], Timestamp)>>);

/// The keys that templates made, as the original says them.
const MANAGED_KEYS: &str = "ack-alibabacloud.com/managed-keys";

/// What the original calls templates that failed for one key each.
const WARNINGS: &str = "template_processing_warnings";

// === impl One ===

impl One<'_> {
    /// What the template makes of the data.
    ///
    /// # Errors
    /// Why nothing may be written, in a sentence that holds no value.
    pub(super) async fn render(
        &self,
        template: &Template,
        data: &Data,
    ) -> Result<Templated, String> {
        let sources = self.sources(Some(template)).await?;
        let uid = self.object.uid().unwrap_or_default();
        let seed = seed(&uid, template, data);
        let now = self
            .context
            .moments
            .of(&self.name, seed, self.context.clock.now());
        let (template, data) = (template.clone(), data.clone());
        // Hashes of passwords take their time, and others are not to wait for them.
        let rendered = tokio::task::spawn_blocking(move || {
            template::render(&template, &data, &sources, &Seed(seed), now)
        });
        match rendered.await {
            Ok(rendered) => rendered.map_err(|error| error.to_string()),
            Err(_panicked) => Err("the template could not be rendered".to_owned()),
        }
    }

    /// Reads what templates are taken from; from now on, a change there has this one looked at.
    pub(super) async fn sources(&self, template: Option<&Template>) -> Result<Sources, String> {
        let who = Dependant::ExternalSecret(self.name.clone());
        let wanted = template.map(template::wanted).unwrap_or_default();
        let mut sources = Sources::default();
        let (mut config_maps, mut secrets) = (BTreeSet::new(), BTreeSet::new());
        for (kind, name) in wanted {
            let name = ObjectName::new(&self.name.namespace, &name);
            match kind {
                SourceKind::ConfigMap => {
                    let map = self.context.config_maps.get(&who, &name).await?;
                    for (key, text) in map.iter().flat_map(|map| &map.0) {
                        let text = Secret::new(text.clone().into_bytes());
                        sources.insert(kind, &name.name, key, text);
                    }
                    config_maps.insert(name);
                }
                SourceKind::Secret => {
                    let secret = self.context.secrets.get(&who, &name).await?;
                    for (key, text) in secret.iter().flat_map(|secret| &secret.0) {
                        sources.insert(kind, &name.name, key, text.clone());
                    }
                    secrets.insert(name);
                }
            }
        }
        self.context.config_maps.keep(&who, &config_maps);
        self.context.secrets.keep(&who, &secrets);
        Ok(sources)
    }
}

/// Puts what a template made in the place of the data.
pub(super) fn put(templated: Templated, desired: &mut Desired, outcomes: &mut Vec<Outcome>) {
    if !templated.warnings.is_empty() {
        outcomes.push(Outcome::new(
            WARNINGS,
            SyncStatus::Warning,
            templated.warnings.join("; "),
        ));
    }
    desired.data = templated.data;
    desired.labels = templated.labels;
    desired.annotations = templated.annotations;
    if !templated.managed_keys.is_empty() {
        let keys = templated.managed_keys.join(",");
        desired.annotations.insert(MANAGED_KEYS.to_owned(), keys);
    }
    if let Some(secret_type) = templated.secret_type {
        desired.secret_type = secret_type;
    }
}

/// Of the object and all that goes into its template: the same for as long as these are.
fn seed(uid: &str, template: &Template, data: &Data) -> [u8; 32] {
    let mut digest = Sha256::new();
    let mut part = |bytes: &[u8]| {
        digest.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(bytes);
    };
    part(uid.as_bytes());
    // A template is text and lists of text, which serialise.
    part(&serde_json::to_vec(template).unwrap_or_default());
    for (key, value) in data {
        part(key.as_bytes());
        // EXPOSE: into a digest that stays in this process.
        part(value.expose());
    }
    digest.finalize().into()
}

// === impl Moments ===

impl Moments {
    fn of(&self, name: &ObjectName, inputs: [u8; 32], now: Timestamp) -> Timestamp {
        let mut moments = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        match moments.get(name) {
            Some((known, since)) if *known == inputs => *since,
            _ => {
                moments.insert(name.clone(), (inputs, now));
                now
            }
        }
    }

    /// Nobody asks any more.
    pub(super) fn forget(&self, name: &ObjectName) {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .remove(name);
    }
}
