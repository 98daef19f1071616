use super::*;

#[test]
fn a_hundred_in_a_second_are_written_and_the_others_counted() {
    let flood = Flood::default();
    let source: IpAddr = "192.0.2.1".parse().unwrap();
    let now = Duration::from_secs(7);
    for _ in 0..100 {
        assert_eq!(flood.count(now, source, "A"), Counted::Alone);
    }
    assert_eq!(flood.count(now, source, "A"), Counted::First);
    assert_eq!(flood.count(now, source, "A"), Counted::Among);
    let other = "192.0.2.2".parse().unwrap();
    assert_eq!(flood.count(now, other, "B"), Counted::Among);
    assert_eq!(flood.count(now, other, "B"), Counted::Among);
    assert!(flood.take_over(now).is_none(), "the second is not over");

    let later = now + Duration::from_secs(1);
    let told = flood.take_over(later).unwrap().to_text();
    let expected = [
        ("calls", "3"),
        ("codes", "A 1, B 2"),
        ("sources", "192.0.2.1, 192.0.2.2"),
    ];
    assert_eq!(told, expected.map(|(name, value)| (name, value.to_owned())));
    assert!(flood.take_over(later).is_none());
    assert_eq!(flood.count(later, source, "A"), Counted::Alone);
}
