use std::time::Duration;

use tokio::time::advance;

use super::{Budget, Retrying};

#[tokio::test(start_paused = true)]
async fn a_quiet_program_always_has_its_retries() {
    let budget = Budget::new();
    for _ in 0..1_000 {
        let mut call = budget.call();
        assert!(call.grant() && call.grant() && call.grant());
    }
}

#[tokio::test(start_paused = true)]
async fn many_calls_at_once_share_one_retry_a_second_and_one_for_ten_calls() {
    let budget = Budget::new();
    let mut on_floor = budget.call();
    assert!(on_floor.grant());
    // Ten are in hand, and the calls themselves earn little.
    let mut calls: Vec<_> = (0..15).map(|_| budget.call()).collect();
    let granted = |calls: &mut Vec<Retrying<'_>>| {
        calls
            .iter_mut()
            .filter(|_| true)
            .map(|call| u32::from(call.grant()))
            .sum::<u32>()
    };
    assert_eq!(granted(&mut calls), 10);
    assert_eq!(granted(&mut calls), 0);
    advance(Duration::from_secs(3)).await;
    assert_eq!(granted(&mut calls), 3);
    drop(calls);
    let more: Vec<_> = (0..20).map(|_| budget.call()).collect();
    let mut last = budget.call();
    assert!(last.grant() && last.grant() && !last.grant());
    drop(more);
}

#[tokio::test(start_paused = true)]
async fn the_floor_passes_on_when_its_call_ends() {
    let budget = Budget::new();
    let mut first = budget.call();
    assert!(first.grant());
    let mut second = budget.call();
    while second.grant() {}
    drop(first);
    assert!(second.grant());
}
