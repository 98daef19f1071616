use std::sync::Arc;

use kms_types::SecretName;

use super::Anchors;

fn name(at: u64) -> SecretName {
    format!("s-{at:07}").parse().unwrap()
}

fn noted(anchors: &Arc<Anchors>, total: u64, at: u64) -> Option<Arc<Anchors>> {
    anchors.with(total, [(at, &name(at))])
}

#[test]
fn the_nearest_one_before_is_found() {
    let anchors = Arc::new(Anchors::default());
    let anchors = noted(&anchors, 1000, 300).unwrap();
    let anchors = noted(&anchors, 1000, 100).unwrap();
    assert_eq!(anchors.before(99), None);
    assert_eq!(anchors.before(100), Some((100, &name(100))));
    assert_eq!(anchors.before(299), Some((100, &name(100))));
    assert_eq!(anchors.before(u64::MAX), Some((300, &name(300))));
}

#[test]
fn nothing_is_noted_near_the_start_or_another() {
    let anchors = Arc::new(Anchors::default());
    assert!(noted(&anchors, 1000, 63).is_none(), "near the start");
    let anchors = noted(&anchors, 1000, 200).unwrap();
    for near in [137, 200, 263] {
        assert!(noted(&anchors, 1000, near).is_none(), "{near}");
    }
    for far in [136, 264] {
        assert!(noted(&anchors, 1000, far).is_some(), "{far}");
    }
}

#[test]
fn a_list_of_any_length_has_about_a_thousand() {
    const TOTAL: u64 = 1_000_000;
    let mut anchors = Arc::new(Anchors::default());
    for at in (0..TOTAL).step_by(10) {
        anchors = noted(&anchors, TOTAL, at).unwrap_or(anchors);
    }
    let kept = anchors.0.len();
    assert!((900..=1024).contains(&kept), "{kept}");
}
