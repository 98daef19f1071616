//! The addresses of vSwitches, and who has them.

use std::net::{IpAddr, Ipv4Addr};

use kms_store::Tx;
use kms_types::AccountId;

use super::vswitches::{self, Switch, Taken, VSwitch};
use crate::{documents, failure::Failure};

/// Addresses of each vSwitch that nobody gets: the first and the last three (the cloud's
/// documentation of CreateVSwitch).
const RESERVED: u32 = 4;

/// Takes a free address of the vSwitch for the holder: the same again if it has one. None if
/// there is none left.
pub(crate) async fn take(
    tx: &mut dyn Tx,
    vswitch: &VSwitch,
    holder: &str,
) -> Result<Option<IpAddr>, Failure> {
    let mut found = vswitches::find(tx, &vswitch.owner, &vswitch.id).await?;
    if let Some(address) = found.body.address_of(holder) {
        return Ok(Some(address.into()));
    }
    let Some(address) = found.body.first_free() else {
        return Ok(None);
    };
    found.body.taken.push(Taken {
        address,
        holder: holder.to_owned(),
    });
    documents::update(tx, &vswitch.owner, &found).await?;
    Ok(Some(address.into()))
}

/// Gives back what the holder has of the owner's vSwitch; nothing if it has nothing, or there
/// is no such vSwitch.
pub(crate) async fn give_back(
    tx: &mut dyn Tx,
    owner: &AccountId,
    id: &str,
    holder: &str,
) -> Result<(), Failure> {
    let Some(mut found) = documents::look_up::<Switch>(tx, owner, id).await? else {
        return Ok(());
    };
    let before = found.body.taken.len();
    found.body.taken.retain(|taken| taken.holder != holder);
    if found.body.taken.len() == before {
        return Ok(());
    }
    documents::update(tx, owner, &found).await
}

// === impl Switch ===

impl Switch {
    /// How many addresses nobody has.
    pub(super) fn free(&self) -> u32 {
        let taken = u32::try_from(self.taken.len()).unwrap_or(u32::MAX);
        self.capacity().saturating_sub(taken)
    }

    /// The holder's address.
    pub(super) fn address_of(&self, holder: &str) -> Option<Ipv4Addr> {
        let mut taken = self.taken.iter();
        let own = taken.find(|taken| taken.holder == holder);
        own.map(|own| own.address)
    }

    fn first_free(&self) -> Option<Ipv4Addr> {
        let first = u32::from(self.block.net().network());
        (1..=self.capacity())
            .map(|number| Ipv4Addr::from(first.saturating_add(number)))
            .find(|address| self.taken.iter().all(|taken| taken.address != *address))
    }

    fn capacity(&self) -> u32 {
        let bits = 32_u32.saturating_sub(u32::from(self.block.net().prefix_len()));
        let size = 1_u32.checked_shl(bits).unwrap_or(u32::MAX);
        size.saturating_sub(RESERVED)
    }
}
