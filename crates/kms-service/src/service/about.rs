//! What the service says of itself and belongs to no resource.

use kms_types::ErrorCode;
use kms_wire::{
    Action, ApiError,
    request::{DescribeAccountKmsStatus, DescribeRegions, GetDefaultKmsInstance, OpenKmsService},
    response,
};

use crate::{Caller, Service, authorise::Resource, failure::Failure};

impl Service {
    /// DescribeRegions: there is one.
    pub(super) fn describe_regions(
        &self,
        caller: &Caller,
        _call: DescribeRegions,
    ) -> Result<response::DescribeRegions, Failure> {
        self.authorise(caller, Action::DescribeRegions, Resource::Account)?;
        let region = response::Region {
            region_id: self.region().to_string(),
        };
        Ok(response::DescribeRegions {
            regions: response::Regions {
                region: vec![region],
            },
        })
    }

    /// DescribeAccountKmsStatus: who has an account here has KMS.
    pub(super) fn account_status(
        &self,
        caller: &Caller,
        _call: DescribeAccountKmsStatus,
    ) -> Result<response::DescribeAccountKmsStatus, Failure> {
        self.authorise(caller, Action::DescribeAccountKmsStatus, Resource::Account)?;
        Ok(response::DescribeAccountKmsStatus {
            account_status: "Enabled".to_owned(),
        })
    }

    /// OpenKmsService: it is open already, which the cloud calls an error.
    pub(super) fn open_service(
        &self,
        caller: &Caller,
        _call: OpenKmsService,
    ) -> Result<response::Empty, Failure> {
        self.authorise(caller, Action::OpenKmsService, Resource::Account)?;
        Err(ApiError::new(
            ErrorCode::AlreadyOpen,
            "The KMS service is already opened for this account.",
        )
        .into())
    }

    /// GetDefaultKmsInstance: nobody can choose one, so there is none, and what names no
    /// instance lives in none.
    pub(super) fn default_instance(
        &self,
        caller: &Caller,
        _call: GetDefaultKmsInstance,
    ) -> Result<response::GetDefaultKmsInstance, Failure> {
        self.authorise(caller, Action::GetDefaultKmsInstance, Resource::Account)?;
        Ok(response::GetDefaultKmsInstance::default())
    }
}
