use kms_store::{KeyVersionRecord, Mode, Page};
use kms_wire::{
    Action,
    request::{DescribeKeyVersion, ListKeyVersions},
    response, write_timestamp,
};

use super::refusal::version_not_found;
use crate::{Caller, Service, failure::Failure};

impl Service {
    /// DescribeKeyVersion.
    pub(crate) async fn describe_key_version(
        &self,
        caller: &Caller,
        call: DescribeKeyVersion,
    ) -> Result<response::KeyVersion, Failure> {
        let wish = self.wish(caller, Action::DescribeKeyVersion, &call.key);
        let id = &call.version;
        let version = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let key = self.key(tx, wish).await?;
                    let found = tx.key_versions().find(id).await?;
                    found
                        .filter(|version| version.key == key.id)
                        .ok_or_else(|| Failure::from(version_not_found()))
                })
            })
            .await?;
        Ok(response::KeyVersion {
            key_version: write_version(&version),
        })
    }

    /// ListKeyVersions, oldest first.
    pub(crate) async fn list_key_versions(
        &self,
        caller: &Caller,
        call: ListKeyVersions,
    ) -> Result<response::ListKeyVersions, Failure> {
        let wish = self.wish(caller, Action::ListKeyVersions, &call.key);
        let versions = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let key = self.key(tx, wish).await?;
                    Ok::<_, Failure>(tx.key_versions().of(&key.id).await?)
                })
            })
            .await?;
        let page = Page {
            number: call.page.number,
            size: call.page.size,
        };
        let skipped = usize::try_from(page.offset()).unwrap_or(usize::MAX);
        let size = usize::try_from(page.size).unwrap_or(usize::MAX);
        Ok(response::ListKeyVersions {
            key_versions: response::KeyVersions {
                key_version: versions
                    .iter()
                    .skip(skipped)
                    .take(size)
                    .map(write_version)
                    .collect(),
            },
            page_number: page.number,
            page_size: page.size,
            total_count: u64::try_from(versions.len()).unwrap_or(u64::MAX),
        })
    }
}

pub(super) fn write_version(version: &KeyVersionRecord) -> response::KeyVersionSummary {
    response::KeyVersionSummary {
        key_id: version.key.to_string(),
        key_version_id: version.id.to_string(),
        creation_date: write_timestamp(version.created),
    }
}
