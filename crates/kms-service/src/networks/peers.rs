use jiff::Timestamp;
use kms_store::{DocumentKind, Mode, Tx};
use kms_types::{AccountId, ErrorCode, RegionId};
use kms_wire::{
    Action, ApiError,
    request::{
        AcceptVpcPeerConnection, CreateVpcPeerConnection, DeleteVpcPeerConnection,
        GetVpcPeerConnectionAttribute, ListVpcPeerConnections,
    },
    response, write_timestamp,
};
use serde::{Deserialize, Serialize};

use super::{VpcKey, new_id, number, vpcs::Vpc};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Document, Named},
    failure::Failure,
};

/// A connection of two VPCs, in the account that asked for it. Its document's name is its id.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Peer {
    from: Side,
    to: Side,
    status: Status,
    name: String,
    description: String,
    /// Milliseconds since 1970.
    modified: i64,
}

/// One of the two.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct Side {
    vpc: VpcKey,
    region: RegionId,
}

/// How far it came.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
enum Status {
    /// The other account has not agreed yet.
    Accepting,
    Activated,
}

impl Document for Peer {
    const KIND: DocumentKind = DocumentKind::PeerConnection;
}

impl Service {
    /// CreateVpcPeerConnection.
    pub(crate) async fn create_peer(
        &self,
        caller: &Caller,
        call: CreateVpcPeerConnection,
    ) -> Result<response::CreateVpcPeerConnection, Failure> {
        let account = self.own(caller, Action::CreateVpcPeerConnection, resource("*"))?;
        let now = self.now();
        let id = new_id("pcc")?;
        let from = VpcKey {
            owner: account.clone(),
            id: call.vpc_id,
        };
        let to = VpcKey {
            owner: call.accepting_owner.unwrap_or_else(|| account.clone()),
            id: call.accepting_vpc_id,
        };
        if from == to {
            let why = "must be another VPC";
            return Err(ApiError::invalid_parameter("AcceptingVpcId", why).into());
        }
        let peer = Peer {
            status: if from.owner == to.owner {
                Status::Activated
            } else {
                Status::Accepting
            },
            from: Side {
                vpc: from,
                region: self.region().clone(),
            },
            to: Side {
                vpc: to,
                region: call.accepting_region,
            },
            name: call.peer_name.map(|name| name.0).unwrap_or_default(),
            description: call.description.map(|text| text.0).unwrap_or_default(),
            modified: now.as_millisecond(),
        };
        {
            let (id, peer) = (&id, &peer);
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut peer = peer.clone();
                    let from = &peer.from.vpc;
                    peer.from.region = find_vpc(tx, from).await?.body.region;
                    let other = find_vpc(tx, &peer.to.vpc).await?;
                    if other.body.region != peer.to.region {
                        return Err(no_vpc().into());
                    }
                    let others = all(tx).await?;
                    if others
                        .iter()
                        .any(|other| other.has(&peer.from.vpc) && other.has(&peer.to.vpc))
                    {
                        return Err(exists().into());
                    }
                    documents::create(tx, account, id, &peer, now).await
                })
            })
            .await?;
        }
        Ok(response::CreateVpcPeerConnection { instance_id: id })
    }

    /// AcceptVpcPeerConnection.
    pub(crate) async fn accept_peer(
        &self,
        caller: &Caller,
        call: AcceptVpcPeerConnection,
    ) -> Result<response::Empty, Failure> {
        let id = call.instance_id.as_str();
        let account = self.own(caller, Action::AcceptVpcPeerConnection, resource(id))?;
        let now = self.now();
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let (owner, mut peer) = find(tx, account, id).await?;
                let may = peer.body.to.vpc.owner == *account;
                if !may || peer.body.status != Status::Accepting {
                    return Err(not_to_be_accepted().into());
                }
                peer.body.status = Status::Activated;
                peer.body.modified = now.as_millisecond();
                documents::update(tx, &owner, &peer).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// GetVpcPeerConnectionAttribute.
    pub(crate) async fn describe_peer(
        &self,
        caller: &Caller,
        call: GetVpcPeerConnectionAttribute,
    ) -> Result<response::PeerConnection, Failure> {
        let id = call.instance_id.as_str();
        let action = Action::GetVpcPeerConnectionAttribute;
        let account = self.own(caller, action, resource(id))?;
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let (_owner, peer) = find(tx, account, id).await?;
                tell(tx, peer).await
            })
        })
        .await
    }

    /// ListVpcPeerConnections.
    pub(crate) async fn list_peers(
        &self,
        caller: &Caller,
        call: ListVpcPeerConnections,
    ) -> Result<response::ListVpcPeerConnections, Failure> {
        let account = self.own(caller, Action::ListVpcPeerConnections, resource("*"))?;
        let max_results = call.max_results.map_or(20, kms_wire::request::Within::get);
        let most = usize::try_from(max_results).unwrap_or(usize::MAX);
        let call = &call;
        let (vpc_peer_connects, next_token, total_count) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut found = documents::everywhere::<Peer>(tx, None).await?;
                    found.retain(|(_owner, peer)| {
                        peer.body.is_of(account) && is_asked_for(call, peer)
                    });
                    found.sort_unstable_by(|(_, one), (_, other)| one.name.cmp(&other.name));
                    let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
                    if let Some(token) = &call.next_token {
                        found.retain(|(_owner, peer)| peer.name > *token);
                    }
                    let has_more = found.len() > most;
                    found.truncate(most);
                    let next = found.last().filter(|_last| has_more);
                    let next = next.map(|(_owner, peer)| peer.name.clone());
                    let mut told = Vec::with_capacity(found.len());
                    for (_owner, peer) in found {
                        told.push(tell(tx, peer).await?);
                    }
                    Ok::<_, Failure>((told, next.unwrap_or_default(), total))
                })
            })
            .await?;
        Ok(response::ListVpcPeerConnections {
            vpc_peer_connects,
            next_token,
            max_results,
            total_count,
        })
    }

    /// DeleteVpcPeerConnection.
    pub(crate) async fn delete_peer(
        &self,
        caller: &Caller,
        call: DeleteVpcPeerConnection,
    ) -> Result<response::Empty, Failure> {
        let id = call.instance_id.as_str();
        let account = self.own(caller, Action::DeleteVpcPeerConnection, resource(id))?;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let (owner, peer) = find(tx, account, id).await?;
                documents::remove::<Peer>(tx, &owner, &peer.name).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }
}

// === impl Peer ===

impl Peer {
    /// Whether one of its VPCs is the account's.
    fn is_of(&self, account: &AccountId) -> bool {
        [&self.from.vpc.owner, &self.to.vpc.owner].contains(&account)
    }

    /// Whether it has the VPC, whatever its status.
    pub(super) fn has(&self, vpc: &VpcKey) -> bool {
        [&self.from.vpc, &self.to.vpc].contains(&vpc)
    }

    /// Which VPC it connects with that one, if it does already.
    pub(super) fn other_side(&self, vpc: &VpcKey) -> Option<&VpcKey> {
        let (from, to) = (&self.from.vpc, &self.to.vpc);
        match self.status {
            Status::Activated if from == vpc => Some(to),
            Status::Activated if to == vpc => Some(from),
            Status::Accepting | Status::Activated => None,
        }
    }
}

/// Those of all accounts.
pub(super) async fn all(tx: &mut dyn Tx) -> Result<Vec<Peer>, Failure> {
    let found = documents::everywhere::<Peer>(tx, None).await?;
    Ok(found.into_iter().map(|(_owner, peer)| peer.body).collect())
}

/// The connection, in the account that asked for it, if one of its VPCs is the caller's.
async fn find(
    tx: &mut dyn Tx,
    account: &AccountId,
    id: &str,
) -> Result<(AccountId, Named<Peer>), Failure> {
    let found = documents::everywhere::<Peer>(tx, Some(id)).await?;
    let mut own = found
        .into_iter()
        .filter(|(_owner, peer)| peer.body.is_of(account));
    own.next().ok_or_else(|| missing().into())
}

async fn find_vpc(tx: &mut dyn Tx, vpc: &VpcKey) -> Result<Named<Vpc>, Failure> {
    let found = documents::look_up(tx, &vpc.owner, &vpc.id).await?;
    found.ok_or_else(|| no_vpc().into())
}

fn is_asked_for(call: &ListVpcPeerConnections, peer: &Named<Peer>) -> bool {
    let vpcs = &call.vpc_ids.0;
    let has_vpc = |id: &String| [&peer.body.from.vpc.id, &peer.body.to.vpc.id].contains(&id);
    call.instance_id.as_ref().is_none_or(|id| *id == peer.name)
        && call
            .peer_name
            .as_ref()
            .is_none_or(|name| *name == peer.body.name)
        && (vpcs.is_empty() || vpcs.iter().any(has_vpc))
}

async fn tell(tx: &mut dyn Tx, peer: Named<Peer>) -> Result<response::PeerConnection, Failure> {
    let Peer { from, to, .. } = &peer.body;
    let mut vpcs = Vec::with_capacity(2);
    for side in [from, to] {
        let found = documents::look_up::<Vpc>(tx, &side.vpc.owner, &side.vpc.id).await?;
        let block = found.map(|vpc| vpc.body.block.to_string());
        vpcs.push(response::PeerVpc {
            vpc_id: side.vpc.id.clone(),
            ipv4_cidrs: block.into_iter().collect(),
        });
    }
    let modified = Timestamp::from_millisecond(peer.body.modified).unwrap_or(peer.created);
    Ok(response::PeerConnection {
        instance_id: peer.name,
        status: match peer.body.status {
            Status::Accepting => "Accepting".to_owned(),
            Status::Activated => "Activated".to_owned(),
        },
        biz_status: "Normal".to_owned(),
        owner_id: number(&from.vpc.owner),
        region_id: from.region.to_string(),
        accepting_owner_uid: number(&to.vpc.owner),
        accepting_region_id: to.region.to_string(),
        accepting_vpc: vpcs.pop().unwrap_or_default(),
        vpc: vpcs.pop().unwrap_or_default(),
        bandwidth: -1,
        gmt_create: write_timestamp(peer.created),
        gmt_modified: write_timestamp(modified),
        resource_group_id: String::new(),
        name: peer.body.name,
        description: peer.body.description,
    })
}

fn resource(id: &str) -> Resource<'_> {
    Resource::Of {
        product: "vpc",
        kind: "vpcpeer",
        name: id,
    }
}

fn missing() -> ApiError {
    ApiError::new(
        ErrorCode::PeerNotFound,
        "The specified VPC peering connection does not exist.",
    )
}

fn no_vpc() -> ApiError {
    ApiError::new(
        ErrorCode::PeerVpcNotFound,
        "There is no such VPC in that account and region.",
    )
}

fn exists() -> ApiError {
    ApiError::new(
        ErrorCode::PeerExists,
        "The two VPCs have a peering connection already.",
    )
}

fn not_to_be_accepted() -> ApiError {
    ApiError::new(
        ErrorCode::PeerStatus,
        "The VPC peering connection does not wait for this account to accept it.",
    )
}
