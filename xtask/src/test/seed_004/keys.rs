//! ClientKeys that an administrator hands out, and the Kubernetes Secret that has one of them.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::json;

use super::scene::{SHOP, Scene};
use crate::test::kubernetes::Kind;

/// The content of both files.
#[derive(Clone, Debug)]
pub(super) struct ClientKey {
    pub(super) id: String,
    content: Vec<u8>,
    pub(super) password: Vec<u8>,
}

// === impl ClientKey ===

impl ClientKey {
    /// The one that `dev` made.
    pub(super) fn of_dev(scene: &Scene) -> Result<Self> {
        let path = |name| scene.server.env(name).map(Path::new);
        Self::read(
            "",
            path("KMS_CLIENT_KEY_FILE")?,
            path("KMS_CLIENT_KEY_PASSWORD_FILE")?,
        )
    }

    /// Another of the same access point; with these words for `ctl`.
    pub(super) fn create(scene: &Scene, words: &[&str]) -> Result<Self> {
        let folder = scene.folder.path().display().to_string();
        let create = ["aap", "client-key", "create", "dev", "--dir", &folder];
        let told = scene.ctl(&[&create, words].concat(), "")?;
        let last = |name: &str| {
            let line = told.lines().find(|line| line.starts_with(name));
            let word = line.and_then(|line| line.split_ascii_whitespace().last());
            word.with_context(|| format!("ctl told no {name}"))
        };
        Self::read(
            last("ClientKeyId")?,
            Path::new(last("key file")?),
            Path::new(last("password file")?),
        )
    }

    /// Deletes it in KMS.
    pub(super) fn delete(&self, scene: &Scene) -> Result<()> {
        scene
            .ctl(&["aap", "client-key", "delete", &self.id, "--yes"], "")
            .map(drop)
    }

    /// Content and password as a Secret has them.
    pub(super) fn encoded(&self) -> [String; 2] {
        [&self.content, &self.password].map(|bytes| BASE64_STANDARD.encode(bytes))
    }

    /// Makes it the one of the store.
    pub(super) fn put(&self, scene: &Scene) -> Result<()> {
        let [content, password] = self.encoded();
        put(scene, &content, &password)
    }

    /// Makes it the one of the store, with a password that is not its own.
    pub(super) fn put_with(&self, scene: &Scene, password: &str) -> Result<()> {
        let [content, _] = self.encoded();
        put(scene, &content, &BASE64_STANDARD.encode(password))
    }

    fn read(id: &str, key: &Path, password: &Path) -> Result<Self> {
        let read =
            |path: &Path| fs::read(path).with_context(|| format!("reading {}", path.display()));
        Ok(Self {
            id: id.to_owned(),
            content: read(key)?,
            password: read(password)?.trim_ascii().to_vec(),
        })
    }
}

fn put(scene: &Scene, content: &str, password: &str) -> Result<()> {
    let change = json!({"data": {"content": content, "password": password}});
    scene
        .client
        .merge(&Kind::named("Secret"), SHOP, "client-key", &change)?;
    Ok(())
}
