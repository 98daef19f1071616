use super::label_of;

/// 253 characters, with dots at the end of what there is room for.
fn longest(end: &str) -> String {
    let begin = "a".repeat(44);
    let middle = "b".repeat(253 - begin.len() - 4 - end.len());
    format!("{begin}..x.{middle}{end}")
}

#[test]
fn a_name_that_fits_is_the_label() {
    let name = "a".repeat(63);
    assert_eq!(label_of(&name), name);
    assert_eq!(label_of("shop.db"), "shop.db");
}

#[test]
fn a_longer_name_is_cut_and_still_tells_two_apart() {
    let (one, other) = (label_of(&longest("1")), label_of(&longest("2")));
    assert_ne!(one, other);
    for label in [&one, &other] {
        assert_eq!(label.len(), 63, "{label}");
        assert!(label.starts_with("aaaa"), "{label}");
        assert!(
            label.ends_with(|c: char| c.is_ascii_alphanumeric()),
            "{label}"
        );
    }
}
