use super::*;

fn key(number: usize) -> SecretRequest {
    SecretRequest {
        secret: format!("s{number}").parse().unwrap(),
        version_id: None,
        version_stage: None,
    }
}

#[test]
fn forgets_after_its_ttl_and_beyond_its_size() {
    let negative = Negative::new(Duration::from_secs(2));
    let at = Duration::from_secs;
    negative.put(&key(0), &UpstreamError::Timeout, at(10));
    assert!(negative.look(&key(0), at(11)).is_some());
    assert!(negative.look(&key(0), at(12)).is_none());
    for number in 1..=MAX + 1 {
        negative.put(&key(number), &UpstreamError::Timeout, at(12));
    }
    assert!(negative.look(&key(1), at(12)).is_none());
    assert!(negative.look(&key(2), at(12)).is_some());
    assert_eq!(negative.kept().errors.len(), MAX);
}

#[test]
fn a_ttl_of_zero_remembers_nothing() {
    let negative = Negative::new(Duration::ZERO);
    negative.put(&key(0), &UpstreamError::Timeout, Duration::ZERO);
    assert!(negative.look(&key(0), Duration::ZERO).is_none());
}
