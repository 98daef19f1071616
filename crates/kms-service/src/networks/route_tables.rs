use kms_store::Mode;
use kms_wire::{Action, request::DescribeRouteTableList, response, write_timestamp};

use super::{number, part, vpcs::Vpc, vswitches::Switch};
use crate::{Caller, Service, authorise::Resource, documents, failure::Failure};

impl Service {
    /// DescribeRouteTableList: every VPC has one, which the official Terraform provider asks
    /// for whenever it reads a VPC.
    pub(crate) async fn route_tables(
        &self,
        caller: &Caller,
        call: DescribeRouteTableList,
    ) -> Result<response::DescribeRouteTableList, Failure> {
        let resource = Resource::Of {
            product: "vpc",
            kind: "routetable",
            name: "*",
        };
        let account = self.own(caller, Action::DescribeRouteTableList, resource)?;
        let (mut vpcs, switches) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let vpcs = documents::all::<Vpc>(tx, account).await?;
                    let switches = documents::all::<Switch>(tx, account).await?;
                    Ok::<_, Failure>((vpcs, switches))
                })
            })
            .await?;
        vpcs.retain(|vpc| call.vpc_id.as_ref().is_none_or(|id| *id == vpc.name));
        let (vpcs, total_count) = part(vpcs, call.page);
        let tables = vpcs.into_iter().map(|vpc| {
            let own = switches.iter().filter(|own| own.body.vpc == vpc.name);
            response::RouteTable {
                route_table_id: vpc.body.route_table,
                route_table_name: String::new(),
                route_table_type: "System".to_owned(),
                description: String::new(),
                router_id: vpc.body.router,
                router_type: "VRouter".to_owned(),
                status: "Available".to_owned(),
                creation_time: write_timestamp(vpc.created),
                owner_id: number(account),
                route_propagation_enable: true,
                vswitch_ids: response::RouteTableVSwitches {
                    vswitch_id: own.map(|own| own.name.clone()).collect(),
                },
                resource_group_id: String::new(),
                vpc_id: vpc.name,
            }
        });
        Ok(response::DescribeRouteTableList {
            router_table_list: response::RouteTables {
                router_table_list_type: tables.collect(),
            },
            page_number: call.page.number,
            page_size: call.page.size,
            total_count,
        })
    }
}
