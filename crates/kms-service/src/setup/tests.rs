use super::*;
use crate::stand::{Stand, account};

#[tokio::test]
async fn a_user_is_made_once() {
    let stand = Stand::new().await;
    let first = stand.service.ensure_user(&account(), "bob").await.unwrap();
    let again = stand.service.ensure_user(&account(), "bob").await.unwrap();
    assert_eq!(first, again);
    assert_eq!(first.id.len(), 18);
    assert!(first.id.starts_with('2') && first.id.bytes().all(|b| b.is_ascii_digit()));
    let elsewhere = stand
        .service
        .ensure_user(&"77".parse().unwrap(), "bob")
        .await
        .unwrap();
    assert_ne!(elsewhere.id, first.id);
}

#[tokio::test]
async fn a_user_has_two_keys_at_most() {
    let stand = Stand::new().await;
    let second = stand
        .service
        .create_access_key(&account(), "alice")
        .await
        .unwrap();
    assert_ne!(second.id, stand.key.access_key_id);
    assert_eq!(second.id.as_str().len(), 24);
    assert_eq!(second.secret.expose().len(), 30);
    let third = stand.service.create_access_key(&account(), "alice").await;
    assert!(matches!(third, Err(SetupError::TooManyKeys)));
    let nobody = stand.service.create_access_key(&account(), "nobody").await;
    assert!(matches!(nobody, Err(SetupError::NoSuchUser)));
}

#[tokio::test]
async fn user_names_are_as_ram_has_them() {
    let stand = Stand::new().await;
    for name in ["", "a b", "a/b", "\u{503c}", &"x".repeat(65)] {
        let made = stand.service.ensure_user(&account(), name).await;
        assert!(matches!(made, Err(SetupError::UserName)), "{name:?}");
    }
    for name in ["a", "A.b-c_9", &"x".repeat(64)] {
        stand.service.ensure_user(&account(), name).await.unwrap();
    }
}
