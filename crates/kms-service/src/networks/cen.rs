use std::collections::BTreeSet;

use kms_store::{DocumentKind, Mode, Tx};
use kms_types::{AccountId, ErrorCode, RegionId};
use kms_wire::{
    Action, ApiError,
    request::{CreateCen, DeleteCen, DescribeCens},
    response, write_timestamp,
};
use serde::{Deserialize, Serialize};

use super::{VpcKey, new_id, part};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Document, Named},
    failure::Failure,
};

mod children;

/// A Cloud Enterprise Network. Its document's name is its id.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Cen {
    name: String,
    description: String,
    children: Vec<Child>,
}

/// A VPC that it connects.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Child {
    vpc: VpcKey,
    region: RegionId,
    /// Milliseconds since 1970.
    attached: i64,
}

impl Document for Cen {
    const KIND: DocumentKind = DocumentKind::Cen;
}

impl Service {
    /// CreateCen.
    pub(crate) async fn create_cen(
        &self,
        caller: &Caller,
        call: CreateCen,
    ) -> Result<response::CreateCen, Failure> {
        let account = self.own(caller, Action::CreateCen, resource("*"))?;
        let now = self.now();
        let cen_id = new_id("cen")?;
        let body = Cen {
            name: call.cen_name.map(|name| name.0).unwrap_or_default(),
            description: call.description.map(|text| text.0).unwrap_or_default(),
            children: Vec::new(),
        };
        {
            let (id, body) = (&cen_id, &body);
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move { documents::create(&mut *tx, account, id, body, now).await })
            })
            .await?;
        }
        Ok(response::CreateCen { cen_id })
    }

    /// DescribeCens.
    pub(crate) async fn describe_cens(
        &self,
        caller: &Caller,
        call: DescribeCens,
    ) -> Result<response::DescribeCens, Failure> {
        let account = self.own(caller, Action::DescribeCens, resource("*"))?;
        let mut found = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { documents::all::<Cen>(&mut *tx, account).await })
            })
            .await?;
        let (ids, names) = (&call.filter.ids, &call.filter.names);
        found.retain(|cen| {
            (ids.is_empty() || ids.contains(&cen.name))
                && (names.is_empty() || names.contains(&cen.body.name))
        });
        let (found, total_count) = part(found, call.page);
        let cens = found.into_iter().map(|cen| response::Cen {
            cen_id: cen.name,
            name: cen.body.name,
            description: cen.body.description,
            status: "Active".to_owned(),
            protection_level: "REDUCED".to_owned(),
            creation_time: write_timestamp(cen.created),
            cen_bandwidth_package_ids: response::CenBandwidthPackageIds::default(),
            resource_group_id: String::new(),
        });
        Ok(response::DescribeCens {
            cens: response::Cens {
                cen: cens.collect(),
            },
            page_number: call.page.number,
            page_size: call.page.size,
            total_count,
        })
    }

    /// DeleteCen; refused while VPCs are attached.
    pub(crate) async fn delete_cen(
        &self,
        caller: &Caller,
        call: DeleteCen,
    ) -> Result<response::Empty, Failure> {
        let id = call.cen_id.as_str();
        let account = self.own(caller, Action::DeleteCen, resource(id))?;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                if !find(tx, account, id).await?.body.children.is_empty() {
                    return Err(ApiError::new(
                        ErrorCode::CenStatus,
                        "VPCs are still attached to the CEN instance.",
                    )
                    .into());
                }
                documents::remove::<Cen>(tx, account, id).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }
}

// === impl Cen ===

impl Cen {
    fn has(&self, vpc: &VpcKey) -> bool {
        self.children.iter().any(|child| child.vpc == *vpc)
    }
}

/// The networks that have the VPC, and whose they are.
pub(super) async fn with(
    tx: &mut dyn Tx,
    vpc: &VpcKey,
) -> Result<Vec<(AccountId, String)>, Failure> {
    let mut all = documents::everywhere::<Cen>(tx, None).await?;
    all.retain(|(_owner, cen)| cen.body.has(vpc));
    Ok(all
        .into_iter()
        .map(|(owner, cen)| (owner, cen.name))
        .collect())
}

/// All that these networks connect with it.
pub(super) async fn neighbours(tx: &mut dyn Tx, vpc: &VpcKey) -> Result<BTreeSet<VpcKey>, Failure> {
    let all = documents::everywhere::<Cen>(tx, None).await?;
    let with = all.into_iter().filter(|(_owner, cen)| cen.body.has(vpc));
    let children = with.flat_map(|(_owner, cen)| cen.body.children);
    Ok(children.map(|child| child.vpc).collect())
}

/// The account's network.
///
/// # Errors
/// `ParameterCenInstanceId`.
async fn find(tx: &mut dyn Tx, account: &AccountId, id: &str) -> Result<Named<Cen>, Failure> {
    let found = documents::look_up(tx, account, id).await?;
    found.ok_or_else(|| {
        ApiError::new(
            ErrorCode::CenNotFound,
            "The specified CEN instance does not exist.",
        )
        .into()
    })
}

fn resource(id: &str) -> Resource<'_> {
    Resource::Of {
        product: "cen",
        kind: "ceninstance",
        name: id,
    }
}
