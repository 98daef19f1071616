use jiff::Timestamp;
use kms_store::{Mode, Page};
use kms_types::InstanceId;
use kms_wire::{
    Action, ApiError,
    request::{GetKmsInstance, ListKmsInstances},
    response, write_timestamp,
};

use super::{Instance, authority, principals, reachable};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Named},
    failure::Failure,
    keys::MOST_KEYS_IN_INSTANCE,
};

impl Service {
    /// GetKmsInstance, of one's own or one that is shared with one.
    pub(crate) async fn get_instance(
        &self,
        caller: &Caller,
        call: GetKmsInstance,
    ) -> Result<response::GetKmsInstance, Failure> {
        let Ok(id) = call.kms_instance_id.parse::<InstanceId>() else {
            self.own(caller, Action::GetKmsInstance, Resource::Account)?;
            return Err(ApiError::not_found().into());
        };
        let id = id.as_str();
        let account = self.own(caller, Action::GetKmsInstance, Resource::instance(id))?;
        let found = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let found = reachable(tx, account, id).await?;
                    let (_owner, mut found) = found.ok_or_else(ApiError::not_found)?;
                    if found.body.purchase.is_some() {
                        found.body.ca = authority::certificate(tx).await?;
                    }
                    Ok::<_, Failure>(found)
                })
            })
            .await?;
        Ok(response::GetKmsInstance {
            kms_instance: self.shown(found),
        })
    }

    /// ListKmsInstances: one's own and those that are shared with one (seed 003,
    /// "Troubleshooting").
    pub(crate) async fn list_instances(
        &self,
        caller: &Caller,
        call: ListKmsInstances,
    ) -> Result<response::ListKmsInstances, Failure> {
        let account = self.own(caller, Action::ListKmsInstances, Resource::Account)?;
        let mut instances = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut found = Vec::new();
                    for (owner, instance) in documents::everywhere::<Instance>(tx, None).await? {
                        let name = instance.name;
                        if owner == *account
                            || principals(tx, &owner, &name).await?.contains(account)
                        {
                            found.push((owner, name));
                        }
                    }
                    Ok::<_, Failure>(found)
                })
            })
            .await?;
        let page = Page {
            number: call.page_number,
            size: call.page_size,
        };
        let total_count = u64::try_from(instances.len()).unwrap_or(u64::MAX);
        let skipped = usize::try_from(page.offset()).unwrap_or(usize::MAX);
        let size = usize::try_from(page.size).unwrap_or(usize::MAX);
        instances.drain(..skipped.min(instances.len()));
        instances.truncate(size);
        let summary = |(owner, name): (_, String)| response::KmsInstanceSummary {
            kms_instance_arn: self.resource_arn(&owner, Resource::instance(&name)),
            kms_instance_id: name,
        };
        Ok(response::ListKmsInstances {
            kms_instances: response::KmsInstances {
                kms_instance: instances.into_iter().map(summary).collect(),
            },
            page_number: call.page_number,
            page_size: call.page_size,
            total_count,
        })
    }

    fn shown(&self, instance: Named<Instance>) -> response::KmsInstance {
        let Named {
            name,
            body,
            created,
        } = instance;
        let (created, status) = (write_timestamp(created), body.status(self.now()));
        let shown = response::KmsInstance {
            instance_id: name,
            instance_name: body.label,
            status: status.as_str().to_owned(),
            create_time: created.clone(),
            ca_certificate_chain_pem: body.ca,
            // A software instance.
            product_version: "3".to_owned(),
            deletion_protection: body.protection.is_some(),
            deletion_protection_description: body.protection.unwrap_or_default(),
            ..response::KmsInstance::default()
        };
        let Some(purchase) = body.purchase else {
            return response::KmsInstance {
                start_date: created,
                key_num: MOST_KEYS_IN_INSTANCE,
                ..shown
            };
        };
        let now = self.now();
        let end = purchase.ends(now).map(write_timestamp);
        let shown = response::KmsInstance {
            spec: purchase.spec,
            key_num: purchase.keys,
            secret_num: purchase.secrets.to_string(),
            vpc_num: body.accesses.unwrap_or_default(),
            log: purchase.log.into(),
            log_storage: purchase.log_storage,
            bind_vpcs: response::BindVpcs {
                bind_vpc: body.bound,
            },
            charge_type: purchase.charge_type().to_owned(),
            product_type: purchase.goods.to_string(),
            sale_status: purchase.sale_status(now).to_owned(),
            end_date: end.unwrap_or_default(),
            ..shown
        };
        let Some(place) = body.place else {
            return shown;
        };
        response::KmsInstance {
            vpc_id: place.vpc,
            vswitch_ids: place.vswitches,
            zone_ids: place.zones,
            start_date: Timestamp::from_millisecond(place.since)
                .map(write_timestamp)
                .unwrap_or_default(),
            ..shown
        }
    }
}
