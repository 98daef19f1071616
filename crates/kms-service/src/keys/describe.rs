use jiff::Timestamp;
use kms_store::KeyRecord;
use kms_types::KeyState;
use kms_wire::{Action, request::DescribeKey, response, write_timestamp};

use super::{state::state, write_time_or_empty};
use crate::{Caller, Service, authorise::Resource, failure::Failure};

impl Service {
    /// DescribeKey; answers for a key that waits for deletion too.
    pub(crate) async fn describe_key(
        &self,
        caller: &Caller,
        call: DescribeKey,
    ) -> Result<response::DescribeKey, Failure> {
        let key = self
            .read_key(caller, Action::DescribeKey, &call.key)
            .await?;
        let switch = if key.deletion_protection {
            "Enabled"
        } else {
            "Disabled"
        };
        Ok(response::DescribeKey {
            key_metadata: response::KeyMetadata {
                deletion_protection: Some(switch.to_owned()),
                deletion_protection_description: Some(key.protection_description.clone()),
                ..self.key_metadata(&key, self.now())
            },
        })
    }

    /// What CreateKey says of the key.
    pub(super) fn key_metadata(&self, key: &KeyRecord, now: Timestamp) -> response::KeyMetadata {
        let state = state(key, now);
        let rotates = key.rotation_seconds.is_some();
        let automatic_rotation = match (rotates, state) {
            (false, _) => "Disabled",
            (true, KeyState::Enabled) => "Enabled",
            (true, _) => "Suspended",
        };
        response::KeyMetadata {
            key_id: key.id.to_string(),
            arn: self.key_arn(key),
            key_spec: key.spec.to_string(),
            key_usage: key.usage.to_string(),
            key_state: state.to_string(),
            origin: key.origin.to_string(),
            protection_level: "SOFTWARE".to_owned(),
            creator: key.account.to_string(),
            creation_date: write_timestamp(key.created),
            description: key.description.clone(),
            primary_key_version: key.primary_version.to_string(),
            // A key that was never rotated has the date that it was made.
            last_rotation_date: write_timestamp(key.last_rotation.unwrap_or(key.created)),
            next_rotation_date: key.next_rotation.map(write_timestamp),
            automatic_rotation: automatic_rotation.to_owned(),
            rotation_interval: key.rotation_seconds.map(|seconds| format!("{seconds}s")),
            delete_date: write_time_or_empty(key.planned_delete),
            material_expire_time: write_time_or_empty(key.material_expires),
            instance_id: key.instance_id.clone(),
            deletion_protection: None,
            deletion_protection_description: None,
        }
    }

    pub(super) fn key_arn(&self, key: &KeyRecord) -> String {
        let resource = Resource::Key {
            account: &key.account,
            id: &key.id,
        };
        self.resource_arn(&key.account, resource)
    }
}
