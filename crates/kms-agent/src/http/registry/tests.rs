use super::*;

fn admit(registry: &Registry) -> (Arc<Connection>, tokio::task::JoinHandle<()>) {
    let address = "127.0.0.1:1".parse().unwrap();
    let connection = registry.admit(address, address);
    let task = tokio::spawn(std::future::pending());
    registry.insert(Arc::clone(&connection), task.abort_handle());
    (connection, task)
}

fn pass(registry: &Registry, seconds: u64) {
    for _ in 0..seconds * TICKS_PER_SECOND {
        registry.tick();
    }
}

#[tokio::test]
async fn each_phase_has_its_deadline() {
    let registry = Registry::default();
    let [head, idle, busy, stalled] = [(); 4].map(|()| admit(&registry));
    idle.0.enter(Phase::Idle, 0);
    busy.0.enter(Phase::Busy, 0);
    stalled.0.enter(Phase::Idle, 0);
    stalled.0.stall(0);
    pass(&registry, 10);
    assert_eq!(registry.len(), 4);
    registry.tick();
    assert!(head.1.await.unwrap_err().is_cancelled());
    pass(&registry, 10);
    assert!(stalled.1.await.unwrap_err().is_cancelled());
    pass(&registry, 40);
    assert!(idle.1.await.unwrap_err().is_cancelled());
    pass(&registry, 1000);
    assert_eq!(registry.len(), 1);
    assert!(!busy.1.is_finished());
}

#[tokio::test]
async fn a_head_that_trickles_is_cut_all_the_same() {
    let registry = Registry::default();
    let (connection, task) = admit(&registry);
    connection.enter(Phase::Idle, 0);
    for _ in 0..11 {
        connection.received(registry.now());
        pass(&registry, 1);
    }
    assert!(task.await.unwrap_err().is_cancelled());
}

#[tokio::test]
async fn a_refused_body_is_taken_for_two_seconds() {
    let registry = Registry::default();
    let (connection, task) = admit(&registry);
    connection.enter(Phase::Busy, 0);
    connection.enter(Phase::Closing, 0);
    connection.answered(0);
    connection.received(0);
    assert!(connection.is_out_of_step());
    pass(&registry, 2);
    assert_eq!(registry.len(), 1);
    registry.tick();
    assert!(task.await.unwrap_err().is_cancelled());
}

#[tokio::test]
async fn the_idlest_makes_room() {
    let registry = Registry::default();
    let [head, later, idle, busy] = [(); 4].map(|()| admit(&registry));
    idle.0.enter(Phase::Idle, 1);
    later.0.enter(Phase::Idle, 2);
    busy.0.enter(Phase::Busy, 0);
    for (_, task) in [idle, later, head] {
        assert!(registry.evict());
        assert!(task.await.unwrap_err().is_cancelled());
    }
    assert!(!registry.evict());
    assert!(!busy.1.is_finished());
}
