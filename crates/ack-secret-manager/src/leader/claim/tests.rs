use std::time::Duration;

use k8s_openapi::api::coordination::v1::LeaseSpec;
use tokio::time::Instant;

use super::{Claim, claim};

fn lease(holder: &str, renewals: i32) -> LeaseSpec {
    LeaseSpec {
        holder_identity: Some(holder.to_owned()),
        lease_duration_seconds: Some(15),
        // Stands for the time of renewal: any change counts.
        lease_transitions: Some(renewals),
        ..LeaseSpec::default()
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_is_nobodys_is_taken_at_once() {
    let now = Instant::now();
    assert_eq!(claim(None, "a", None, now), Claim::Take);
    assert_eq!(claim(Some(&lease("", 0)), "a", None, now), Claim::Take);
}

#[tokio::test(start_paused = true)]
async fn ones_own_is_renewed() {
    let now = Instant::now();
    assert_eq!(claim(Some(&lease("a", 0)), "a", None, now), Claim::Renew);
}

#[tokio::test(start_paused = true)]
async fn anothers_is_taken_when_it_was_not_renewed_for_its_duration() {
    let began = Instant::now();
    let first = claim(Some(&lease("b", 0)), "a", None, began);
    let later = began + Duration::from_secs(15);
    let second = claim(Some(&lease("b", 0)), "a", first.seen().cloned(), later);
    assert!(matches!(second, Claim::Wait(_)), "{second:?}");
    let over = later + Duration::from_millis(1);
    assert_eq!(
        claim(Some(&lease("b", 0)), "a", second.seen().cloned(), over),
        Claim::Take
    );
}

#[tokio::test(start_paused = true)]
async fn a_renewal_begins_its_duration_anew() {
    let began = Instant::now();
    let first = claim(Some(&lease("b", 0)), "a", None, began);
    let renewed = began + Duration::from_secs(14);
    let second = claim(Some(&lease("b", 1)), "a", first.seen().cloned(), renewed);
    let later = renewed + Duration::from_secs(14);
    let third = claim(Some(&lease("b", 1)), "a", second.seen().cloned(), later);
    assert!(matches!(third, Claim::Wait(_)), "{third:?}");
}
