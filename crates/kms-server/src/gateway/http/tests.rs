use super::apart;

#[tokio::test]
async fn a_defect_ends_its_own_request_alone() {
    let defect: Option<()> = apart(async { panic!("expected") }).await;
    assert_eq!(defect, None);
    assert_eq!(apart(async { 1 }).await, Some(1));
}
