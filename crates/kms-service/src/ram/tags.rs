//! Tags of roles and policies: there are none here, and whoever reads one of them asks for them,
//! too (Terraform's provider). Users' are next door.

use kms_wire::{Action, ApiError, request::RamListTagResources, response};

use crate::{Caller, Service, authorise::Resource};

impl Service {
    /// RAM's ListTagResources.
    pub(crate) fn ram_tags(
        &self,
        caller: &Caller,
        call: &RamListTagResources,
    ) -> Result<response::RamListTagResources, ApiError> {
        let all = Resource::all_in_ram(call.kind.as_str());
        self.own(caller, Action::RamListTagResources, all)?;
        Ok(response::RamListTagResources::default())
    }
}
