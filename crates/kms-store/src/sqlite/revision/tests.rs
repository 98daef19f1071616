use super::Revision;
use crate::{Area, moment::Areas};

#[test]
fn nothing_is_exact_while_a_commit_is_on_its_way() {
    let revision = Revision::default();
    let before = revision.moment();
    assert_eq!(revision.unchanged_since(&before), Areas::ALL);

    revision.begin(Area::Secrets.into());
    assert_eq!(revision.moment(), before, "nobody was told yet");
    let others = Areas::from(Area::Identity) | Area::Keys.into();
    assert_eq!(revision.unchanged_since(&before), others);

    revision.end();
    let after = revision.moment();
    assert_eq!(
        after.number(Area::Secrets),
        before.number(Area::Secrets) + 1
    );
    assert_eq!(after.number(Area::Keys), before.number(Area::Keys));
    assert_eq!(revision.unchanged_since(&before), others);
    assert_eq!(revision.unchanged_since(&after), Areas::ALL);
}

#[test]
fn what_did_not_happen_changes_nothing() {
    let revision = Revision::default();
    let before = revision.moment();
    revision.begin(Areas::ALL);
    assert_eq!(revision.unchanged_since(&before), Areas::NONE);
    revision.withdraw();
    assert_eq!(revision.unchanged_since(&before), Areas::ALL);
    assert_eq!(revision.moment(), before);
}
