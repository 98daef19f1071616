//! Gateways at work, and what is done beside them: the same for `serve` and `dev`.

use std::{collections::BTreeMap, sync::Arc};

use kms_telemetry::{Lifecycle, Shutdown};
use kms_types::{Clock, InstanceId};
use tokio::task::JoinSet;

use crate::{
    audit::Log,
    backend::Backend,
    deliveries::{self, Deliveries},
    events::{self, EventCounts, Receivers},
    gateway::{self, Admission, Door, Gateway, Limits, Listener, Rates, Routes, Target},
    metrics::Metrics,
    ram_readings,
    rotation::{self, RotationCounts},
    settings::RotationSettings,
    sweep,
    tls::Certificates,
};

/// What all listeners share.
#[derive(Clone)]
pub(crate) struct Serving {
    gateway: Gateway,
    door: Door,
    metrics: Metrics,
    rotations: RotationCounts,
    events: EventCounts,
}

// === impl Serving ===

impl Serving {
    pub(crate) fn new(
        backend: &Backend,
        clock: &Arc<dyn Clock>,
        limits: Limits,
        rates: Rates,
        certificates: Option<Arc<Certificates>>,
    ) -> Self {
        let query_header = Gateway::secret_header();
        let admission = Admission::new(rates, Arc::clone(clock));
        let metrics = Metrics::new(
            admission.clone(),
            backend.audit.clone(),
            backend.database.store(),
            certificates,
            backend.rotations.clone(),
            backend.events.clone(),
        );
        let counting = metrics.clone();
        Self {
            metrics,
            rotations: backend.rotations.clone(),
            events: backend.events.clone(),
            door: Door::new(limits, query_header.clone()),
            gateway: Gateway {
                service: backend.service.clone(),
                audit: backend.audit.clone(),
                clock: Arc::clone(clock),
                limits,
                query_header,
                admission: Some(admission),
                counter: Some(Arc::new(move |told| counting.call(told))),
            },
        }
    }

    /// What is counted.
    pub(crate) fn metrics(&self) -> Metrics {
        self.metrics.clone()
    }

    /// The shared gateway.
    pub(crate) fn openapi(&self) -> Routes {
        self.gateway.clone().openapi().into()
    }

    /// The gateway of one instance.
    pub(crate) fn instance(&self, id: InstanceId) -> Routes {
        self.gateway.clone().instance(id).into()
    }

    /// Who answers at an instance that was bought.
    pub(crate) fn target(&self, id: &InstanceId) -> Target {
        Target::Calls(self.gateway.clone().instance(id.clone()))
    }

    /// Those of several, told apart by name; if there is but one, other names lead to it.
    pub(crate) fn instances(&self, instances: &[(InstanceId, Vec<String>)]) -> Routes {
        let mut by_name = BTreeMap::new();
        let mut all: Vec<Target> = Vec::new();
        for (id, names) in instances {
            let target = self.target(id);
            for name in names {
                by_name.insert(name.to_ascii_lowercase(), target.clone());
            }
            all.push(target);
        }
        let sole = if all.len() == 1 { all.pop() } else { None };
        Routes::by_name(by_name, sole)
    }
}

/// Serves, rotates with so many workers, tells these of events and delivers findings there, until the program is
/// told to end; then each task
/// ends when its requests have.
pub(crate) fn serve(
    serving: Serving,
    doors: Vec<(Listener, Routes)>,
    settings: &RotationSettings,
    (receivers, deliveries): (Receivers, Deliveries),
    shutdown: &Shutdown,
) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    for (listener, routes) in doors {
        tasks.spawn(gateway::serve(
            listener,
            routes,
            serving.door.clone(),
            shutdown.clone(),
        ));
    }
    let Gateway {
        service,
        audit,
        limits,
        ..
    } = serving.gateway;
    let drain = limits.drain_time;
    rotation::start(&mut tasks, &service, settings.workers, shutdown, drain);
    if settings.health_check_interval.is_positive() {
        tasks.spawn(rotation::check_health(
            service.clone(),
            settings.health_check_interval,
            shutdown.clone(),
            drain,
        ));
    }
    tasks.spawn(rotation::watch(
        service.clone(),
        serving.rotations,
        shutdown.clone(),
    ));
    tasks.spawn(deliveries::deliver(
        service.clone(),
        Arc::new(deliveries),
        serving.events.deliveries().clone(),
        shutdown.clone(),
    ));
    tasks.spawn(events::watch(
        service.clone(),
        serving.events,
        shutdown.clone(),
    ));
    tasks.spawn(events::tell(
        service.clone(),
        audit.clone(),
        Arc::new(receivers),
        shutdown.clone(),
    ));
    tasks.spawn(ram_readings::read(service.clone(), shutdown.clone()));
    tasks.spawn(sweep::sweep(service, audit, shutdown.clone()));
    tasks
}

/// Whoever moves the audit log's file away says so by SIGHUP.
pub(crate) async fn reopen(audit: Log, mut lifecycle: Lifecycle, mut shutdown: Shutdown) {
    loop {
        tokio::select! {
            biased;
            () = shutdown.draining() => return,
            () = lifecycle.reload() => {
                audit.reopen();
                audit.note("reload", &[]);
            }
        }
    }
}
