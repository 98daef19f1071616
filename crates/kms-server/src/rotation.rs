//! Rotates secrets, as long as the program runs.

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use kms_service::{HealthChecks, Rams, Rotation, RotationNews, Rotators, Service};
use kms_telemetry::Shutdown;
use tokio::{task::JoinSet, time::sleep};
use uuid::Uuid;

use crate::{
    audit::Log, backend::Backend, database::Database, periods::Periods, settings::RotationSettings,
};

mod counts;
mod turns;

pub use counts::RotationCounts;
use turns::Turns;

/// How old the numbers of the metrics may be.
const WATCH_PERIOD: Duration = Duration::from_secs(15);

/// Lets these rotators and RAMs rotate secrets, counts what becomes of it and writes it down.
/// Before the first call, and once.
pub fn set(
    backend: &Backend,
    rotators: Arc<dyn Rotators>,
    rams: Arc<dyn Rams>,
    settings: &RotationSettings,
) {
    let audit = backend.audit.clone();
    let counts = backend.rotations.clone();
    backend.service.set_rotation(Rotation {
        rotators,
        rams,
        windows: settings.windows,
        least_interval: settings.least_interval,
        lease: Rotation::default().lease,
        told: Arc::new(move |news| {
            counts.count(news.event);
            note(&audit, news);
        }),
    });
}

/// Goes on at once with what a server of before was doing when it died, where nobody else can
/// be at it: the file of SQLite is one process's. On PostgreSQL that one may live, and its
/// leases have to end.
pub async fn inherit(backend: &Backend) {
    if !matches!(backend.database, Database::Sqlite(_)) {
        return;
    }
    match backend.service.inherit().await {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "rotations are gone on with that were cut off"),
        // It is gone on with when its leases end.
        Err(reason) => {
            tracing::warn!(error = %reason, "cannot go on at once with what was cut off");
        }
    }
}

/// Starts as many workers as are wanted. Each works until the program is told to end; a step
/// that is under way then has this long to come to its end, and is done again by whoever goes
/// on if it has not. What fails is logged, and tried again later.
pub fn start(
    tasks: &mut JoinSet<()>,
    service: &Service,
    workers: usize,
    shutdown: &Shutdown,
    drain: Duration,
) {
    let turns = Arc::new(Turns::default());
    for _ in 0..workers {
        let (service, turns) = (service.clone(), Arc::clone(&turns));
        tasks.spawn(work(service, turns, shutdown.clone(), drain));
    }
}

/// Looks now and then whether RAM takes the current AccessKeys, so often each; what a look that
/// is under way when the program is told to end came to, it may still write down for so long.
pub async fn check_health(
    service: Service,
    interval: SignedDuration,
    mut shutdown: Shutdown,
    drain: Duration,
) {
    let mut checks = HealthChecks::new(Uuid::new_v4().to_string(), interval);
    let mut watch = shutdown.clone();
    while !shutdown.is_draining() {
        let wait = tokio::select! {
            biased;
            checked = service.check_health(&mut checks) => checked.unwrap_or_else(|reason| {
                tracing::warn!(error = %reason, "cannot see whether AccessKeys are good");
                WATCH_PERIOD
            }),
            () = async {
                watch.draining().await;
                sleep(drain).await;
            } => return,
        };
        tokio::select! {
            biased;
            () = shutdown.draining() => return,
            () = sleep(wait) => {}
        }
    }
}

/// Looks now and then how much there is to do, for the metrics.
pub async fn watch(service: Service, counts: RotationCounts, shutdown: Shutdown) {
    let mut periods = Periods::new(WATCH_PERIOD, shutdown);
    while periods.next().await {
        match service.rotation_load().await {
            Ok(load) => counts.load(load),
            Err(reason) => tracing::debug!(error = %reason, "cannot count rotations"),
        }
    }
}

async fn work(service: Service, turns: Arc<Turns>, mut shutdown: Shutdown, drain: Duration) {
    // Workers of all servers that share a store are told apart by it.
    let owner = Uuid::new_v4().to_string();
    let mut watch = shutdown.clone();
    loop {
        tokio::select! {
            biased;
            () = shutdown.draining() => return,
            () = turns.next() => {}
        }
        tokio::select! {
            biased;
            () = all(&service, &owner, &turns, &shutdown) => {}
            () = async {
                watch.draining().await;
                sleep(drain).await;
            } => {
                tracing::warn!("a step of a rotation was cut off; it is done again later");
                return;
            }
        }
    }
}

/// All that is to be done now.
async fn all(service: &Service, owner: &str, turns: &Turns, shutdown: &Shutdown) {
    while !shutdown.is_draining() {
        match service.rotate(owner).await {
            Ok(true) => turns.there_is_more(),
            Ok(false) => return,
            Err(reason) => {
                tracing::warn!(error = %reason, "cannot go on with rotations");
                return;
            }
        }
    }
}

/// Of AccessKeys the ids, and nothing else.
fn note(audit: &Log, news: &RotationNews<'_>) {
    let mut about = vec![
        ("account", news.account.as_str()),
        ("secret", news.secret.as_str()),
        ("version", news.version.as_str()),
        ("rotation", news.event.as_str()),
    ];
    about.extend(news.old_key.map(|id| ("oldAccessKeyId", id.as_str())));
    about.extend(news.new_key.map(|id| ("newAccessKeyId", id.as_str())));
    let last_used = news.old_key_used.map(|last| last.to_string());
    about.extend(
        last_used
            .as_deref()
            .map(|last| ("oldAccessKeyLastUsed", last)),
    );
    if !news.reason.is_empty() {
        about.push(("reason", news.reason));
    }
    audit.note("rotation", &about);
}
