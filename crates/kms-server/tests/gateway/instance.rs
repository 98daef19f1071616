//! The gateway of an instance: its own protocol, and the products with RAM credentials on
//! the same port (reference kms-api §5.2, §5.3).

use crate::world::{INSTANCE, World};

mod openapi;

/// A world with one secret in the instance and one outside.
async fn with_secrets() -> World {
    let mut world = World::new().await;
    for (name, instance) in [("app/db", INSTANCE), ("outside", "")] {
        let params = [
            ("SecretName", name),
            ("SecretData", "密码"),
            ("VersionId", "v1"),
            ("DKMSInstanceId", instance),
        ];
        world.kms("CreateSecret", &params).await.ok();
    }
    world
}
