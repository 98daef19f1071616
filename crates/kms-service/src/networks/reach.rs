//! Which addresses reach which networks.

use std::collections::BTreeSet;

use kms_store::Tx;
use kms_types::VpcBlock;

use super::{VpcKey, cen, peers, vpcs::Vpc};
use crate::{documents, failure::Failure, instances::Attachment};

/// The addresses that reach them. A connection counts once: who is connected with one that is
/// connected is not (the cloud's documentation of peering), and a Cloud Enterprise Network
/// connects all that it has with each other.
pub(super) async fn blocks(
    tx: &mut dyn Tx,
    networks: &[Attachment],
) -> Result<Vec<VpcBlock>, Failure> {
    let own: BTreeSet<VpcKey> = networks.iter().map(VpcKey::from).collect();
    let mut all = own.clone();
    for peer in peers::all(tx).await? {
        all.extend(own.iter().filter_map(|vpc| peer.other_side(vpc)).cloned());
    }
    for vpc in &own {
        all.extend(cen::neighbours(tx, vpc).await?);
    }
    let mut blocks = Vec::with_capacity(all.len());
    for vpc in all {
        let found = documents::look_up::<Vpc>(tx, &vpc.owner, &vpc.id).await?;
        blocks.extend(found.map(|vpc| vpc.body.block));
    }
    Ok(blocks)
}

impl From<&Attachment> for VpcKey {
    fn from(attachment: &Attachment) -> Self {
        Self {
            owner: attachment.owner.clone(),
            id: attachment.vpc.clone(),
        }
    }
}
