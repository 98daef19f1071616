use kms_store::{Mode, Page};
use kms_wire::{
    Action,
    request::{
        CreateApplicationAccessPoint, DeleteApplicationAccessPoint, DescribeApplicationAccessPoint,
        ListApplicationAccessPoints, UpdateApplicationAccessPoint,
    },
    response,
};

use super::{AccessPoint, AccessPolicy, check_exist, write_list};
use crate::{Caller, Service, authorise::Resource, documents, failure::Failure};

/// The one way in; RAMRole belonged to an older product (reference kms-api §4).
const CLIENT_KEY: &str = "ClientKey";

impl Service {
    /// CreateApplicationAccessPoint. Its policies must exist.
    pub(crate) async fn create_access_point(
        &self,
        caller: &Caller,
        call: CreateApplicationAccessPoint,
    ) -> Result<response::AccessPoint, Failure> {
        let resource = Resource::access_point(&call.name);
        let account = self.own(caller, Action::CreateApplicationAccessPoint, resource)?;
        let now = self.now();
        let point = AccessPoint {
            policies: call.policies,
            description: call.description.unwrap_or_default(),
        };
        {
            let (name, point) = (call.name.as_str(), &point);
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    check_exist::<AccessPolicy>(tx, account, "policy", &point.policies).await?;
                    documents::create(tx, account, name, point, now).await
                })
            })
            .await?;
        }
        let arn = self.resource_arn(account, resource);
        write_point(arn, call.name.to_string(), point)
    }

    /// DescribeApplicationAccessPoint.
    pub(crate) async fn describe_access_point(
        &self,
        caller: &Caller,
        call: DescribeApplicationAccessPoint,
    ) -> Result<response::AccessPoint, Failure> {
        let resource = Resource::access_point(&call.name);
        let account = self.own(caller, Action::DescribeApplicationAccessPoint, resource)?;
        let name = call.name.as_str();
        let point = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(
                    async move { documents::find::<AccessPoint>(&mut *tx, account, name).await },
                )
            })
            .await?;
        let arn = self.resource_arn(account, resource);
        write_point(arn, point.name, point.body)
    }

    /// UpdateApplicationAccessPoint.
    pub(crate) async fn update_access_point(
        &self,
        caller: &Caller,
        call: UpdateApplicationAccessPoint,
    ) -> Result<response::Empty, Failure> {
        let resource = Resource::access_point(&call.name);
        let account = self.own(caller, Action::UpdateApplicationAccessPoint, resource)?;
        let call = &call;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut point =
                    documents::find::<AccessPoint>(tx, account, call.name.as_str()).await?;
                if let Some(policies) = &call.policies {
                    check_exist::<AccessPolicy>(tx, account, "policy", policies).await?;
                    point.body.policies.clone_from(policies);
                }
                if let Some(description) = &call.description {
                    point.body.description.clone_from(description);
                }
                documents::update(tx, account, &point).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// DeleteApplicationAccessPoint, with its client keys.
    pub(crate) async fn delete_access_point(
        &self,
        caller: &Caller,
        call: DeleteApplicationAccessPoint,
    ) -> Result<response::Empty, Failure> {
        let resource = Resource::access_point(&call.name);
        let account = self.own(caller, Action::DeleteApplicationAccessPoint, resource)?;
        let name = call.name.as_str();
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                documents::remove::<AccessPoint>(tx, account, name).await?;
                for key in tx.client_keys().list(account, Some(name)).await? {
                    tx.client_keys().remove(&key.id).await?;
                }
                Ok::<_, Failure>(())
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// ListApplicationAccessPoints.
    pub(crate) async fn list_access_points(
        &self,
        caller: &Caller,
        call: ListApplicationAccessPoints,
    ) -> Result<response::ListApplicationAccessPoints, Failure> {
        let account = self.own(
            caller,
            Action::ListApplicationAccessPoints,
            Resource::Account,
        )?;
        let page = Page {
            number: call.page_number,
            size: call.page_size,
        };
        let (points, total_count) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(
                    async move { documents::page::<AccessPoint>(&mut *tx, account, page).await },
                )
            })
            .await?;
        Ok(response::ListApplicationAccessPoints {
            application_access_points: response::ApplicationAccessPoints {
                application_access_point: points
                    .into_iter()
                    .map(|point| response::AccessPointSummary {
                        name: point.name,
                        authentication_method: CLIENT_KEY.to_owned(),
                    })
                    .collect(),
            },
            page_number: call.page_number,
            page_size: call.page_size,
            total_count,
        })
    }
}

fn write_point(
    arn: String,
    name: String,
    point: AccessPoint,
) -> Result<response::AccessPoint, Failure> {
    Ok(response::AccessPoint {
        arn,
        name,
        authentication_method: CLIENT_KEY.to_owned(),
        policies: write_list(&point.policies)?,
        description: point.description,
    })
}

#[cfg(test)]
mod tests;
