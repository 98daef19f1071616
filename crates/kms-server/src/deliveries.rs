//! Sends findings where channels of Cloud Config say: to the cloud, to what a team has in its place,
//! or to a file. Each channel gets each finding at least once and in their order, whichever server
//! sends and however often it restarts: what waits is in the store (`kms_service::Backlog`).
//! Channels do not wait for each other.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use kms_service::{Backlog, DeliveryTarget, Notice, Outcome, Service, SetupError};
use kms_telemetry::Shutdown;
use kms_types::AccountId;
use kms_wire::request::ChannelKind;
use tokio::{task::JoinSet, time::timeout};
use uuid::Uuid;

use crate::periods::Periods;

mod bucket;
mod counts;
mod file;
mod hook;
mod logstore;
mod open;
mod place;

pub(crate) use counts::DeliveryCounts;
use file::Lines;
pub use open::DeliveryError;
use place::{Parcel, Place, Refusal};

/// Where findings go, by what channels name.
pub struct Deliveries {
    /// Of channels that name anything else: the data folder's `deliveries`.
    folder: PathBuf,
    mapped: BTreeMap<String, Mapped>,
}

/// Where those of one target go.
struct Mapped {
    place: Arc<dyn Place>,
    /// Whose channels may.
    accounts: Accounts,
    /// The largest, in bytes, unless it is the cloud's.
    limit: Option<usize>,
}

enum Accounts {
    Everybody,
    These(Vec<AccountId>),
}

/// How often it is looked whether there is something to send.
const PERIOD: Duration = Duration::from_secs(5);
/// How long a place may take: less than what a server has to itself.
const PATIENCE: Duration = Duration::from_mins(1);

/// Sends what there is to send, until the program is told to end. What fails is logged, and tried
/// again later.
pub(crate) async fn deliver(
    service: Service,
    deliveries: Arc<Deliveries>,
    counts: DeliveryCounts,
    shutdown: Shutdown,
) {
    // Servers that share a store are told apart by it.
    let owner = Uuid::new_v4().to_string();
    let mut periods = Periods::new(PERIOD, shutdown.clone());
    while periods.next().await {
        let round = deliveries.round(&service, &owner, &counts, &shutdown);
        if let Err(reason) = round.await {
            tracing::warn!(error = %reason, "cannot look for findings to deliver");
        }
    }
}

// === impl Deliveries ===

impl Deliveries {
    /// All to files in that folder.
    pub(crate) fn of_files(folder: PathBuf) -> Self {
        Self {
            folder,
            mapped: BTreeMap::new(),
        }
    }

    /// Sends what waits now, some of it if it is much; each channel's by itself.
    async fn round(
        self: &Arc<Self>,
        service: &Service,
        owner: &str,
        counts: &DeliveryCounts,
        shutdown: &Shutdown,
    ) -> Result<(), SetupError> {
        let mut channels = JoinSet::new();
        for backlog in service.backlogs(owner).await? {
            let (own, service, owner) = (Arc::clone(self), service.clone(), owner.to_owned());
            let (counts, shutdown) = (counts.clone(), shutdown.clone());
            channels.spawn(async move {
                let sent = own.send(&service, &owner, &backlog, &counts, &shutdown);
                if let Err(reason) = sent.await {
                    let channel = backlog.channel;
                    tracing::warn!(channel, error = %reason, "cannot write down what was delivered");
                }
            });
        }
        while channels.join_next().await.is_some() {}
        Ok(())
    }

    /// Sends a channel's, until one fails: none overtakes it.
    async fn send(
        &self,
        service: &Service,
        owner: &str,
        backlog: &Backlog,
        counts: &DeliveryCounts,
        shutdown: &Shutdown,
    ) -> Result<(), SetupError> {
        for notice in &backlog.notices {
            if shutdown.is_draining() {
                break;
            }
            let (place, outcome) = self.one(backlog, notice).await;
            counts.note(place, &outcome);
            let may_go_on = service.note_delivery(owner, backlog, notice, &outcome);
            if !may_go_on.await? || matches!(outcome, Outcome::Failed(_)) {
                break;
            }
        }
        Ok(())
    }

    /// Sends one; to what kind of place, and what came of it.
    async fn one(&self, backlog: &Backlog, notice: &Notice) -> (&'static str, Outcome) {
        let parcel = Parcel::new(&backlog.channel, notice, backlog.kind == ChannelKind::Mns);
        let (mut place, limit) = self.place(backlog, &backlog.target);
        let limit = limit.unwrap_or(usize::MAX);
        let size = parcel.body.len();
        if size > limit {
            let Some(oversized) = &backlog.oversized else {
                log(backlog, notice, "it is too large for the channel's target");
                let why = format!(
                    "a finding of {size} bytes is larger than {limit}, and there is no \
                     OversizedDataOSSTargetArn"
                );
                return (place.kind(), Outcome::Dropped(why));
            };
            (place, _) = self.place(backlog, oversized);
        }
        let put = timeout(PATIENCE, place.put(&parcel)).await;
        let put = put.unwrap_or_else(|_elapsed| Err(Refusal::of("it takes too long")));
        let outcome = match put {
            Ok(()) => Outcome::Sent,
            Err(Refusal { shown, more }) => {
                log(backlog, notice, more.as_ref().unwrap_or(&shown));
                Outcome::Failed(shown)
            }
        };
        (place.kind(), outcome)
    }

    /// Where a channel's findings go that are for that ARN, and how large they may be.
    fn place(&self, backlog: &Backlog, target: &str) -> (Arc<dyn Place>, Option<usize>) {
        let mapped = self.mapped.get(target);
        if let Some(mapped) = mapped.filter(|mapped| mapped.accounts.have(&backlog.account)) {
            let limit = mapped.limit.or_else(|| usual_limit(target));
            return (Arc::clone(&mapped.place), limit);
        }
        let lines = Lines {
            folder: self.folder.clone(),
        };
        (Arc::new(lines), None)
    }
}

/// What the cloud takes (reference accesskey §5.2; larger findings go to the bucket for them): a
/// log of 1 MB, a message of 64 KB. An object may be as large as it likes.
fn usual_limit(target: &str) -> Option<usize> {
    if target.starts_with("acs:log:") {
        Some(1 << 20)
    } else if target.starts_with("acs:mns:") {
        Some(64 << 10)
    } else {
        None
    }
}

fn log(backlog: &Backlog, notice: &Notice, reason: &str) {
    let Backlog {
        account, channel, ..
    } = backlog;
    let event = notice.id.as_str();
    tracing::warn!(%account, channel, event, reason, "cannot deliver a finding");
}

// === impl Accounts ===

impl Accounts {
    /// That of the ARN, and these. A channel names any ARN that it likes: who runs the server says
    /// whose findings may come into a place.
    fn of(target: &str, more: &[AccountId]) -> Self {
        let own: Option<DeliveryTarget> = target.parse().ok();
        let own = own.and_then(|target| target.account.parse().ok());
        Self::These(own.into_iter().chain(more.iter().cloned()).collect())
    }

    fn have(&self, account: &AccountId) -> bool {
        match self {
            Self::Everybody => true,
            Self::These(these) => these.contains(account),
        }
    }
}

#[cfg(test)]
mod tests;
