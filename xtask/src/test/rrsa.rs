//! The cluster, as far as RRSA is concerned: whose tokens they are, and the role for them.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};

use super::pod::{Pod, TokenSource};
use crate::test::{
    Server, Stage, clients,
    issuer::{Issuer, Wanted},
};

/// An issuer of tokens, which the account trusts for the pod's service account.
pub(super) struct Cluster<'a> {
    server: &'a Server,
    issuer: Issuer,
    account: String,
    subject: String,
}

/// Where the pod is deployed to.
const NAMESPACE: &str = "default";

/// What stands for `<rolename>` and `<ack cluster id>` in the files.
const ROLE: &str = "kms-agent-demo";
const NAME: &str = "ack-rrsa-c0123456789abcdef";

// === impl Cluster ===

impl<'a> Cluster<'a> {
    /// Does what seed 000 has the user do at the console: an identity provider, a role that
    /// trusts this service account's tokens.
    pub(super) fn set_up(
        stage: &mut Stage<'_>,
        server: &'a Server,
        pod: &Pod,
        folder: &Path,
    ) -> Result<Self> {
        let sdk = clients::sdk_python(stage.project)?;
        let issuer = Issuer::start(stage, server, &sdk, folder)?;
        let subject = format!(
            "system:serviceaccount:{NAMESPACE}:{}",
            pod.service_account()
        );
        let account = folder.join("account");
        let words = [
            "cluster",
            issuer.url(),
            NAME,
            ROLE,
            &subject,
            account.to_str().context("a folder's name")?,
        ];
        clients::administer(stage, server, &sdk, &words)?;
        Ok(Self {
            account: fs::read_to_string(&account).context("reading the account")?,
            server,
            issuer,
            subject,
        })
    }

    /// A line of the file with the user's own values.
    pub(super) fn fill_in(&self, text: &str) -> String {
        text.replace("<account>", &self.account)
            .replace("<rolename>", ROLE)
            .replace("<ack cluster id>", NAME)
    }

    /// Puts the token that a volume is to hold into its folder.
    pub(super) fn project(
        &self,
        stage: &mut Stage<'_>,
        token: &TokenSource,
        folder: &Path,
    ) -> Result<()> {
        let wanted = Wanted {
            subject: &self.subject,
            audience: &token.audience,
            seconds: token.expiration_seconds,
        };
        let file = folder.join(&token.path);
        self.issuer.project(stage, self.server, &wanted, &file)
    }
}
