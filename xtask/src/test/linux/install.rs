//! install.sh as one runs it: by root, traced, with the exports lost.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use kms_testkit::LeakCheck;

use super::{
    APPLICATION, NAME,
    root::{Root, UPLOADED},
};
use crate::test::Stage;

/// Everything that an installation may touch: kind, mode, owner, size, times to the nanosecond
/// (of the last change of any attribute, too), target of a link; then what is in the files.
const SNAPSHOT: &str = "\
    find /etc /root /tmp /usr/local /var /run -xdev \
      -printf '%p %y %m %u:%g %n %s %T@ %C@ %l\\n' | sort; \
    find /etc /root /tmp /usr/local /var /run -xdev -type f -exec sha256sum {} + | sort -k 2";

/// What `type_answers.py` types.
const TYPED: &str = "canary-typed-3f9a7c1e5b20";

/// What one types, sudo apart.
pub(super) fn traced() -> String {
    format!("cd {UPLOADED} && exec bash -x ./install.sh")
}

/// Installs, looks at what is there, installs again; then makes the application's user.
pub(super) fn check(stage: &mut Stage<'_>, root: &Root<'_>, canaries: &LeakCheck) -> Result<()> {
    let (status, trace) = stage.attempt(&mut root.shell(&traced()))?;
    ensure!(status.success(), "install.sh ended with {status}: {trace}");
    let traced = clean(&trace, canaries).and_then(|()| {
        ensure!(trace.contains("\n+ install_files\n"), "it was not traced");
        Ok(())
    });
    stage.check("install-traces-no-secret", traced);
    let installed = files_are_right(stage, root);
    stage.check("files-and-their-modes", installed);
    let again = changes_nothing(stage, root, canaries);
    stage.check("a-second-run-changes-nothing", again);
    let add = format!("useradd --user-group --no-create-home {APPLICATION}");
    stage.succeed(&mut root.shell(&add))?;
    Ok(())
}

/// With neither agent.env nor variables it asks, if there is somebody to ask.
pub(super) fn asked(stage: &mut Stage<'_>, root: &Root<'_>) -> Result<()> {
    let installed = root.path(&format!("/etc/{NAME}/agent.env"));
    fs::remove_file(&installed).context("removing the installed agent.env")?;
    fs::remove_file(root.path(UPLOADED).join("agent.env"))
        .context("removing the uploaded agent.env")?;
    let typing = stage.project.root.join("suite/python/type_answers.py");
    fs::copy(&typing, root.path("/tmp/type_answers.py")).context("copying a program")?;
    let (status, screen) = stage.attempt(&mut root.shell(&format!(
        "cd {UPLOADED} && exec /usr/bin/python3 /tmp/type_answers.py bash -x ./install.sh"
    )))?;
    ensure!(status.success(), "install.sh ended with {status}: {screen}");
    let typed = LeakCheck::default().with("what was typed", TYPED.as_bytes());
    clean(&screen, &typed)?;
    let text = fs::read_to_string(&installed).context("reading the installed agent.env")?;
    ensure!(
        text.contains("\nALIBABA_CLOUD_ACCESS_KEY_ID=LTAItyped\n")
            && text.contains(&format!("\nALIBABA_CLOUD_ACCESS_KEY_SECRET={TYPED}\n")),
        "agent.env holds something else"
    );
    let mode = stat(stage, root, &format!("/etc/{NAME}/agent.env"))?;
    ensure!(mode == "600 root:root", "agent.env is {mode}");
    Ok(())
}

fn files_are_right(stage: &mut Stage<'_>, root: &Root<'_>) -> Result<()> {
    for (path, wanted) in [
        (format!("/etc/{NAME}/agent.env"), "600 root:root"),
        (format!("/etc/{NAME}/config.toml"), "644 root:root"),
        (
            format!("/etc/systemd/system/{NAME}.service"),
            "644 root:root",
        ),
        (format!("/usr/local/bin/{NAME}"), "755 root:root"),
        (
            "/var/run/kmstoken".to_owned(),
            "640 alibabacloud-kms-agent:alibabacloud-kms-agent",
        ),
    ] {
        let found = stat(stage, root, &path)?;
        ensure!(found == wanted, "{path} is {found}, not {wanted}");
    }
    let token = stage.succeed(&mut root.shell("stat --format=%s /var/run/kmstoken"))?;
    ensure!(token.trim() == "64", "the token has {token} bytes");
    let enabled = stage.succeed(&mut root.shell(&format!("systemctl is-enabled {NAME}")))?;
    ensure!(enabled.trim() == "enabled", "the service is {enabled}");
    Ok(())
}

fn changes_nothing(stage: &mut Stage<'_>, root: &Root<'_>, canaries: &LeakCheck) -> Result<()> {
    let before = snapshot(root)?;
    let trace = stage.succeed(&mut root.shell(&traced()))?;
    clean(&trace, canaries)?;
    let after = snapshot(root)?;
    ensure!(before.lines().count() > 30, "the snapshot is empty");
    let changed: Vec<&str> = after
        .lines()
        .filter(|line| !before.lines().any(|before| before == *line))
        .collect();
    ensure!(changed.is_empty(), "changed: {}", changed.join("; "));
    ensure!(before == after, "something is gone");
    Ok(())
}

/// Not into the log: it is long.
fn snapshot(root: &Root<'_>) -> Result<String> {
    let output = root
        .shell(SNAPSHOT)
        .output()
        .context("looking at all files")?;
    ensure!(output.status.success(), "looking at all files failed");
    String::from_utf8(output.stdout).context("names of files")
}

fn stat(stage: &mut Stage<'_>, root: &Root<'_>, path: &str) -> Result<String> {
    let said = stage.succeed(&mut root.shell(&format!("stat --format='%a %U:%G' {path}")))?;
    Ok(said.trim().to_owned())
}

fn clean(text: &str, canaries: &LeakCheck) -> Result<()> {
    let found = canaries.find(text.as_bytes());
    ensure!(found.is_empty(), "the trace holds {}", found.join(", "));
    Ok(())
}
