use kms_types::{AccountId, RegionId};

use super::{Bounded, NoTags, param::numbered};
use crate::{
    ApiError, Params,
    request::{Page, fields::Fields, keys::operations, param::Param},
};

operations! {
    /// Makes a Cloud Enterprise Network.
    CreateCen -> CreateCen {
        /// What people call it.
        cen_name: Option<Bounded<128>> = "Name",
        /// For people.
        description: Option<Bounded<256>> = "Description",
        /// None.
        tags: NoTags = "Tag",
    }

    /// Lists the account's networks.
    DescribeCens -> DescribeCens {
        /// Those that fit.
        filter: CenFilter = "Filter",
        /// Which part of the list.
        page: Page<10> = "",
    }

    /// Connects a VPC with all that are attached.
    AttachCenChildInstance -> Empty {
        /// Which network.
        cen_id: String = "CenId",
        /// The VPC.
        child_id: String = "ChildInstanceId",
        /// `VPC`.
        child_type: String = "ChildInstanceType",
        /// Where the VPC is.
        child_region: RegionId = "ChildInstanceRegionId",
        /// Whose it is; the caller's account unless given.
        child_owner: Option<AccountId> = "ChildInstanceOwnerId",
    }

    /// Cuts a VPC off.
    DetachCenChildInstance -> Empty {
        /// Which network.
        cen_id: String = "CenId",
        /// The VPC.
        child_id: String = "ChildInstanceId",
        /// `VPC`.
        child_type: String = "ChildInstanceType",
        /// Where the VPC is.
        child_region: RegionId = "ChildInstanceRegionId",
        /// Whose the network is; the caller's account unless given.
        cen_owner: Option<AccountId> = "CenOwnerId",
    }

    /// Lists what is attached.
    DescribeCenAttachedChildInstances -> DescribeCenAttachedChildInstances {
        /// Which network.
        cen_id: String = "CenId",
        /// Which part of the list.
        page: Page<10> = "",
    }

    /// Reads one that is attached.
    DescribeCenAttachedChildInstanceAttribute -> CenChild {
        /// Which network.
        cen_id: String = "CenId",
        /// The VPC.
        child_id: String = "ChildInstanceId",
        /// `VPC`.
        child_type: String = "ChildInstanceType",
        /// Where the VPC is.
        child_region: RegionId = "ChildInstanceRegionId",
    }

    /// Deletes a network that nothing is attached to.
    DeleteCen -> Empty {
        /// Which.
        cen_id: String = "CenId",
    }
}

/// `Filter.N.Key` and `Filter.N.Value.M`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct CenFilter {
    /// `CenId`; all if there is none.
    pub ids: Vec<String>,
    /// `Name`; all if there is none.
    pub names: Vec<String>,
}

impl Param for CenFilter {
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
        let mut filter = Self::default();
        let keys = numbered(fields, name, ".Key", 5);
        for (at, key) in keys.iter().enumerate() {
            let values = numbered(fields, &format!("{name}.{}.Value", at + 1), "", 100);
            match key.as_str() {
                "CenId" => filter.ids.extend(values),
                "Name" => filter.names.extend(values),
                _ => {
                    return Err(ApiError::invalid_parameter(
                        &format!("{name}.{}.Key", at + 1),
                        "must be CenId or Name",
                    ));
                }
            }
        }
        Ok(filter)
    }

    fn write(&self, params: &mut Params, name: &str) {
        let lists = [("CenId", &self.ids), ("Name", &self.names)];
        let lists = lists.into_iter().filter(|(_, values)| !values.is_empty());
        for (at, (key, values)) in lists.enumerate() {
            let filter = format!("{name}.{}", at + 1);
            params.push(format!("{filter}.Key"), key);
            for (at, value) in values.iter().enumerate() {
                params.push(format!("{filter}.Value.{}", at + 1), value.as_str());
            }
        }
    }
}
