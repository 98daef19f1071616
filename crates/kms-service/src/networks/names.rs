//! What a client sees of a name: its address says in which VPCs it is.

use std::net::IpAddr;

use kms_store::{Mode, Tx};
use kms_wire::{
    ApiError,
    request::{RecordKind, RecordStatus},
};

use super::{
    VpcKey,
    domain::Domain,
    records::{Record, TTL},
    service_zone,
    vpcs::Vpc,
    zones::{self, Zone},
};
use crate::{Service, documents, failure::Failure};

/// What is said of a name to who asks for it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Names {
    /// Nothing: the client is in no network, or no zone that it sees has the name.
    Refused,
    /// There is no such name in a zone that the client sees.
    Missing {
        /// That zone.
        zone: String,
    },
    /// What the zone says, which is nothing of that kind if it is empty.
    Found {
        /// The zone.
        zone: String,
        /// What it says.
        records: Vec<Name>,
    },
}

/// A record of a name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Name {
    /// The name.
    pub name: String,
    /// What kind of record.
    pub kind: RecordKind,
    /// What it says: an address, another name or text.
    pub value: String,
    /// Seconds that it may be kept.
    pub ttl: u32,
}

/// How many names that are others' are followed.
const HOPS: usize = 8;

impl Service {
    /// What a client at that address sees of a name. Zones that its VPCs are bound to come
    /// first, the one with the longest name before; then the names of instances that are in
    /// its VPC. Without a kind, all there are.
    ///
    /// # Errors
    /// `ServiceUnavailableTemporary`, `InternalFailure`.
    pub async fn resolve(
        &self,
        name: &str,
        kind: Option<RecordKind>,
        source: IpAddr,
    ) -> Result<Names, ApiError> {
        let Ok(name) = name.parse::<Domain>() else {
            return Ok(Names::Refused);
        };
        let name = &name;
        let found = self.tx(Mode::Read, |mut tx| {
            Box::pin(async move { resolve(&mut *tx, name, kind, source).await })
        });
        found.await.map_err(Failure::into_api_error)
    }
}

async fn resolve(
    tx: &mut dyn Tx,
    name: &Domain,
    kind: Option<RecordKind>,
    source: IpAddr,
) -> Result<Names, Failure> {
    let vpcs = around(tx, source).await?;
    if vpcs.is_empty() {
        return Ok(Names::Refused);
    }
    let mut zones = zones::seen_by(tx, &vpcs).await?;
    zones.push(own_names(tx, &vpcs).await?);
    // Of two of the same length, that which somebody made stays before.
    zones.sort_by_key(|zone| std::cmp::Reverse(zone.name.as_str().len()));
    let mut records = Vec::new();
    let mut wanted = name.clone();
    for _hop in 0..HOPS {
        let mut zones = zones.iter();
        let Some(zone) = zones.find(|zone| wanted.within(&zone.name).is_some()) else {
            break;
        };
        let Some(said) = zone.say(&wanted) else {
            if records.is_empty() {
                let zone = zone.name.to_string();
                return Ok(Names::Missing { zone });
            }
            break;
        };
        let named = |record: &&Record| Name {
            name: wanted.to_string(),
            kind: record.kind,
            value: record.value.clone(),
            ttl: record.ttl,
        };
        let fitting = said
            .iter()
            .filter(|own| kind.is_none_or(|kind| own.kind == kind));
        let fitting: Vec<Name> = fitting.map(named).collect();
        let alias = said.iter().find(|own| own.kind == RecordKind::Cname);
        match alias {
            Some(alias) if fitting.is_empty() => {
                records.push(named(alias));
                let Ok(next) = alias.value.parse() else { break };
                wanted = next;
            }
            _ => {
                records.extend(fitting);
                break;
            }
        }
    }
    let mut zones = zones.iter();
    let zone = zones.find(|zone| name.within(&zone.name).is_some());
    Ok(match zone {
        None => Names::Refused,
        Some(zone) => Names::Found {
            zone: zone.name.to_string(),
            records,
        },
    })
}

/// The VPCs that the address lies in.
async fn around(tx: &mut dyn Tx, source: IpAddr) -> Result<Vec<VpcKey>, Failure> {
    let all = documents::everywhere::<Vpc>(tx, None).await?;
    let around = all
        .into_iter()
        .filter(|(_owner, vpc)| vpc.body.block.contains(source));
    Ok(around
        .map(|(owner, vpc)| VpcKey {
            owner,
            id: vpc.name,
        })
        .collect())
}

/// The zone of KMS, with the instances that are in these VPCs.
async fn own_names(tx: &mut dyn Tx, vpcs: &[VpcKey]) -> Result<Zone, Failure> {
    let placed = service_zone::placed(tx).await?;
    let own = placed
        .into_iter()
        .filter(|placed| vpcs.contains(&placed.vpc));
    let records = own.map(|placed| Record {
        id: 0,
        rr: placed.instance,
        kind: RecordKind::A,
        value: placed.address.to_string(),
        ttl: TTL,
        status: RecordStatus::Enable,
        remark: String::new(),
    });
    Ok(Zone {
        name: Domain::of_instances(),
        records: records.collect(),
        vpcs: Vec::new(),
        updated: 0,
    })
}

// === impl Zone ===

impl Zone {
    /// What it says of a name that lies in it: none if there is no such name. A name that
    /// others lie below is there, too, and says nothing (RFC 8020); a star stands for every
    /// name that is not there itself (RFC 4592).
    fn say(&self, name: &Domain) -> Option<Vec<&Record>> {
        let rr = name.within(&self.name)?;
        let live = || {
            let records = self.records.iter();
            records.filter(|record| record.status == RecordStatus::Enable)
        };
        let said: Vec<_> = live().filter(|record| record.rr == rr).collect();
        let below = format!(".{rr}");
        let is_there = rr == "@" || live().any(|record| record.rr.ends_with(&below));
        if is_there || !said.is_empty() {
            return Some(said);
        }
        let mut around = Some(rr);
        while let Some(part) = around {
            around = part.split_once('.').map(|(_label, rest)| rest);
            let star = around.map_or_else(|| "*".to_owned(), |rest| format!("*.{rest}"));
            let said: Vec<_> = live().filter(|record| record.rr == star).collect();
            if !said.is_empty() {
                return Some(said);
            }
        }
        None
    }
}
