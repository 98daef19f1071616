//! What templates make of the data.

use std::collections::{BTreeMap, BTreeSet};

use super::One;
use crate::{
    api::Template,
    plan::Data,
    triggers::{Dependant, ObjectName},
};

/// Templates that are kept in ConfigMaps and Secrets of the ExternalSecret's namespace.
#[derive(Default)]
pub(super) struct Kept {
    config_maps: BTreeMap<String, BTreeMap<String, String>>,
    secrets: BTreeMap<String, Data>,
}

// === impl One ===

impl One<'_> {
    /// Reads what the template is taken from; from now on, a change there has this one looked at.
    pub(super) async fn kept_templates(&self, template: Option<&Template>) -> Result<Kept, String> {
        let who = Dependant::ExternalSecret(self.name.clone());
        let within = |name: &str| ObjectName::new(&self.name.namespace, name);
        let from = template.map(|template| template.template_from.as_slice());
        let from = from.unwrap_or_default();
        let mut kept = Kept::default();
        let (mut config_maps, mut secrets) = (BTreeSet::new(), BTreeSet::new());
        for source in from.iter().filter_map(|from| from.config_map.as_ref()) {
            let name = within(&source.name);
            config_maps.insert(name.clone());
            if let Some(map) = self.context.config_maps.get(&who, &name).await? {
                kept.config_maps.insert(name.name, map.0.clone());
            }
        }
        for source in from.iter().filter_map(|from| from.secret.as_ref()) {
            let name = within(&source.name);
            secrets.insert(name.clone());
            if let Some(secret) = self.context.secrets.get(&who, &name).await? {
                kept.secrets.insert(name.name, secret.0.clone());
            }
        }
        self.context.config_maps.keep(&who, &config_maps);
        self.context.secrets.keep(&who, &secrets);
        Ok(kept)
    }
}
