use super::*;

#[test]
fn what_is_wrong_is_the_same_wherever_it_stands() {
    let at = |field: &str| Finding::new(field, "is empty").identity();
    assert_eq!(at("spec.data[0].key"), at("spec.data[12].key"));
    assert_ne!(at("spec.data[0].key"), at("spec.data[0].name"));
    assert_ne!(at("spec.data[0].key"), at("spec.dataProcess[0].key"));
}

#[test]
fn texts_are_cut_by_characters() {
    assert_eq!(cut("äöü", 3), "äöü");
    assert_eq!(cut("äöüß", 3), "äö…");
    assert_eq!(quoted("a\nb"), r#""a\nb""#);
}

#[test]
fn a_field_is_part_of_what_it_is_in() {
    assert!(below("spec.data[0].key", "spec.data"));
    assert!(below("spec.data", "spec.data"));
    assert!(!below("spec.dataProcess", "spec.data"));
}
