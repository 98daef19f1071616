use std::collections::BTreeSet;

use kms_store::{Mode, Tx};
use kms_types::{AccountId, ErrorCode};
use kms_wire::{
    Action, ApiError,
    request::UpdateKmsInstanceBindVpc,
    response::{self, BindVpc},
};

use super::{Attachment, Instance, announce, release, room};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Named},
    failure::Failure,
    networks,
};

/// As many as accesses are sold.
const MOST_BOUND: usize = 10_000;

impl Service {
    /// UpdateKmsInstanceBindVpc: these networks besides the instance's own, and no others. All
    /// of them or, if one will not do or there is no room for them, none: nothing changes then.
    pub(crate) async fn bind_instance(
        &self,
        caller: &Caller,
        call: UpdateKmsInstanceBindVpc,
    ) -> Result<response::Empty, Failure> {
        let id = call.instance.as_str();
        let action = Action::UpdateKmsInstanceBindVpc;
        let account = self.own(caller, action, Resource::instance(id))?;
        if call.bind_vpcs.len() > MOST_BOUND {
            return Err(refused("holds more than 10000").into());
        }
        let (wanted, now) = (&call.bind_vpcs, self.now());
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut found = documents::find::<Instance>(tx, account, id).await?;
                if found.body.purchase.is_none() {
                    return Err(release::not_bought().into());
                }
                found.body.check_open(now)?;
                self.bind(tx, account, &mut found, wanted).await?;
                room(tx, account, &found).await?.check()?;
                documents::update(tx, account, &found).await?;
                announce(tx, account, id, now).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    async fn bind(
        &self,
        tx: &mut dyn Tx,
        account: &AccountId,
        instance: &mut Named<Instance>,
        wanted: &[BindVpc],
    ) -> Result<(), Failure> {
        let own = instance.body.place.as_ref();
        let own = own.map_or(0, |place| place.vswitches.len());
        let mut networks = instance.body.networks.clone();
        let bound = networks.split_off(own.min(networks.len()));
        let mut seen = BTreeSet::new();
        for vpc in wanted {
            if !seen.insert(&vpc.vswitch_id) {
                return Err(refused("names a vSwitch twice").into());
            }
            networks.push(self.attach(tx, account, &instance.name, vpc).await?);
        }
        let is_used = |left: &Attachment| networks.iter().any(|own| own.is_in(left));
        let left: Vec<_> = bound.into_iter().filter(|left| !is_used(left)).collect();
        release::give_addresses(tx, &left, &instance.name).await?;
        instance.body.networks = networks;
        instance.body.bound = wanted.to_vec();
        Ok(())
    }

    /// Takes an address in the vSwitch, which must be what is said of it.
    async fn attach(
        &self,
        tx: &mut dyn Tx,
        account: &AccountId,
        id: &str,
        vpc: &BindVpc,
    ) -> Result<Attachment, Failure> {
        let region = vpc.region_id.as_str();
        if !region.is_empty() && region != self.region().as_str() {
            return Err(refused("names a VPC of another region than the instance's").into());
        }
        let vswitch = networks::vswitch(tx, account, &vpc.vswitch_id).await?;
        let owner = match vpc.vpc_owner_id.as_str() {
            "" => account.as_str(),
            owner => owner,
        };
        if vswitch.vpc != vpc.vpc_id || vswitch.owner.as_str() != owner {
            return Err(refused("names a vSwitch that is not of that VPC and owner").into());
        }
        if vswitch.region != *self.region() {
            return Err(refused("names a VPC of another region than the instance's").into());
        }
        let address = networks::take(tx, &vswitch, id).await?;
        let address = address.ok_or_else(|| {
            ApiError::new(
                ErrorCode::LimitExceeded,
                "A vSwitch has no free address for the KMS instance.",
            )
        })?;
        Ok(Attachment {
            vpc: vswitch.vpc,
            vswitch: vswitch.id,
            region: vswitch.region.to_string(),
            owner: vswitch.owner,
            address: Some(address),
        })
    }
}

// === impl Attachment ===

impl Attachment {
    /// Whether it is by the same vSwitch.
    fn is_in(&self, other: &Self) -> bool {
        (&self.owner, &self.vswitch) == (&other.owner, &other.vswitch)
    }
}

fn refused(why: &str) -> ApiError {
    ApiError::invalid_parameter("BindVpcs", why)
}
