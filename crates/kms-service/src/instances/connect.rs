use jiff::Timestamp;
use kms_store::{Mode, Tx};
use kms_types::{AccountId, RegionId};
use kms_wire::{Action, ApiError, request::ConnectKmsInstance, response};

use super::{Attachment, Instance, Place, Status, announce, release, room, wrong_state};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Named},
    failure::Failure,
    networks::{self, VSwitch},
};

/// vSwitches of an instance. The cloud asks for two zones; more than this nobody needs.
const MOST_VSWITCHES: usize = 8;

/// Where an instance is to be.
struct Wanted {
    vpc: String,
    vswitches: Vec<String>,
    zones: Vec<String>,
}

impl Service {
    /// ConnectKmsInstance. What the cloud needs half an hour for is done when the answer comes,
    /// unless the server was told to take its time, too.
    /// vSwitches that cannot be meant are refused; ones that have no address left end in the
    /// state Error, as in the cloud, and the call can be made again.
    pub(crate) async fn connect_instance(
        &self,
        caller: &Caller,
        call: ConnectKmsInstance,
    ) -> Result<response::Empty, Failure> {
        let resource = Resource::instance(call.instance.as_str());
        let account = self.own(caller, Action::ConnectKmsInstance, resource)?;
        if call.provider != "Aliyun" {
            return Err(ApiError::invalid_parameter("KMProvider", "must be Aliyun").into());
        }
        let (id, now) = (call.instance.as_str(), self.now());
        let ready = now.checked_add(self.connect_time()).unwrap_or(now);
        let wanted = &Wanted {
            vpc: call.vpc_id,
            vswitches: listed("VSwitchIds", &call.vswitch_ids)?,
            zones: listed("ZoneIds", &call.zone_ids)?,
        };
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut found = documents::find::<Instance>(tx, account, id).await?;
                if found.body.purchase.is_none() {
                    return Err(release::not_bought().into());
                }
                found.body.check_live(now)?;
                if found.body.status == Status::Connected {
                    // Asked again by who did not hear the answer.
                    return wanted.is_at(found.body.place.as_ref()).map_err(Into::into);
                }
                let vswitches = vswitches(tx, (account, self.region()), wanted).await?;
                connect(tx, &mut found, wanted, &vswitches, (now, ready)).await?;
                room(tx, account, &found).await?.check()?;
                documents::update(tx, account, &found).await?;
                announce(tx, account, id, now).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }
}

// === impl Wanted ===

impl Wanted {
    /// That an instance which is connected is there already.
    fn is_at(&self, place: Option<&Place>) -> Result<(), ApiError> {
        let is_there = place.is_some_and(|place| {
            place.vpc == self.vpc && place.vswitches == self.vswitches && place.zones == self.zones
        });
        if !is_there {
            return Err(wrong_state("The KMS instance is connected already."));
        }
        Ok(())
    }
}

/// The vSwitches, which must all be in the VPC and in the zones. An instance lies in two zones, and
/// one vSwitch will do (the published template names two and one).
async fn vswitches(
    tx: &mut dyn Tx,
    (account, region): (&AccountId, &RegionId),
    wanted: &Wanted,
) -> Result<Vec<VSwitch>, Failure> {
    let refused = |name, why| Err(ApiError::invalid_parameter(name, why).into());
    let mut found = Vec::new();
    for id in &wanted.vswitches {
        let vswitch = networks::vswitch(tx, account, id).await?;
        if vswitch.vpc != wanted.vpc {
            return refused("VSwitchIds", "names a vSwitch of another VPC");
        }
        if vswitch.region != *region {
            return refused("VSwitchIds", "names a vSwitch of another region");
        }
        if !wanted.zones.contains(&vswitch.zone) {
            return refused("ZoneIds", "lacks the zone of a vSwitch");
        }
        found.push(vswitch);
    }
    Ok(found)
}

/// Takes an address in each, or none in any.
async fn connect(
    tx: &mut dyn Tx,
    instance: &mut Named<Instance>,
    wanted: &Wanted,
    vswitches: &[VSwitch],
    (now, ready): (Timestamp, Timestamp),
) -> Result<(), Failure> {
    let mut taken = Vec::new();
    for vswitch in vswitches {
        let address = networks::take(tx, vswitch, &instance.name).await?;
        if address.is_none() {
            release::give_addresses(tx, &taken, &instance.name).await?;
            instance.body.status = Status::Error;
            return Ok(());
        }
        taken.push(Attachment {
            vpc: vswitch.vpc.clone(),
            vswitch: vswitch.id.clone(),
            region: vswitch.region.to_string(),
            owner: vswitch.owner.clone(),
            address,
        });
    }
    instance.body.status = Status::Connected;
    instance.body.networks = taken;
    instance.body.place = Some(Place {
        vpc: wanted.vpc.clone(),
        vswitches: wanted.vswitches.clone(),
        zones: wanted.zones.clone(),
        since: now.as_millisecond(),
        ready: ready.as_millisecond(),
    });
    Ok(())
}

/// Names with commas between them, each once.
fn listed(parameter: &str, text: &str) -> Result<Vec<String>, ApiError> {
    let mut names: Vec<String> = Vec::new();
    for name in text.split(',').map(str::trim) {
        if name.is_empty() || names.iter().any(|own| own == name) {
            let why = "must be different names with commas between them";
            return Err(ApiError::invalid_parameter(parameter, why));
        }
        names.push(name.to_owned());
    }
    if names.len() > MOST_VSWITCHES {
        return Err(ApiError::invalid_parameter(parameter, "names more than 8"));
    }
    Ok(names)
}
