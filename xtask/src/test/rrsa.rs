//! A cluster, as far as RRSA is concerned: whose tokens they are, and the role for them.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};

use super::{
    Server, Stage, clients,
    issuer::{Issuer, Wanted},
};

/// An issuer of tokens, which the account trusts for one ServiceAccount.
pub(super) struct Rrsa<'a> {
    server: &'a Server,
    issuer: Issuer,
    /// Who trusts it.
    pub(super) account: String,
    subject: String,
}

/// What stands for `<rolename>` in the files.
pub(super) const ROLE: &str = "kms-agent-demo";

/// The id of an ACK cluster.
pub(super) const CLUSTER: &str = "c0123456789abcdef";

// === impl Rrsa ===

impl<'a> Rrsa<'a> {
    /// Does what seed 000 has the user do at the console: an identity provider, a role that
    /// trusts the tokens of this ServiceAccount.
    pub(super) fn set_up(
        stage: &mut Stage<'_>,
        server: &'a Server,
        (namespace, name): (&str, &str),
        folder: &Path,
    ) -> Result<Self> {
        let sdk = clients::sdk_python(stage.project)?;
        let issuer = Issuer::start(stage, server, &sdk, folder)?;
        let subject = format!("system:serviceaccount:{namespace}:{name}");
        let provider = provider();
        let account = folder.join("account");
        let words = [
            "cluster",
            issuer.url(),
            &provider,
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
            .replace("<ack cluster id>", &provider())
    }

    /// Puts a token for this audience, of this many seconds, into a file.
    pub(super) fn project(
        &self,
        stage: &mut Stage<'_>,
        (audience, seconds): (&str, u32),
        file: &Path,
    ) -> Result<()> {
        let wanted = Wanted {
            subject: &self.subject,
            audience,
            seconds,
        };
        self.issuer.project(stage, self.server, &wanted, file)
    }
}

/// What ACK calls its identity provider.
fn provider() -> String {
    format!("ack-rrsa-{CLUSTER}")
}
