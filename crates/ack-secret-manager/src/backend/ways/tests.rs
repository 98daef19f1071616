use std::sync::Arc;

use kms_testkit::TestCa;
use kms_types::{Env, RegionId};

use super::{Transports, Ways};

fn transports(region: Option<&str>) -> Transports {
    let region = region.map(|text| text.parse::<RegionId>().unwrap());
    Transports::new(Env::default(), region, None)
}

#[test]
fn all_who_believe_the_same_share_a_way() {
    let ways = transports(Some("cn-hangzhou"));
    let (ca, other) = (TestCa::new().pem(), TestCa::new().pem());
    let private = |pem: &str| ways.private(pem.as_bytes()).unwrap();

    assert!(Arc::ptr_eq(
        &ways.public().unwrap(),
        &ways.public().unwrap()
    ));
    assert!(Arc::ptr_eq(
        &ways.instances().unwrap(),
        &ways.instances().unwrap()
    ));
    let first = private(&ca);
    assert!(Arc::ptr_eq(&first, &private(&ca)));
    assert!(!Arc::ptr_eq(&first, &private(&other)));
    assert!(!Arc::ptr_eq(&first, &ways.public().unwrap()));
}

#[test]
fn a_way_that_no_store_has_any_more_is_forgotten() {
    let ways = transports(None);
    let (ca, other) = (TestCa::new().pem(), TestCa::new().pem());
    drop(ways.private(ca.as_bytes()).unwrap());
    let _kept = ways.private(other.as_bytes()).unwrap();
    assert_eq!(ways.shared().private.len(), 1);
}

#[test]
fn what_is_missing_for_a_way_is_said() {
    for (region, expected) in [
        (
            None,
            "which private CA KMS instances have depends on the region; start the operator with \
             --region",
        ),
        (
            Some("cn-fuzhou"),
            "no private CA is known for KMS instances in cn-fuzhou; name its file with \
             --kms-ca-file: the console hands it out, and GetKmsInstance as CaCertificateChainPem",
        ),
    ] {
        let why = transports(region).instances().err();
        assert_eq!(why.as_deref(), Some(expected));
    }
    let why = transports(None).private(b"canary").err();
    assert_eq!(why.as_deref(), Some("holds no certificate in PEM"));
}
