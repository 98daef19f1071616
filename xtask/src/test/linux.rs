//! deploy/linux, installed as seed 000 says, in a root of its own: install.sh as it is run, the
//! unit as systemd reads it, the agent as the unit starts it.

use anyhow::{Context as _, Result, ensure};
use kms_testkit::LeakCheck;

use super::{
    Server, Stage,
    deployment::{Sandbox, shipped_agent},
};

mod booted;
mod by_hand;
mod install;
mod root;
mod unit;

use root::Root;

/// The service, its user and its group.
const NAME: &str = "alibabacloud-kms-agent";

/// Another user of the machine: an application.
const APPLICATION: &str = "shop";

/// A port that takes a privilege, to show that any will do.
const OTHER_PORT: u16 = 80;

/// How to ask for the demo secret: as which user, where.
struct Reader<'a> {
    user: &'a str,
    address: &'a str,
}

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    shipped_agent(stage)?;
    let sandbox = Sandbox::open(stage)?;
    let server = Server::start_in(stage, &sandbox)?;
    let root = Root::make(stage, &sandbox)?;
    root.write_credentials(
        server.env("ALIBABA_CLOUD_ACCESS_KEY_ID")?,
        server.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?,
    )?;
    let canaries = LeakCheck::default().with(
        "the AccessKey secret",
        server.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?.as_bytes(),
    );

    install::check(stage, &root, &canaries)?;
    let verified = unit::verify(stage, &root);
    stage.check("systemd-finds-no-fault-in-the-unit", verified);
    let exposure = unit::exposure(stage, &root);
    stage.check("exposure-is-at-most-1.5", exposure);

    // Only where KMS is; everything else stays as it was shipped.
    root.point_at(&format!("http://{}", server.env("KMS_ENDPOINT")?))?;
    let started = by_hand::own_user(stage, &root);
    stage.check("agent-as-the-units-user-and-a-reader-in-its-group", started);
    booted::check(stage, &root);
    let changed = by_hand::changed(stage, &root);
    stage.check("agent-as-the-applications-user-on-another-port", changed);

    let asked = install::asked(stage, &root);
    stage.check("install-asks-at-a-terminal", asked);
    let logs = root.logs()?;
    ensure!(!logs.is_empty(), "the agent wrote no log");
    let found = canaries.find(&logs);
    stage.check("the-agents-log-holds-no-secret", none(&found));
    drop(root);
    stage.check("server-ends-well", server.stop_clean(canaries));
    Ok(())
}

// === impl Reader ===

impl Reader<'_> {
    /// Reads the token, and with it the secret, like an application that has a shell.
    fn script(&self) -> String {
        format!(
            "exec setpriv --reuid={user} --regid={user} --init-groups -- sh -c \
             'busybox wget -q -O - --header \"X-KMS-Token: $(cat /var/run/kmstoken)\" \
             \"http://{address}/secretsmanager/get?secretId=agent-test\"'",
            user = self.user,
            address = self.address
        )
    }
}

fn none(found: &[String]) -> Result<()> {
    ensure!(found.is_empty(), "found: {}", found.join(", "));
    Ok(())
}

/// The answer is seed 002's sample.
fn is_demo(answer: &str) -> Result<()> {
    let answer = answer
        .lines()
        .find(|line| line.starts_with('{'))
        .with_context(|| format!("no secret: {answer}"))?;
    let answer: serde_json::Value = serde_json::from_str(answer).context("reading the answer")?;
    ensure!(
        answer.get("SecretData").and_then(|data| data.as_str()) == Some(r#"{"k3":"v3"}"#),
        "it is another value: {answer}"
    );
    Ok(())
}
