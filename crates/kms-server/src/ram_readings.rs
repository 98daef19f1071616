//! RAMs that are not this server's own are read for the rules of Cloud Config, now and then.

use std::time::Duration;

use kms_service::{Pace, Service};
use kms_telemetry::Shutdown;
use tokio::{select, time::sleep};
use uuid::Uuid;

use crate::periods::Periods;

/// How often it is looked whether it is time.
const PERIOD: Duration = Duration::from_mins(10);
/// What comes within this time of a change is read with it.
const SETTLED: Duration = Duration::from_secs(2);

/// Reads them until the program is told to end: in each period, and when a rotation of this
/// server's or a call has changed what they say. A reading that is under way then is dropped,
/// for nothing depends on its end.
pub(crate) async fn read(service: Service, mut shutdown: Shutdown) {
    // Servers that share a store are told apart by it.
    let owner = Uuid::new_v4().to_string();
    let pace = Pace::default();
    let mut periods = Periods::new(PERIOD, shutdown.clone());
    loop {
        select! {
            is_time = periods.next() => if !is_time {
                return;
            },
            () = service.ram_is_wanted() => sleep(SETTLED).await,
        }
        select! {
            biased;
            () = shutdown.draining() => return,
            done = service.read_rams(&owner, &pace) => if let Err(reason) = done {
                tracing::warn!(error = %reason, "cannot read the RAMs of [[ram]]");
            },
        }
    }
}
