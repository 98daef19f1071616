use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use kms_service::Delivery;
use kms_wire::request::ChannelKind;

use super::{
    Receiver,
    file::Lines,
    hook::{For, Hook},
};

/// Where findings go, by what channels name.
pub(super) struct Deliveries {
    /// The data folder's `deliveries`.
    pub(super) folder: PathBuf,
    /// Programs by the ARN that channels name.
    pub(super) hooks: BTreeMap<String, Hook>,
}

// === impl Deliveries ===

impl Deliveries {
    /// The program that the configuration names for it, or a file.
    pub(super) fn of(&self, delivery: &Delivery) -> Arc<dyn Receiver> {
        let has_text = delivery.kind == ChannelKind::Mns;
        let id = delivery.channel.clone();
        match self.hooks.get(&delivery.target) {
            Some(hook) => Arc::new(Hook {
                is_for: For::Channel { id, has_text },
                ..hook.clone()
            }),
            None => Arc::new(Lines {
                folder: self.folder.clone(),
                channel: id,
                has_text,
            }),
        }
    }
}
