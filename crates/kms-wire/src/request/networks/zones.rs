use kms_types::RegionId;

use super::{NoTags, param::numbered};
use crate::{
    ApiError, Params,
    request::{Page, fields::Fields, keys::operations, param::Param},
};

operations! {
    /// Makes a zone of names that VPCs see which are bound to it.
    AddZone -> AddZone {
        /// Its name.
        zone_name: String = "ZoneName",
        /// None.
        tags: NoTags = "Tag",
    }

    /// Deletes a zone that no VPC is bound to.
    DeleteZone -> DeleteZone {
        /// Which.
        zone_id: String = "ZoneId",
    }

    /// Lists the account's zones.
    DescribeZones -> DescribeZones {
        /// Those with that in their name.
        keyword: Option<String> = "Keyword",
        /// `AUTH_ZONE`, which is meant unless given, or `CLOUD_PRODUCT_ZONE`.
        zone_type: Option<String> = "ZoneType",
        /// Those that this VPC is bound to.
        vpc_id: Option<String> = "QueryVpcId",
        /// Which part of the list.
        page: Page<20> = "",
    }

    /// Reads a zone and which VPCs are bound to it.
    DescribeZoneInfo -> DescribeZoneInfo {
        /// Which.
        zone_id: String = "ZoneId",
    }

    /// Says which VPCs see a zone.
    BindZoneVpc -> Empty {
        /// Which.
        zone_id: String = "ZoneId",
        /// All of them; those left out see it no longer.
        vpcs: BoundVpcs = "Vpcs",
    }

    /// Asks for the synchronisation of hosts' names, of which there is none.
    DescribeSyncEcsHostTask -> Empty {
        /// Which zone.
        zone_id: String = "ZoneId",
    }

    /// Lists the tags of zones, of which there are none.
    PvtzListTagResources -> ListZoneTags {
        /// `ZONE`.
        resource_type: String = "ResourceType",
    }
}

/// A VPC that sees a zone.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ZoneVpc {
    /// Which.
    pub vpc_id: String,
    /// Where; this server's own region unless given.
    pub region: Option<RegionId>,
}

/// `Vpcs.N.VpcId` and `Vpcs.N.RegionId`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct BoundVpcs(pub Vec<ZoneVpc>);

impl Param for BoundVpcs {
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
        let ids = numbered(fields, name, ".VpcId", 100);
        let vpcs: Result<Vec<_>, ApiError> = ids
            .into_iter()
            .enumerate()
            .map(|(at, vpc_id)| {
                let region = fields.optional(&format!("{name}.{}.RegionId", at + 1))?;
                Ok(ZoneVpc { vpc_id, region })
            })
            .collect();
        Ok(Self(vpcs?))
    }

    fn write(&self, params: &mut Params, name: &str) {
        for (at, vpc) in self.0.iter().enumerate() {
            params.push(format!("{name}.{}.VpcId", at + 1), vpc.vpc_id.as_str());
            let region = vpc.region.as_ref().map(RegionId::as_str);
            params.push_some(&format!("{name}.{}.RegionId", at + 1), region);
        }
    }
}
